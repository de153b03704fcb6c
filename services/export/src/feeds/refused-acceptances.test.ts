import type { FastifyRequest } from 'fastify';
import { expect, test } from 'vitest';
import { createRefusedAcceptances } from './refused-acceptances.ts';

const log = { info: () => undefined, error: () => undefined };
const from = (ip: string): FastifyRequest => ({ ip, log }) as unknown as FastifyRequest;
const REFUSAL = {
  attempt: {
    eventId: 'e',
    timeMs: 0,
    action: 'update',
    kind: 'feed',
    id: 'f',
    principal: { id: 'unknown', name: 'Unknown' },
  },
  problem: { statusCode: 403, code: 'FEED_INVITATION' },
  reason: 'unknown',
  tenants: [],
} as const;

test('guessing from many addresses does not flood the log, and how many were left out is said', async () => {
  const events: object[] = [];
  let nowMs = 0;
  const refusals = createRefusedAcceptances(
    (event) => Promise.resolve(void events.push(event)),
    () => nowMs,
  );
  for (let host = 0; host < 150; host++) await refusals.refused(from(`192.0.2.${host}`), REFUSAL);
  expect(events).toHaveLength(100);
  nowMs += 10_000;
  await refusals.refused(from('198.51.100.1'), REFUSAL);
  await refusals.refused(from('198.51.100.2'), REFUSAL);
  expect(events).toHaveLength(101);
  expect(events.at(-1)).toMatchObject({
    outcome: 'failure',
    attachments: [{ name: 'invitation', content: { reason: 'unknown', untold: 50 } }],
  });
});

test('a refusal is answered also where its event cannot be written, and an address may not go on for ever', async () => {
  const refusals = createRefusedAcceptances(
    () => Promise.reject(new Error('the stream is full')),
    () => 0,
  );
  for (let tries = 0; tries < 10; tries++) {
    refusals.admit(from('192.0.2.1'));
    await refusals.refused(from('192.0.2.1'), REFUSAL);
  }
  expect(() => refusals.admit(from('192.0.2.1'))).toThrow(
    expect.objectContaining({ code: 'AUTHENTICATION_THROTTLED' }),
  );
  refusals.admit(from('192.0.2.2'));
});
