import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeEventStream } from '../../../../test/contract/event-stream.ts';
import { createLmdbStream, type LmdbStream } from './lmdb-stream.ts';

describeEventStream('LMDB', async () => {
  const path = mkdtempSync(join(tmpdir(), 'cadf-lmdb-'));
  let aheadMs = 0;
  let last: LmdbStream | undefined;
  return {
    open({ maxPendingBytes, maxRecordBytes } = {}) {
      last = createLmdbStream({
        path,
        sweepIntervalMs: 0,
        now: () => Date.now() + aheadMs,
        ...(maxPendingBytes === undefined ? {} : { maxPendingBytes }),
        ...(maxRecordBytes === undefined ? {} : { maxRecordBytes }),
      });
      return last;
    },
    child: { kind: 'lmdb', path },
    shared: false,
    async age(_stream, ms) {
      aheadMs += ms;
      await last?.sweep();
    },
    async dispose() {
      rmSync(path, { recursive: true, force: true });
    },
  };
});
