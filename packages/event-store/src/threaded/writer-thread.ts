/** The thread that makes rows of records and inserts them, beside the one that answers requests. */
import { parentPort, workerData } from 'node:worker_threads';
import { createChdbStore } from '../chdb-store.ts';
import { StoreError } from '../errors.ts';
import type { Answer, Answered, Asked, Request, WriterThreadData } from './messages.ts';
import { unpackRecords } from './packed-records.ts';

// Only this package starts the thread, with this data.
const { options } = workerData as WriterThreadData;
const store = createChdbStore({ ...options, readers: 1 });

async function answer(request: Request): Promise<Answer> {
  switch (request.kind) {
    case 'own':
      await store.own(request.partitions);
      return { kind: 'done' };
    case 'nextOffsets':
      return { kind: 'offsets', next: await store.nextOffsets(request.partitions) };
    case 'insert': {
      const records = unpackRecords(request.records);
      const { stored, duplicates, unreadable } = await store.insert(records);
      return {
        kind: 'inserted',
        stored,
        duplicates,
        unreadable: unreadable.map(({ record, reason }) => ({ index: records.indexOf(record), reason })),
      };
    }
    case 'close':
      await store.close();
      return { kind: 'done' };
    case 'end':
      // Nothing listens any more, so that the thread ends by itself.
      parentPort?.close();
      return { kind: 'done' };
  }
}

function failure(error: unknown): Answer {
  return {
    kind: 'failed',
    code: error instanceof StoreError ? error.code : 'STORE_FAILED',
    message: error instanceof Error ? error.message : String(error),
  };
}

parentPort?.on('message', ({ id, request }: Asked) => {
  void answer(request)
    .catch(failure)
    .then((given) => {
      const answered: Answered = { id, answer: given };
      parentPort?.postMessage(answered);
    });
});
