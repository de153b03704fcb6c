import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatTimestamp, parseTimestamp, timestampMs, toStrictTimestamp } from './timestamp.ts';

const readable: readonly (readonly [text: string, iso: string, form: string, strict: string])[] = [
  ['2026-01-02T03:04:05+00:00', '2026-01-02T03:04:05.000Z', 'strict', '2026-01-02T03:04:05+00:00'],
  [
    '2026-01-02T03:04:05.123456-05:30',
    '2026-01-02T08:34:05.123Z',
    'strict',
    '2026-01-02T03:04:05.123456-05:30',
  ],
  ['2026-01-02T03:04:05-00:00', '2026-01-02T03:04:05.000Z', 'strict', '2026-01-02T03:04:05-00:00'],
  [
    '2026-01-02T03:04:05.1+0000',
    '2026-01-02T03:04:05.100Z',
    'offset-without-colon',
    '2026-01-02T03:04:05.1+00:00',
  ],
  [
    '2026-01-02T03:04:05.987654321Z',
    '2026-01-02T03:04:05.987Z',
    'zulu',
    '2026-01-02T03:04:05.987654321+00:00',
  ],
  ['2026-01-02T03:04:05.123456', '2026-01-02T03:04:05.123Z', 'no-zone', '2026-01-02T03:04:05.123456+00:00'],
  ['2026-01-02T03:04:05.+0200', '2026-01-02T01:04:05.000Z', 'loose', '2026-01-02T03:04:05+02:00'],
  ['2026-01-02T03:04:05 UTC', '2026-01-02T03:04:05.000Z', 'loose', '2026-01-02T03:04:05+00:00'],
  ['2026-01-02T03:04:05.5 UTC', '2026-01-02T03:04:05.500Z', 'loose', '2026-01-02T03:04:05.5+00:00'],
  ['2026-01-02 03:04:05.123456', '2026-01-02T03:04:05.123Z', 'loose', '2026-01-02T03:04:05.123456+00:00'],
  ['2026-01-02T03:04:05,250+01', '2026-01-02T02:04:05.250Z', 'loose', '2026-01-02T03:04:05.250+01:00'],
  [' 2026-01-02t03:04:05z ', '2026-01-02T03:04:05.000Z', 'loose', '2026-01-02T03:04:05+00:00'],
  ['2024-02-29T24:00:00+00:00', '2024-03-01T00:00:00.000Z', 'strict', '2024-02-29T24:00:00+00:00'],
  ['0001-01-01T00:00:00+14:00', '0000-12-31T10:00:00.000Z', 'strict', '0001-01-01T00:00:00+14:00'],
];

test.each(readable)('%s is read, and told apart by its form', (text, iso, form, strict) => {
  const parsed = parseTimestamp(text);
  expect(new Date(parsed?.epochMs ?? Number.NaN).toISOString()).toBe(iso.replace(/^0000/, '0000'));
  expect(parsed?.form).toBe(form);
  expect(toStrictTimestamp(text)).toBe(strict);
  expect(parseTimestamp(strict)?.form).toBe('strict');
  expect(timestampMs(text)).toBe(parsed?.epochMs);
});

const unreadable = [
  '',
  'now',
  '2026-01-02',
  '2026-02-29T00:00:00+00:00',
  '2100-02-29T00:00:00+00:00',
  '2026-04-31T00:00:00+00:00',
  '2026-13-01T00:00:00+00:00',
  '2026-00-01T00:00:00+00:00',
  '2026-01-00T00:00:00+00:00',
  '2026-01-02T24:00:01+00:00',
  '2026-01-02T25:00:00+00:00',
  '2026-01-02T03:60:05+00:00',
  '2026-01-02T03:04:61+00:00',
  '2026-01-02T03:04:05+14:01',
  '2026-01-02T03:04:05+00:60',
  '2026-01-02T03:04:05+0',
  '2026-01-02T03:04:05 CET',
  '2026-01-02T03:04:05.1234Zjunk',
  '2026-1-02T03:04:05+00:00',
  '20260102T030405+0000000000',
  '-026-01-02T03:04:05+00:00',
  `2026-01-02T03:04:05.${'1'.repeat(60)}+00:00`,
];

