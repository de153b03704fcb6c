/** Values written without quotes: numbers, dates and times. */
import { timestampMs } from '@cadf-pipeline/cadf-model';
import type { FilterValue } from './filter.ts';

const NUMBER = /^-?\d{1,400}(?:\.\d{1,400})?(?:[eE][+-]?\d{1,4})?$/;
const DATE = /^(\d{4}-\d\d-\d\d)(Z|[+-]\d\d:\d\d)?$/;
const DATE_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,30})?(?:Z|[+-]\d\d:\d\d)?$/;

/** Reads a number, xs:date or xs:dateTime; a sentence saying what is wrong otherwise. */
export function parseBare(text: string): FilterValue | string {
  if (NUMBER.test(text)) return parseNumber(text);
  const ms = literalMs(text);
  if (ms !== undefined) return { kind: 'time', text, ms };
  return DATE.test(text) || DATE_TIME.test(text)
    ? `${shorten(text)} is no date of the calendar or no time of the day`
    : `${shorten(text)} is no number, date (2026-11-01) or time (2026-11-01T10:00:00Z); text goes in quotes`;
}

/** The number a text stands for, NaN when it stands for none: how numbers as text are compared. */
export function numberOf(text: string): number {
  return text.length <= 400 && NUMBER.test(text) ? Number(text) : NaN;
}

/** The instant a date or time of a filter stands for: a date its first moment, without zone UTC. */
export function literalMs(text: string): number | undefined {
  const date = DATE.exec(text);
  if (date !== null) return instantOf(`${date[1]}T00:00:00${date[2] ?? 'Z'}`);
  return DATE_TIME.test(text) ? instantOf(text) : undefined;
}

/** The instant an event's text stands for, in the forms emitters write (`timestampMs`); undefined when none. */
export function instantOf(text: string): number | undefined {
  const ms = timestampMs(text);
  return Number.isNaN(ms) ? undefined : ms;
}

function parseNumber(text: string): FilterValue | string {
  const number = Number(text);
  if (!Number.isFinite(number) || (Number.isInteger(number) && !Number.isSafeInteger(number)))
    return `${shorten(text)} is too great to be compared exactly as a number; put it in quotes to compare it as text`;
  return { kind: 'number', number };
}

function shorten(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
