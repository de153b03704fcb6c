import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { loadSources, sourceFaults } from './source-registry.ts';

const GOOD = (id: string): string => `export const source = {
  id: '${id}',
  describe: { title: 'T', vendor: 'V', documents: ['D'], framings: ['lines'] },
  recognize: () => undefined,
  fields: { id: 'a' },
  rules: { b: 'c' },
  createNormalizer: () => ({ held: 0, push: () => [], flush: () => [] }),
};`;

async function folderWith(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'sources-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  for (const [name, text] of Object.entries(files)) {
    await mkdir(join(folder, name), { recursive: true });
    await writeFile(join(folder, name, 'source.ts'), text);
  }
  return folder;
}

test('the folders of the project are sources', async () => {
  const sources = await loadSources();
  expect(sources.all.length).toBeGreaterThan(0);
  for (const source of sources.all) expect(sources.get(source.id)).toBe(source);
  expect(sources.get('no-such-source')).toBeUndefined();
});

test('it loads every folder, sorted', async () => {
  const folder = await folderWith({ 'b-two': GOOD('b-two'), 'a-one': GOOD('a-one') });
  expect((await loadSources(folder)).all.map((source) => source.id)).toEqual(['a-one', 'b-two']);
});

test('a copied folder is refused, because its id is not its name', async () => {
  const folder = await folderWith({ first: GOOD('first') });
  await cp(join(folder, 'first'), join(folder, 'second'), { recursive: true });
  await expect(loadSources(folder)).rejects.toThrow('second: the id first is taken by another folder');
  await rm(join(folder, 'first'), { recursive: true });
  await expect(loadSources(folder)).rejects.toThrow('second: the source calls itself first');
});

test('a folder without a source, or with a broken one, is refused by name', async () => {
  const empty = await folderWith({});
  await mkdir(join(empty, 'nothing-here'));
  await expect(loadSources(empty)).rejects.toMatchObject({
    code: 'SOURCE_FOLDER_INVALID',
    message: /nothing-here/,
  });
  const wrong = await folderWith({ 'other-export': 'export const sauce = {};' });
  await expect(loadSources(wrong)).rejects.toThrow(/other-export.*no object named "source"/);
});

test('each missing part is told', () => {
  expect(
    sourceFaults({ id: 'Wrong Id', describe: { title: '', vendor: 'V', documents: [], framings: ['csv'] } }),
  ).toEqual([
    'id is not lower-case letters, digits and hyphens',
    'recognize is not a function',
    'createNormalizer is not a function',
    'fields is no table, or an empty one',
    'rules is no table, or an empty one',
    'describe.title is empty',
    'describe.documents names no document',
    'describe.framings names none, or other ones than lines, json, xml',
  ]);
  expect(sourceFaults(undefined)).toEqual(['it exports no object named "source"']);
});
