import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readJsonFacts } from './json-facts.ts';

test('names with dots are paths, and values may begin without a capital', () => {
  const { facts, data } = readJsonFacts({
    'winlog.event_id': 18500,
    'winlog.user_data.VmName': 'web',
    win: { eventdata: { vmId: 'A' } },
  });
  expect(facts.get('eventId')).toBe('18500');
  expect([...data]).toEqual([
    ['VmName', 'web'],
    ['VmId', 'A'],
  ]);
});

test('the surest place tells a fact, wherever it stands; empty texts tell nothing', () => {
  const { facts } = readJsonFacts({
    Id: '1',
    event: { code: '2' },
    winlog: { event_id: '3', channel: '' },
    Channel: 'c',
  });
  expect(facts.get('eventId')).toBe('3');
  expect(facts.get('channel')).toBe('c');
});

test('any JSON is read within the bounds', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(readJsonFacts(value).data.size).toBeLessThanOrEqual(1024);
    }),
    { numRuns: 100 },
  );
  const wide = Object.fromEntries(Array.from({ length: 5000 }, (_, index) => [`Vm${index}`, index]));
  expect(readJsonFacts(wide).data.size).toBe(1024);
});
