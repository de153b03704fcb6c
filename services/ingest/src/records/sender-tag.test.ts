import { validateEvent } from '@cadf-pipeline/cadf-model';
import { expect, test } from 'vitest';
import { createSourceEvents } from '../normalize/event-draft.ts';
import { exactTime } from '../normalize/event-time.ts';
import { event } from '../normalize/outcomes.ts';
import { service, unknownInitiator } from '../normalize/resources.ts';
import type { Outcome, RawRecord } from '../source.ts';
import { withSender } from './sender-tag.ts';

function outcomeOf(record: RawRecord): Outcome {
  const made = createSourceEvents('demo', 'https://example.org').make([record], {
    identity: ['1'],
    time: exactTime(1),
    action: 'start',
    outcome: 'success',
    initiator: unknownInitiator(),
    target: service('h', 'd'),
    observer: service('h', 'd'),
    name: 'start',
    operation: 'job-1',
  });
  return event('start', [record], made);
}

test('an event names the address its record came from, beside its other tags, and stays valid', () => {
  const outcome = withSender(outcomeOf({ text: 'x', receivedMs: 1, address: '2001:db8::7' }));
  if (outcome.kind !== 'event') throw new Error('an event');
  expect(outcome.event.tags).toEqual([
    '//demo/operation?value=job-1',
    '//record/sender?value=2001%3Adb8%3A%3A7',
  ]);
  expect(validateEvent(outcome.event, 'strict')).toEqual([]);
});

test('without an address, and for what is no event, nothing is changed', () => {
  const plain = outcomeOf({ text: 'x', receivedMs: 1 });
  expect(withSender(plain)).toBe(plain);
  const ignored: Outcome = {
    kind: 'ignored',
    rule: 'r',
    records: [{ text: 'x', receivedMs: 1, address: 'a' }],
  };
  expect(withSender(ignored)).toBe(ignored);
});
