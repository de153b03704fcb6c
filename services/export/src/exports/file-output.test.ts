import { mkdtempSync, rmSync } from 'node:fs';
import type * as promises from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test, vi } from 'vitest';
import { openFileOutput } from './file-output.ts';

/** A disk that is full: no test can count on having one. */
vi.mock('node:fs/promises', async (original) => {
  const real = await original<typeof promises>();
  const open: typeof real.open = async (...asked) => {
    const handle = await real.open(...asked);
    handle.write = () => Promise.reject(Object.assign(new Error('no space'), { code: 'ENOSPC' }));
    return handle;
  };
  return { ...real, open };
});

test('a disk that is full while nobody writes is told to who writes next, and is no fault of the process', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'file-output-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const unheard: unknown[] = [];
  const hear = (error: unknown): void => void unheard.push(error);
  process.on('unhandledRejection', hear);
  onTestFinished(() => void process.off('unhandledRejection', hear));
  for (const compression of ['gzip', 'zstd'] as const) {
    const path = join(directory, compression);
    const document = { id: 'x', timeMs: 0 };
    const output = await openFileOutput({
      kind: 'open',
      path,
      name: 'x',
      format: 'cadf-ndjson',
      compression,
      document,
    });
    const lines = Buffer.from('{"n":1}\n'.repeat(10));
    await output.write({ count: 10, lines, facts: () => [] });
    await sleep(50);
    await expect(output.end()).rejects.toThrow('no space');
  }
  expect(unheard).toEqual([]);
});
