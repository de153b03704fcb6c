import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { lockDirectory } from './directory-lock.ts';

function directory(): string {
  const path = mkdtempSync(join(tmpdir(), 'cadf-lock-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

function leave(path: string, owner: object, ageMs = 0): void {
  const file = join(path, 'owner.lock');
  writeFileSync(file, JSON.stringify(owner));
  const then = new Date(Date.now() - ageMs);
  utimesSync(file, then, then);
}

const taken = expect.objectContaining({ name: 'StreamError', code: 'STREAM_UNAVAILABLE' });

test('a directory has one owner at a time, also within a process', () => {
  const path = directory();
  const lock = lockDirectory(path);
  expect(() => lockDirectory(path)).toThrow(taken);
  expect(() => lockDirectory(path)).toThrow(new RegExp(`process ${process.pid} on `));
  lock.release();
  expect(readdirSync(path)).toEqual([]);
  lockDirectory(path).release();
});

test('a directory of a live process is refused, of one that was killed it is taken over', async () => {
  const path = directory();
  const program = `import { lockDirectory } from ${JSON.stringify(new URL('directory-lock.ts', import.meta.url).href)};
    lockDirectory(${JSON.stringify(path)}); setInterval(() => {}, 1000); process.stdout.write('locked');`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  await once(child.stdout, 'data');
  expect(() => lockDirectory(path)).toThrow(new RegExp(`in use by process ${child.pid} on `));
  child.kill('SIGKILL');
  await exited;
  const lock = lockDirectory(path);
  expect(readFileSync(join(path, 'owner.lock'), 'utf8')).toContain(`"pid":${process.pid}`);
  lock.release();
});

test.runIf(existsSync('/proc/self/stat'))(
  'a process id that now belongs to another process does not hold the directory',
  () => {
    const path = directory();
    leave(path, { pid: process.pid, host: hostname(), started: 'another-boot:1', nonce: 'x' });
    lockDirectory(path).release();
  },
);

test('an owner on another host holds the directory as long as it refreshes its lock', () => {
  const path = directory();
  leave(path, { pid: 1, host: 'another-host', started: '', nonce: 'x' }, 5_000);
  expect(() => lockDirectory(path)).toThrow(/in use by process 1 on another-host/);
  leave(path, { pid: 1, host: 'another-host', started: '', nonce: 'x' }, 60_000);
  lockDirectory(path).release();
});

test('a lock file that cannot be read is nobody’s', () => {
  const path = directory();
  writeFileSync(join(path, 'owner.lock'), '');
  lockDirectory(path).release();
});

test('an owner does not remove the lock of the one that took over', () => {
  const path = directory();
  const lock = lockDirectory(path);
  leave(path, { pid: 1, host: 'another-host', started: '', nonce: 'theirs' });
  lock.release();
  expect(readFileSync(join(path, 'owner.lock'), 'utf8')).toContain('theirs');
});
