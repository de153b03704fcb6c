import { expect, test } from 'vitest';
import { createRefusalLog } from './refusal-log.ts';

test('refusals are told at once, then counted, and told again after a while', () => {
  let nowMs = 0;
  const lines: object[] = [];
  const tell = createRefusalLog({ logger: { warn: (fields) => lines.push(fields) }, now: () => nowMs });
  for (const path of ['/a', '/b', '/c']) tell('192.0.2.7', path, 'why');
  nowMs = 10_000;
  tell('192.0.2.7', '/d', 'why');
  expect(lines).toEqual([
    { address: '192.0.2.7', path: '/a', told: 'why', count: 1 },
    { address: '192.0.2.7', path: '/d', told: 'why', count: 3 },
  ]);
});
