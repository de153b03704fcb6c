import { TailEnded } from '@cadf-pipeline/event-tail';
import { expect, test } from 'vitest';
import type { ProgressRecord } from './progress-record.ts';
import { createRefusals } from './refusals.ts';

const FIRST: ProgressRecord = {
  generation: 1,
  place: { next: {} },
  state: 'active',
  resumed: 0,
  delivered: 0,
};
const refusal = new TailEnded('refused', 'It reads more rows than a query may.');

function start() {
  const logged: string[] = [];
  const log = (_: object, message: string): void => void logged.push(message);
  let current = FIRST;
  const kept = {
    get current() {
      return current;
    },
    set: (record: ProgressRecord) => void (current = record),
  };
  const logger = { info: log, warn: log, error: log };
  return { kept, logged, refusals: createRefusals({ id: 's', kept, logger, now: () => 1000 }) };
}

test('it is asked again ever more seldom, told once, and forgotten when it reads on', () => {
  const { kept, logged, refusals } = start();
  expect(refusals.over()).toBe(false);
  const waits = Array.from({ length: 12 }, () => refusals.refused(refusal));
  expect(waits.slice(0, 4)).toEqual([5000, 10_000, 20_000, 40_000]);
  expect(waits.at(-1)).toBe(900_000);
  expect(kept.current.refused).toEqual({
    sinceMs: 1000,
    reason: refusal.message,
    failures: 12,
    nextMs: 901_000,
  });
  expect(logged).toEqual(['the store refuses to read on for a subscription']);
  expect(refusals.over()).toBe(true);
  expect(kept.current).toEqual(FIRST);
  expect(logged).toHaveLength(2);
});

test('what is no refusal is none of its business', () => {
  const { kept, refusals } = start();
  for (const error of [new TailEnded('rights', 'gone'), new Error('broken')])
    expect(() => refusals.refused(error)).toThrow(error);
  expect(kept.current).toBe(FIRST);
});
