import type { Subscription } from '@cadf-pipeline/control-state';
import { expect, test } from 'vitest';
import { testSubscription } from '../delivery/delivery.test-support.ts';
import { askedEvents } from './asked-events.ts';
import { deliveryState } from './delivery-state.ts';
import type { DeliveryStateView } from './delivery-state.ts';
import type { DeliveryStatus } from './delivery-view.ts';

const NOW = Date.UTC(2026, 10, 1);
const MINUTE = 60_000;
const STATUS: DeliveryStatus = {
  generation: 1,
  resumed: 0,
  state: 'active',
  place: { next: new Map() },
  delivered: 3,
  writtenMs: NOW,
};

interface Told {
  readonly changes?: Partial<Subscription>;
  readonly status?: Partial<DeliveryStatus> | null;
  /** How long ago the definition was changed, ms. */
  readonly ageMs?: number;
  readonly refusal?: string;
}

function told({ ageMs = 0, changes = {}, refusal, status = {} }: Told): DeliveryStateView {
  const entity = testSubscription(changes);
  return deliveryState({
    subscription: { entity, version: 1, changedMs: NOW - ageMs, changedBy: 'x' },
    written: status === null ? undefined : { ...STATUS, ...status },
    rights: { refusalOf: () => refusal },
    question: askedEvents(entity)?.question,
    issue: () => 'cursor',
    nowMs: NOW,
  });
}

test.each<[string, Told, RegExp]>([
  ['its owner has no rights', { refusal: 'The key is gone.' }, /^The key is gone\.$/],
  ['its filter is of a later version', { changes: { filter: 'outcome ~~ 1' } }, /filter .* later version/],
  ['nobody has taken it up', { status: null, ageMs: MINUTE }, /taken it up/],
  ['nobody has begun its replay', { changes: { generation: 2 }, ageMs: MINUTE }, /taken it up/],
  ['nobody has resumed it', { changes: { resumed: 1 }, ageMs: MINUTE }, /taken it up/],
  [
    'who delivers it is silent',
    { status: { writtenMs: NOW - 6 * MINUTE }, ageMs: 9 * MINUTE },
    /Nothing was heard since 2026-10-31T23:54:00\.000Z/,
  ],
  [
    'a retry was due a while ago',
    { status: { writtenMs: NOW - 60 * MINUTE, nextAttemptMs: NOW - 6 * MINUTE }, ageMs: 90 * MINUTE },
    /Nothing was heard/,
  ],
  [
    'the store refuses to read on',
    { status: { refused: { sinceMs: NOW - 1, reason: 'Too many rows.', nextMs: NOW + 600_000 } } },
    /^Since .*: Too many rows\. It is tried again/,
  ],
])('it waits where %s, and says so', (_, facts, reason) => {
  expect(told(facts)).toMatchObject({ state: 'waiting', reason: expect.stringMatching(reason) });
});

test.each<[string, Told, DeliveryStateView['state']]>([
  ['was just made', { status: null, ageMs: 1000 }, 'active'],
  ['was just resumed', { changes: { resumed: 1 }, status: { state: 'parked' } }, 'active'],
  [
    'waits for a retry',
    { status: { writtenMs: NOW - 60 * MINUTE, nextAttemptMs: NOW + 1 }, ageMs: 90 * MINUTE },
    'active',
  ],
  ['was changed after a long silence', { status: { writtenMs: NOW - 60 * MINUTE } }, 'active'],
  ['is paused, whatever the rights', { changes: { paused: true }, refusal: 'gone' }, 'paused'],
  ['is parked', { status: { state: 'parked' }, refusal: 'gone' }, 'parked'],
])('no reason of one that %s', (_, facts, state) => {
  const view = told(facts);
  expect(view.state).toBe(state);
  expect(view).not.toHaveProperty('reason');
});

test.each<[string, Told, number | undefined]>([
  ['the oldest event in delivery', { status: { oldestMs: NOW - 1500, catchingUp: false } }, 1.5],
  ['the same, of one that is parked', { status: { oldestMs: NOW - 1500, state: 'parked' } }, 1.5],
  ['nothing', { status: { uptoMs: NOW - 1500, catchingUp: false } }, 0],
  ['what it delivered last, in the past', { status: { uptoMs: NOW - 1500, catchingUp: true } }, 1.5],
  ['nobody knows what, before the first delivery', { status: { catchingUp: true } }, undefined],
  ['nobody knows what, paused', { changes: { paused: true }, status: { catchingUp: false } }, undefined],
  ['nothing that came before a replay', { changes: { generation: 2 }, status: { oldestMs: 1 } }, undefined],
])('it is behind by %s', (_, facts, seconds) => {
  expect(told(facts).behindSeconds).toBe(seconds);
});

test('when the store is asked again is told', () => {
  const refused = { sinceMs: NOW - 1, reason: 'Too many rows.', nextMs: NOW + 1000 };
  expect(told({ status: { refused } }).nextAttempt).toBe('2026-11-01T00:00:01.000Z');
});
