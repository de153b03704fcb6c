import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createPathPattern } from './path-pattern.ts';
import { WildcardError } from './wildcard.ts';

async function folderWith(...paths: readonly string[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'pattern-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  for (const path of paths) {
    await mkdir(join(folder, dirname(path)), { recursive: true });
    await writeFile(join(folder, path), '');
  }
  return folder;
}

async function found(folder: string, pattern: string, limits = {}): Promise<string[]> {
  const { paths } = await createPathPattern(join(folder, pattern), limits).find();
  return paths.map((path) => relative(folder, path));
}

test('files that match are found in order, without what rotation and compression made of them', async () => {
  const older = ['a.log.1', 'a.log.2.gz', 'a-20261121.log'];
  const folder = await folderWith('b.log', 'a.log', 'a-1.log', 'c.log.1', 'd.txt', '.e.log', ...older);
  expect(await found(folder, '*')).toEqual(['a-1.log', 'a.log', 'b.log', 'c.log.1', 'd.txt']);
  expect(await found(folder, '*.log')).toEqual(['a-1.log', 'a.log', 'b.log']);
});

test('directories may be patterns too, and two stars stand for any of them, also none', async () => {
  const folder = await folderWith('x/a.log', 'y/a.log', 'y/z/w/a.log', 'a.log', '.hidden/a.log');
  expect(await found(folder, '?/a.log')).toEqual(['x/a.log', 'y/a.log']);
  expect(await found(folder, '**/a.log')).toEqual(['a.log', 'x/a.log', 'y/a.log', 'y/z/w/a.log']);
  expect(await found(folder, '**/a.log', { maxDepth: 1 })).toEqual(['a.log', 'x/a.log', 'y/a.log']);
});

test('a link in a circle does not keep it from ending, and a directory that is not there has no files', async () => {
  const folder = await folderWith('x/a.log');
  await symlink('.', join(folder, 'x', 'again'));
  expect(await found(folder, '**/a.log')).toEqual(['x/a.log']);
  expect(await found(folder, 'nowhere/*.log')).toEqual([]);
});

test('a search that looks at too much says so', async () => {
  const folder = await folderWith('a', 'b', 'c');
  const { paths, trouble } = await createPathPattern(join(folder, '*'), { maxEntries: 2 }).find();
  expect(paths).toHaveLength(2);
  expect(trouble).toContain('more than 2 entries');
});

test('a path without wildcards is itself, whether it is there or not', async () => {
  const pattern = createPathPattern('/var/log/no such file');
  expect(pattern.isPattern).toBe(false);
  expect(await pattern.find()).toEqual({ paths: ['/var/log/no such file'] });
  expect(createPathPattern('/var/log/*/x').base).toBe('/var/log');
});

test('two stars stand once, and not for files', () => {
  expect(() => createPathPattern('/a/**/b/**/c')).toThrow(WildcardError);
  expect(() => createPathPattern('/a/**')).toThrow(WildcardError);
});
