import { validateEvent } from '@cadf-pipeline/cadf-model';
import { expect, test } from 'vitest';
import { jobGoneEvent, recoveryEvent, troubleEvent } from './own-events.ts';

const trouble = {
  source: 'a',
  name: 'Cloud A',
  code: 'CIMI_TIMEOUT',
  detail: '/cimi/ was not answered',
  beganMs: 1000,
};
const gone = { source: 'a', job: 'https://a.example/jobs/1', state: 'RUNNING', seenMs: 1000, goneMs: 2000 };

test('what the collector tells is valid, and the same whenever the same is told', () => {
  const events = [troubleEvent(trouble), recoveryEvent(trouble, 5000), jobGoneEvent(gone)];
  for (const event of events) expect(validateEvent(event, 'strict')).toEqual([]);
  expect([troubleEvent(trouble), recoveryEvent(trouble, 5000), jobGoneEvent(gone)]).toEqual(events);
  const others = [
    troubleEvent({ ...trouble, beganMs: 1001 }),
    troubleEvent({ ...trouble, code: 'CIMI_GONE' }),
    troubleEvent({ ...trouble, source: 'b' }),
    jobGoneEvent({ ...gone, job: 'https://a.example/jobs/2' }),
    jobGoneEvent({ ...gone, source: 'b' }),
  ];
  expect(new Set([...events, ...others].map(({ id }) => id)).size).toBe(8);
});

test('words of a provider of any length and kind make valid events', () => {
  const words = `\u0000\ud800 ${'x'.repeat(10_000)}`;
  expect(validateEvent(troubleEvent({ ...trouble, detail: words }), 'strict')).toEqual([]);
  expect(
    validateEvent(jobGoneEvent({ ...gone, state: words, job: `https://a.example/${words}` }), 'strict'),
  ).toEqual([]);
});
