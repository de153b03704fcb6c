/**
 * The embedded store with its writing in a thread of its own: making rows of records takes as much time as taking them
 * in, and in one thread each would wait for the other. Reading stays in the calling thread; both share the engine.
 */
import { Worker } from 'node:worker_threads';
import { createChdbStore } from '../chdb-store.ts';
import type { ChdbStoreOptions } from '../chdb-store.ts';
import { StoreError } from '../errors.ts';
import type { EventStore } from '../interface.ts';
import type { Answer, Answered, Asked, Request } from './messages.ts';
import { packRecords, transferables } from './packed-records.ts';

const THREAD = new URL('./writer-thread.ts', import.meta.url);

/** As `createChdbStore`; the thread starts with the first call that writes. */
export function createThreadedChdbStore(options: ChdbStoreOptions): EventStore {
  const waiting = new Map<number, (answer: Answer) => void>();
  let thread: Worker | undefined;
  let ended: Promise<unknown> = Promise.resolve();
  let lost: string | undefined;
  let lastId = 0;
  let closed = false;
  let ending = false;
  const store = createChdbStore(options, {
    async close() {
      if (thread !== undefined) await ask({ kind: 'close' });
    },
    lost: () => lost,
  });

  function start(): Worker {
    const worker = new Worker(THREAD, { workerData: { options } });
    const fail = (message: string): void => {
      if (!ending) lost ??= message;
      for (const settle of waiting.values()) settle({ kind: 'failed', code: 'STORE_FAILED', message });
      waiting.clear();
    };
    worker.on('message', ({ id, answer }: Answered) => {
      waiting.get(id)?.(answer);
      waiting.delete(id);
    });
    const hint = 'Start the process again; what was acknowledged is safe.';
    worker.on('error', (error) =>
      fail(`The writing thread of the event store broke: ${String(error)}. ${hint}`),
    );
    ended = new Promise((resolve) => {
      worker.on('exit', () => {
        fail(`The writing thread of the event store ended. ${hint}`);
        resolve(undefined);
      });
    });
    return worker;
  }

  async function ask(request: Request, transfer: ArrayBuffer[] = []): Promise<Answer> {
    if (closed && request.kind !== 'close') throw new StoreError('STORE_CLOSED', 'the store is closed');
    if (lost !== undefined) throw new StoreError('STORE_FAILED', lost);
    thread ??= start();
    const worker = thread;
    const id = ++lastId;
    const asked: Asked = { id, request };
    const answer = await new Promise<Answer>((settle) => {
      waiting.set(id, settle);
      worker.postMessage(asked, transfer);
    });
    if (answer.kind === 'failed') throw new StoreError(answer.code, answer.message);
    return answer;
  }

  return {
    ...store,
    async own(partitions) {
      await ask({ kind: 'own', partitions });
    },
    async nextOffsets(partitions) {
      const answer = await ask({ kind: 'nextOffsets', partitions });
      return answer.kind === 'offsets' ? answer.next : new Map();
    },
    async insert(records) {
      const packed = packRecords(records);
      const answer = await ask({ kind: 'insert', records: packed }, transferables(packed));
      if (answer.kind !== 'inserted')
        throw new StoreError('STORE_FAILED', 'the writing thread gave no answer');
      return {
        stored: answer.stored,
        duplicates: answer.duplicates,
        unreadable: answer.unreadable.flatMap(({ index, reason }) => {
          const record = records[index];
          return record === undefined ? [] : [{ record, reason }];
        }),
      };
    },
    async close() {
      if (closed) return;
      closed = true;
      try {
        await store.close();
      } finally {
        ending = true;
        const end: Asked = { id: ++lastId, request: { kind: 'end' } };
        thread?.postMessage(end);
        await ended;
      }
    },
  };
}
