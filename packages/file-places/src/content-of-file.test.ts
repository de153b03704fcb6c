import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { createGuardedHttp } from '@cadf-pipeline/guarded-http';
import { contentOfFile } from './content-of-file.ts';

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'cadf-content-'));
  onTestFinished(() => rmSync(path, { recursive: true }));
  return path;
}

/** How often this process has the file open (Linux). */
function opened(path: string): number {
  return readdirSync('/proc/self/fd').filter((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`) === path;
    } catch {
      return false;
    }
  }).length;
}

test('a file is read whole, and one that is gone fails whoever reads it', async () => {
  const path = join(folder(), 'file');
  const bytes = randomBytes(700_001);
  writeFileSync(path, bytes);
  expect((await buffer(contentOfFile(path))).equals(bytes)).toBe(true);
  await expect(buffer(contentOfFile(`${path}.gone`))).rejects.toMatchObject({ code: 'ENOENT' });
});

test.runIf(process.platform === 'linux')(
  'what nobody comes to read, or not to its end, holds no file open and ends no process',
  async () => {
    const path = join(folder(), 'file');
    writeFileSync(path, Buffer.alloc(1_000_000));
    const http = createGuardedHttp({ rules: { allowPrivate: true } });
    onTestFinished(() => http.close());
    for (const name of [path, `${path}.gone`]) {
      // Nothing listens there.
      const url = new URL('http://127.0.0.1:1/');
      const request = { method: 'PUT', url, deadlineMs: 5000, maxBytes: 1000 } as const;
      await expect(http.fetch({ ...request, body: contentOfFile(name) })).rejects.toThrow('Nothing listens');
    }
    for await (const part of contentOfFile(path)) {
      expect([part.length, opened(path)]).toEqual([256 * 1024, 1]);
      break;
    }
    // What is destroyed is closed a moment later.
    await expect.poll(() => opened(path)).toBe(0);
  },
);
