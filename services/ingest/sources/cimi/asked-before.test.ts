import { expect, test } from 'vitest';
import { createAskedBefore } from './asked-before.ts';

const ADA = { id: 'cloud/user/ada', typeURI: 'data/security/account/user' };
const BOB = { id: 'cloud/user/bob', typeURI: 'data/security/account/user' };

test('who asked is told for the same action on the same resource, close in time', () => {
  const asked = createAskedBefore();
  asked.remember('start', 'machines/m1', ADA, 100_000);
  expect(asked.whoAsked('start/restart', 'machines/m1', 104_000)).toEqual(ADA);
  expect(asked.whoAsked('start', 'machines/m1', 106_000)).toBeUndefined();
  expect(asked.whoAsked('stop', 'machines/m1', 100_000)).toBeUndefined();
  expect(asked.whoAsked('start', 'machines/m2', 100_000)).toBeUndefined();
});

test('where two asked for the same, nobody is told', () => {
  const asked = createAskedBefore();
  asked.remember('start', 'machines/m1', ADA, 100_000);
  asked.remember('start', 'machines/m1', BOB, 101_000);
  asked.remember('start', 'machines/m1', BOB, 102_000);
  expect(asked.whoAsked('start', 'machines/m1', 102_000)).toBeUndefined();
});

test('what only reads is not remembered, and the rest is forgotten after a while of log time', () => {
  const asked = createAskedBefore();
  asked.remember('read/list', 'machines', ADA, 0);
  asked.remember('unknown', 'machines', ADA, 0);
  expect(asked.size).toBe(0);
  asked.remember('delete', 'machines/m1', ADA, 0);
  asked.remember('read', 'machines/m1', ADA, 900_001);
  expect(asked.size).toBe(0);
});
