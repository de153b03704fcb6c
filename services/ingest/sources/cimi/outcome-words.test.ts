import { expect, test } from 'vitest';
import { isStopped, outcomeOfEvent, outcomeOfJob } from './outcome-words.ts';

test.each([
  ['QUEUED', 'pending', false],
  ['RUNNING', 'pending', false],
  ['STOPPING', 'pending', false],
  ['SUCCESS', 'success', false],
  ['Success', 'success', false],
  ['FAILED', 'failure', false],
  ['STOPPED', 'failure', true],
  ['CANCELLED', 'failure', true],
  ['CANCELED', 'failure', true],
  ['HALTED', 'unknown', false],
  [undefined, 'unknown', false],
  ['toString', 'unknown', false],
])('a job that is %s is %s', (state, outcome, stopped) => {
  expect(outcomeOfJob(state)).toBe(outcome);
  expect(isStopped(state)).toBe(stopped);
});

test.each([
  ['Success', 'success', 'success'],
  ['Failure', 'failure', 'failure'],
  ['Pending', 'pending', 'pending'],
  ['PENDING', 'pending', 'pending'],
  ['Unknown', 'unknown', 'unknown'],
  ['Warning', 'success', 'unknown'],
  ['Status', 'success', 'unknown'],
  ['true', 'success', 'success'],
  ['false', 'failure', 'failure'],
  ['Rejected', 'unknown', 'unknown'],
] as const)('the outcome %s is %s of an observation, %s of an activity', (word, seen, done) => {
  expect(outcomeOfEvent(word, 'monitor', 'success')).toBe(seen);
  expect(outcomeOfEvent(word, 'activity', 'unknown')).toBe(done);
});

test('a change that is told without a result, or as a status, is done', () => {
  expect(outcomeOfEvent(undefined, 'activity', 'success')).toBe('success');
  expect(outcomeOfEvent('Status', 'activity', 'success')).toBe('success');
});
