import { timestampMs } from '@cadf-pipeline/cadf-model';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_TIME_MS, MIN_TIME_MS, readEventTime, writeEventTime } from './event-time.ts';

const pad = (value: number, digits: number): string => String(value).padStart(digits, '0');
const zone = fc.oneof(
  fc.constantFrom('Z', '', '+00:00', '+0000', '-00:00', '-0000', '+0530', '-03:30', '+14:00', '-12:45'),
  fc
    .tuple(
      fc.constantFrom('+', '-'),
      fc.integer({ min: 0, max: 13 }),
      fc.integer({ min: 0, max: 59 }),
      fc.constantFrom(':', ''),
    )
    .map(([sign, hours, minutes, colon]) => `${sign}${pad(hours, 2)}${colon}${pad(minutes, 2)}`),
);
const fraction = fc.oneof(
  fc.constant(''),
  fc.stringMatching(/^\.[0-9]{1,14}$/),
  fc.stringMatching(/^\.[0-9]{6}$/),
);
/** Near each other, so that a time often shares the hour of the one before. */
const clock = fc
  .integer({ min: Date.UTC(2026, 9, 31, 22), max: Date.UTC(2026, 10, 1, 3) })
  .map((ms) => new Date(ms).toISOString().slice(0, 19));
const timestamp = fc.tuple(clock, fraction, zone).map((parts) => parts.join(''));

describe('event times', () => {
  it('are read as the model reads them, and written again as they were', () => {
    fc.assert(
      fc.property(fc.array(timestamp, { minLength: 1, maxLength: 40 }), (texts) => {
        for (const text of texts) {
          const { ms, form, below } = readEventTime(text);
          expect(ms, text).toBe(timestampMs(text));
          const digits = /\.(\d+)/.exec(text)?.[1]?.length ?? 0;
          expect(form !== '', text).toBe(digits <= 12);
          if (form !== '') expect(writeEventTime(ms, form, below)).toBe(text);
        }
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    ['an empty fraction', '2019-03-25T01:34:16.+0200'],
    ['a small t', '2019-03-25t01:34:16Z'],
    ['a blank', '2019-03-25 01:34:16Z'],
    ['UTC as a word', '2019-03-25T01:34:16 UTC'],
    ['an offset of hours only', '2019-03-25T01:34:16+02'],
    ['a leap second', '2016-12-31T23:59:60.000000+00:00'],
    ['the end of a day', '2016-12-31T24:00:00+00:00'],
    ['a comma', '2019-03-25T01:34:16,500+02:00'],
  ])('keep their text where it cannot be made again: %s', (_, text) => {
    readEventTime('2016-12-31T23:59:59.000000+00:00');
    expect(readEventTime(text)).toEqual({ ms: timestampMs(text), form: '', below: 0 });
  });

  it('before or after what the column holds are clamped and keep their text', () => {
    expect(readEventTime('1899-12-31T23:59:59.999Z')).toEqual({ ms: MIN_TIME_MS, form: '', below: 0 });
    expect(readEventTime('2300-01-01T00:00:00Z')).toEqual({ ms: MAX_TIME_MS, form: '', below: 0 });
    expect(readEventTime('1900-01-01T00:00:00Z').form).toBe('0Z');
  });

  it('that are none give NaN, also beside one of the same hour', () => {
    readEventTime('2026-11-01T12:00:00.123456+0000');
    for (const text of [
      '',
      'yesterday',
      '2026-11-01T12:61:00.123456+0000',
      '2026-11-01T12:00:0x.123456+0000',
      '2026-11-01T12:00:00.12345x+0000',
      '2026-11-01T12-00:00.123456+0000',
    ])
      expect(readEventTime(text).ms, text).toBeNaN();
  });
});