test.each(unreadable)('"%s" is no timestamp', (text) => {
  expect(parseTimestamp(text)).toBeUndefined();
  expect(toStrictTimestamp(text)).toBeUndefined();
  expect(timestampMs(text)).toBeNaN();
});

test('a missing zone is marked as assumed UTC, -00:00 as an unknown local offset', () => {
  expect(parseTimestamp('2026-01-02T03:04:05')?.zone).toBe('assumed-utc');
  expect(parseTimestamp('2026-01-02T03:04:05-00:00')?.zone).toBe('local-unknown');
  expect(parseTimestamp('2026-01-02T03:04:05+00:00')?.zone).toBe('offset');
});

test('a leap second is the second after it, and only taken at the end of a UTC day', () => {
  const parsed = parseTimestamp('2016-12-31T23:59:60.500+00:00');
  expect(parsed).toMatchObject({ leapSecond: true, epochMs: Date.UTC(2017, 0, 1, 0, 0, 0, 500) });
  expect(parseTimestamp('2017-01-01T05:29:60+05:30')?.leapSecond).toBe(true);
  expect(parseTimestamp('2016-12-31T23:58:60+00:00')).toBeUndefined();
  expect(parseTimestamp('2016-12-31T23:59:60+01:00')).toBeUndefined();
});

test('every instant written is read back, and agrees with the calendar of the platform', () => {
  const anyMs = fc.integer({ min: Date.UTC(0, 0, 1) - 6e13, max: 253_402_300_799_999 });
  fc.assert(
    fc.property(anyMs, fc.integer({ min: -840, max: 840 }), (epochMs, offset) => {
      const local = new Date(epochMs + offset * 60_000);
      fc.pre(local.getUTCFullYear() >= 0 && local.getUTCFullYear() <= 9999);
      const minutes = Math.abs(offset);
      const zone = [Math.floor(minutes / 60), minutes % 60]
        .map((part) => String(part).padStart(2, '0'))
        .join(':');
      const text = `${local.toISOString().slice(0, 23)}${offset < 0 ? '-' : '+'}${zone}`;
      expect(parseTimestamp(text)).toMatchObject({ epochMs, form: 'strict', fractionDigits: 3 });
    }),
    { numRuns: 1000 },
  );
});

test('no text makes the reader throw, and what it reads it can write strictly as the same instant', () => {
  const nearly = fc.stringMatching(
    /^20[0-9]{2}-[01][0-9]-[0-3][0-9][T ][0-2][0-9]:[0-6][0-9]:[0-6][0-9]([.,][0-9]{0,9})?(Z| UTC|[+-][0-9]{2}:?([0-9]{2})?)?$/,
  );
  fc.assert(
    fc.property(fc.oneof(nearly, fc.string()), (text) => {
      const parsed = parseTimestamp(text);
      const strict = toStrictTimestamp(text);
      expect(strict === undefined).toBe(parsed === undefined);
      if (parsed === undefined) return;
      const again = parseTimestamp(strict ?? '');
      expect(again).toMatchObject({
        form: 'strict',
        epochMs: parsed.epochMs,
        fractionDigits: parsed.fractionDigits,
      });
    }),
    { numRuns: 1000 },
  );
});

test('the writer is strict and refuses what has no four-digit year', () => {
  expect(formatTimestamp(0)).toBe('1970-01-01T00:00:00.000+00:00');
  expect(formatTimestamp(1500, 0)).toBe('1970-01-01T00:00:01+00:00');
  expect(() => formatTimestamp(Number.NaN)).toThrow(RangeError);
  expect(() => formatTimestamp(253_402_300_800_000)).toThrow(RangeError);
});
