import { expect, test } from 'vitest';

import { createHealth } from './health.ts';

test('it is ready when every check is, and says of each why not', async () => {
  const health = createHealth({
    cacheMs: 0,
    timeoutMs: 5,
    checks: {
      good: () => ({ ok: true, reason: '' }),
      bad: () => Promise.resolve({ ok: false, reason: 'disk full' }),
      throws: () => {
        throw new Error('no route');
      },
      hangs: () => new Promise(() => undefined),
    },
  });
  expect(await health.readiness()).toEqual({
    status: 'not-ready',
    checks: {
      good: { ok: true, reason: '' },
      bad: { ok: false, reason: 'disk full' },
      throws: { ok: false, reason: 'no route' },
      hangs: { ok: false, reason: 'no answer within 5 ms' },
    },
  });
});

test('checks run once within the time a result holds, however often they are asked', async () => {
  let nowMs = 0;
  let runs = 0;
  const health = createHealth({
    now: () => nowMs,
    cacheMs: 500,
    checks: { counted: () => ({ ok: ++runs > 1, reason: 'first' }) },
  });
  const answers = await Promise.all([health.readiness(), health.readiness()]);
  nowMs = 499;
  await health.readiness();
  expect([runs, answers.map((answer) => answer.status)]).toEqual([1, ['not-ready', 'not-ready']]);
  nowMs = 500;
  expect((await health.readiness()).status).toBe('ready');
});

test('once shutting down it is never ready again, at once and without a new check', async () => {
  const health = createHealth({ checks: { good: () => ({ ok: true, reason: '' }) } });
  expect((await health.readiness()).status).toBe('ready');
  health.shutDown();
  expect((await health.readiness()).status).toBe('shutting-down');
});
