import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseCimDatetime } from './cim-datetime.ts';

test.each([
  ['20261121103000.250000+120', '2026-11-21T08:30:00.250Z', undefined],
  ['20261121103000.250000-330', '2026-11-21T16:00:00.250Z', undefined],
  ['20261121103000.******+000', '2026-11-21T10:30:00.000Z', undefined],
  ['202611211030**.******+000', '2026-11-21T10:30:00.000Z', 'time'],
  ['2026**********.******+000', '2026-01-01T00:00:00.000Z', 'time'],
  ['20261121103000.000000+***', '2026-11-21T10:30:00.000Z', 'zone'],
])('%s is %s', (text, iso, guessed) => {
  const time = parseCimDatetime(text);
  if (time === undefined || time === 'interval') throw new Error('no time');
  expect([new Date(time.epochMs).toISOString(), time.guessed]).toEqual([iso, guessed]);
});

test.each(['00001234112233.654321:000', '0000123411****.******:000'])('%s is a length of time', (text) => {
  expect(parseCimDatetime(text)).toBe('interval');
});

test.each([
  '',
  '20260230000000.000000+000',
  '20261121250000.000000+000',
  '20261121103000.000000',
  '20261121103000+120',
  '19600101000000.000000+000',
  '23500101000000.000000+000',
  '2026-11-21T10:30:00Z',
])('"%s" is no time', (text) => {
  expect(parseCimDatetime(text)).toBeUndefined();
});

test('a time written with any offset is that time', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 86_400_000, max: 4_102_444_800_000 }),
      fc.integer({ min: -720, max: 840 }),
      (epochMs, offset) => {
        const wall = new Date(epochMs + offset * 60_000).toISOString();
        const digits = wall.replaceAll(/[-:TZ]/g, '');
        const zone = `${offset < 0 ? '-' : '+'}${String(Math.abs(offset)).padStart(3, '0')}`;
        expect(parseCimDatetime(`${digits}000${zone}`)).toEqual({ epochMs });
      },
    ),
  );
});
