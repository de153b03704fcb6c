import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import { filePlaceSuite, namesOf, readAll } from '../../../../test/contract/file-place.ts';
import type { PlaceUnderTest } from '../../../../test/contract/file-place.ts';
import { createDirectoryPlace, faultOfDirectory } from './directory-place.ts';
import { listFolder } from './list-folder.ts';
import { openRoot } from './open-folder.ts';

function makeRoot(): string {
  const root = mkdtempSync(join(tmpdir(), 'cadf-places-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  return root;
}

function fill(path: string, names: readonly string[]): void {
  for (const name of names) {
    mkdirSync(dirname(join(path, name)), { recursive: true });
    writeFileSync(join(path, name), name);
  }
}

describe.each([
  ['by descriptors', true],
  ['by paths', false],
])('a directory, %s', (_, byDescriptor) => {
  filePlaceSuite(async (): Promise<PlaceUnderTest> => {
    const root = makeRoot();
    const path = join(root, 'exports', 'acme');
    mkdirSync(path, { recursive: true });
    return {
      place: createDirectoryPlace({ path, roots: [root], byDescriptor }),
      fill: async (names) => fill(path, names),
      leftovers: async () => (existsSync(join(path, '.partial')) ? readdirSync(join(path, '.partial')) : []),
    };
  });

  test('links are not followed, wherever they are', async () => {
    const root = makeRoot();
    const outside = makeRoot();
    fill(outside, ['secret', 'folder/secret']);
    fill(root, ['place/real']);
    symlinkSync(outside, join(root, 'linked'));
    symlinkSync(outside, join(root, 'place', 'folder'));
    symlinkSync(join(outside, 'secret'), join(root, 'place', 'file'));
    const refused = { fault: 'refused' };
    const whole = createDirectoryPlace({ path: join(root, 'linked'), roots: [root], byDescriptor });
    await expect(whole.check()).rejects.toMatchObject(refused);
    await expect(whole.check({ write: true })).rejects.toMatchObject(refused);
    await expect(namesOf(whole)).rejects.toMatchObject(refused);
    await expect(whole.put('a', [Buffer.from('x')])).rejects.toMatchObject(refused);
    const place = createDirectoryPlace({ path: join(root, 'place'), roots: [root], byDescriptor });
    const leftOut: string[] = [];
    expect(await namesOf(place, { leftOut: (name, why) => leftOut.push(`${name} ${why}`) })).toEqual([
      'real',
    ]);
    expect(leftOut.toSorted()).toEqual(['file is a symbolic link', 'folder is a symbolic link']);
    await expect(readAll(place, 'file')).rejects.toMatchObject(refused);
    await expect(readAll(place, 'folder/secret')).rejects.toMatchObject(refused);
    await expect(place.put('folder/new', [Buffer.from('x')])).rejects.toMatchObject(refused);
    await expect(place.remove('folder/secret')).rejects.toMatchObject(refused);
    await place.remove('file');
    // In the place of a link, not of what it leads to.
    await place.put('file', [Buffer.from('new')]);
    expect(readFileSync(join(outside, 'secret'), 'utf8')).toBe('secret');
    expect(readdirSync(outside).toSorted()).toEqual(['folder', 'secret']);
    expect((await readAll(place, 'file')).toString()).toBe('new');
  });
});

test.runIf(existsSync('/proc/self/fd'))(
  'nobody gets out with a link that is put in the way at the right moment',
  async () => {
    const root = makeRoot();
    const outside = makeRoot();
    const path = join(root, 'place');
    fill(path, ['folder/file']);
    writeFileSync(join(path, 'folder/file'), 'ours');
    fill(outside, ['file']);
    symlinkSync(outside, join(root, 'link'));
    writeFileSync(join(outside, 'file'), 'SECRET');
    const place = createDirectoryPlace({ path, roots: [root] });
    let done = false;
    let turns = 0;
    const move = (from: string, to: string): void => {
      try {
        renameSync(from, to);
      } catch {
        // A put made the folder anew in that moment.
        rmSync(to, { recursive: true });
        renameSync(from, to);
      }
    };
    const swapping = (async () => {
      while (!done) {
        move(join(path, 'folder'), join(root, 'aside'));
        move(join(root, 'link'), join(path, 'folder'));
        await nextTurn();
        move(join(path, 'folder'), join(root, 'link'));
        move(join(root, 'aside'), join(path, 'folder'));
        turns += 1;
        await nextTurn();
      }
    })();
    const seen = new Set<string>();
    const end = Date.now() + 1000;
    while (Date.now() < end) {
      seen.add(
        await place.put('folder/file', [Buffer.from('ours')]).then(
          () => 'put',
          () => 'not put',
        ),
      );
      seen.add(await readAll(place, 'folder/file').then(String, () => 'not read'));
      await namesOf(place).catch(() => undefined);
      await place.remove('folder/file').catch(() => undefined);
    }
    done = true;
    await swapping;
    expect(readdirSync(outside)).toEqual(['file']);
    expect(readFileSync(join(outside, 'file'), 'utf8')).toBe('SECRET');
    expect([...seen].toSorted()).toEqual(['not put', 'not read', 'ours', 'put']);
    expect(turns).toBeGreaterThan(10);
  },
);

test('only below the roots that were named', () => {
  const roots = ['/exports', '/data/audit'];
  for (const path of ['/exports', '/exports/', '/exports/a/b', '/exports/a/../b', '/data/audit/x'])
    expect(faultOfDirectory(path, roots)).toBeUndefined();
  for (const path of [
    '',
    'exports',
    './exports',
    '/',
    '/export',
    '/exports2',
    '/exports/../etc',
    '/data',
    '/exports/.hidden',
    '/exports/a\0',
  ])
    expect(faultOfDirectory(path, roots)).toMatch(/\.$/);
  expect(faultOfDirectory('/exports', [])).toContain('administrator');
  expect(() => createDirectoryPlace({ path: '/etc', roots })).toThrow(
    expect.objectContaining({ fault: 'refused' }),
  );
});

test('of a process that is killed in the middle nothing is seen, and its leavings go after a day', async () => {
  const root = makeRoot();
  const script = join(dirname(fileURLToPath(import.meta.url)), 'put-until-killed.test-support.ts');
  const child = spawn(process.execPath, [script, root], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
  const [left = ''] = readdirSync(join(root, '.partial'));
  expect(left).not.toBe('');
  expect(readdirSync(root)).toEqual(['.partial']);
  const names: string[] = [];
  const open = () => createDirectoryPlace({ path: root, roots: [root] });
  expect(await namesOf(open(), { leftOut: (name) => names.push(name) })).toEqual([]);
  expect(names).toEqual([]);
  await open().put('next', [Buffer.from('x')]);
  expect(readdirSync(join(root, '.partial'))).toEqual([left]);
  utimesSync(join(root, '.partial', left), new Date(0), new Date(0));
  await open().put('next', [Buffer.from('x')]);
  expect(readdirSync(join(root, '.partial'))).toEqual([]);
});

test('a folder with more names than are held at a time is listed whole and in order', async () => {
  const root = makeRoot();
  const names = Array.from({ length: 57 }, (_, n) => (n % 5 === 0 ? `f${n}/x` : `f${n}`));
  fill(root, names);
  const folder = await openRoot(root);
  onTestFinished(() => folder.close());
  const listed: string[] = [];
  for await (const { name } of listFolder(folder, '', {}, 4)) listed.push(name);
  expect(listed).toEqual(names.toSorted());
});

test('names are ordered by bytes, not by UTF-16', async () => {
  const root = makeRoot();
  fill(root, ['😀', 'ﬀ', 'z']);
  expect(await namesOf(createDirectoryPlace({ path: root, roots: [root] }))).toEqual(['z', 'ﬀ', '😀']);
});

test('what is in the way is told', async () => {
  const root = makeRoot();
  const place = createDirectoryPlace({ path: join(root, 'a'), roots: [root] });
  await expect(place.check()).rejects.toMatchObject({ fault: 'no-place' });
  await expect(namesOf(place)).rejects.toMatchObject({ fault: 'no-place' });
  await place.put('folder/file', [Buffer.from('x')]);
  await expect(place.put('folder', [Buffer.from('x')])).rejects.toMatchObject({ fault: 'name' });
  await expect(place.put('folder/file/inner', [Buffer.from('x')])).rejects.toMatchObject({
    fault: 'refused',
  });
  execFileSync('mkfifo', [join(root, 'a', 'pipe')]);
  await expect(readAll(place, 'pipe')).rejects.toMatchObject({ fault: 'not-found' });
  const missing = createDirectoryPlace({ path: join(root, 'none', 'a'), roots: [join(root, 'none')] });
  await expect(missing.check({ write: true })).rejects.toMatchObject({ fault: 'no-place' });
  await expect(missing.put('a', [])).rejects.toMatchObject({ fault: 'no-place' });
});
