import { expect, test } from 'vitest';
import type { Kept } from '@cadf-pipeline/shared-work';
import type { ProgressRecord } from './progress-record.ts';
import { startProgress } from './start-progress.ts';

const subscription = { generation: 2, resumed: 1, start: { next: { 0: 7 } } };
const facts = { subscription, question: 'q', target: 't', nowMs: 1000 };
const inFlight = {
  id: 'msg_1',
  upto: { next: { 0: 12 } },
  question: 'q',
  target: 't',
  mark: 'm',
  attempt: 3,
  failures: 2,
  firstAttemptMs: 10,
  nextAttemptMs: 5000,
  events: 2,
  bytes: 9,
  oldestMs: 5,
};
const said: ProgressRecord = {
  generation: 2,
  place: { next: { 0: 10 } },
  inFlight,
  state: 'active',
  resumed: 1,
  delivered: 3,
};
const before: Kept<ProgressRecord> = { ...said, epoch: 4, owner: 'other', writtenMs: 9 };

test('the first owner begins where the definition says', () => {
  expect(startProgress({ ...facts, before: undefined })).toEqual({
    generation: 2,
    place: { next: { 0: 7 } },
    state: 'active',
    resumed: 1,
    delivered: 0,
  });
});

test('the next one goes on with the batch in flight, as another attempt, when it is due', () => {
  const record = startProgress({ ...facts, before });
  expect(record).toEqual({
    ...said,
    inFlight: { ...inFlight, attempt: 4 },
  });
});

test('a replay forgets what was in flight', () => {
  const record = startProgress({ ...facts, before: { ...before, generation: 1 } });
  expect(record).toMatchObject({ generation: 2, place: { next: { 0: 7 } }, delivered: 0 });
  expect(record?.inFlight).toBeUndefined();
});

test('progress of a newer definition than this process knows is let be', () => {
  expect(startProgress({ ...facts, before: { ...before, generation: 3 } })).toBeUndefined();
});

test('what is parked or has ended rests until it is resumed, and then has the whole schedule before it', () => {
  for (const state of ['parked', 'ended'] as const) {
    expect(startProgress({ ...facts, before: { ...before, state } })).toBeUndefined();
    const { nextAttemptMs: _, ...now } = inFlight;
    expect(startProgress({ ...facts, before: { ...before, state, resumed: 0 } })).toMatchObject({
      state: 'active',
      resumed: 1,
      inFlight: { ...now, attempt: 4, failures: 0, firstAttemptMs: 1000 },
    });
  }
});

test('another question makes the batch anew; another receiver is tried at once and without the mark', () => {
  expect(startProgress({ ...facts, before, question: 'other' })?.inFlight).toBeUndefined();
  const { mark: _mark, nextAttemptMs: _next, ...kept } = inFlight;
  expect(startProgress({ ...facts, before, target: 'other' })?.inFlight).toEqual({
    ...kept,
    target: 'other',
    attempt: 4,
  });
});
