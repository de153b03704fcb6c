import { StoreError } from '@cadf-pipeline/event-store';
import { TailEnded } from '@cadf-pipeline/event-tail';
import type { EventTail } from '@cadf-pipeline/event-tail';
import { createLogger } from '@cadf-pipeline/service-kit';
import type { Principal } from '@cadf-pipeline/service-kit';
import { expect, test } from 'vitest';
import { createLiveStreams } from './live-streams.ts';

const principal: Principal = { kind: 'key', id: 'k', name: 'k', roles: new Set(['query']), tenants: '*' };

/** What a reader is told at the end where the tail fails so. */
async function endAfter(fault: Error): Promise<unknown> {
  const fail = () => {
    throw fault;
  };
  const tail: EventTail = { follow: fail, now: fail, since: fail, stored: fail, close: fail };
  const streams = createLiveStreams({
    tail,
    logger: createLogger({ name: 'test', level: 'silent' }),
    metrics: { liveSent: () => undefined, setLiveReaders: () => undefined },
    heartbeatMs: 60_000,
  });
  let end = '';
  await streams.serve({
    question: { asked: {}, from: undefined, cursorOf: () => 'cursor' },
    start: { next: new Map() },
    credential: { id: 'k', verify: () => Promise.resolve(principal) },
    principal,
    open: () => ({
      send: () => undefined,
      full: false,
      taken: () => Promise.resolve(),
      end: (text) => (end = text),
    }),
  });
  streams.close();
  expect(end).toMatch(/^event: end$/m);
  const [, data = ''] = /^data: (.*)$/m.exec(end) ?? [];
  return JSON.parse(data);
}

test('a reader whose past the store refuses to read is told which limit it is, and that it stays', async () => {
  const cause = new StoreError('STORE_LIMIT_ROWS', 'It reads more rows than a query may.');
  expect(await endAfter(new TailEnded('refused', cause.message, { cause }))).toEqual({
    code: 'STORE_LIMIT_ROWS',
    detail: 'It reads more rows than a query may.',
    retryable: false,
  });
});

test.each([
  ['SHUTTING_DOWN', new TailEnded('closed', 'the process stops')],
  ['UNAUTHENTICATED', new TailEnded('rights', 'gone')],
  ['INTERNAL', new Error('broken')],
])('a reader is told %s', async (code, fault) => {
  expect(await endAfter(fault)).toMatchObject({ code });
});
