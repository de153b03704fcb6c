import type { CadfEvent } from '@cadf-pipeline/cadf-model';
import { expect, test } from 'vitest';
import type { RawRecord } from '../source.ts';
import { createIgnoring, deadLetter, event } from './outcomes.ts';

const records: RawRecord[] = [{ text: 'x', receivedMs: 1 }];
const made = { id: 'a' } as CadfEvent;

function kept(keep: string | undefined, rule: string, make?: () => CadfEvent): string {
  const options = keep === undefined ? {} : { keep };
  return createIgnoring({ sourceName: 's', options }).ignored(rule, records, make).kind;
}

test('noise is ignored, unless the setting names its rule and there is an event to make', () => {
  const make = (): CadfEvent => made;
  expect(kept(undefined, 'noise', make)).toBe('ignored');
  expect(kept('', 'noise', make)).toBe('ignored');
  expect(kept('noise', 'noise', make)).toBe('event');
  expect(kept('other, noise ,x', 'noise', make)).toBe('event');
  expect(kept('noises', 'noise', make)).toBe('ignored');
  expect(kept('all', 'noise', make)).toBe('event');
  expect(kept('all', 'noise')).toBe('ignored');
});

test('the three ends carry the records they are about', () => {
  expect(event('rule', records, made)).toEqual({ kind: 'event', rule: 'rule', records, event: made });
  expect(deadLetter(records, 'X_BROKEN', 'why')).toEqual({
    kind: 'dead-letter',
    code: 'X_BROKEN',
    detail: 'why',
    records,
  });
  expect(createIgnoring({ sourceName: 's' }).ignored('noise', records)).toEqual({
    kind: 'ignored',
    rule: 'noise',
    records,
  });
});
