/** Timestamps of an event (DSP0262: cadf:Timestamp; the tolerated forms are in ../timestamp.ts). */
import type { FaultSink } from '../fault.ts';
import { report } from '../fault.ts';
import type { TimestampForm } from '../timestamp.ts';
import { timestampForm, timestampMs } from '../timestamp.ts';

/** The store keeps 1900 to 2299. */
const earliestMs = Date.UTC(1900, 0, 1);
const endMs = Date.UTC(2300, 0, 1);

export function checkEventTime(sink: FaultSink, time: unknown): void {
  if (typeof time !== 'string' || time === '') return report(sink, 'CADF_TIME_MISSING', '/eventTime', time);
  const form = timestampForm(time);
  if (form === undefined) return report(sink, 'CADF_TIME_UNREADABLE', '/eventTime', time);
  if (form !== 'strict') reportForm(sink, form, '/eventTime', time);
  // 2000 to 2099, nearly all events: no need to compute the instant.
  if (time.startsWith('20')) return;
  if (!isStorable(time)) report(sink, 'CADF_TIME_OUT_OF_RANGE', '/eventTime', time);
}

export function checkReporterTime(sink: FaultSink, time: unknown, base: string, index: number): void {
  if (time === undefined) return;
  const form = typeof time === 'string' ? timestampForm(time) : undefined;
  if (form === 'strict') return;
  const pointer = `${base}/${index}/reporterTime`;
  if (form === undefined) report(sink, 'CADF_REPORTER_TIME_UNREADABLE', pointer, time);
  else reportForm(sink, form, pointer, time);
}

/** Whether the instant lies within what the store keeps, 1900 to 2299. */
export function isStorable(time: string): boolean {
  const epochMs = timestampMs(time);
  return epochMs >= earliestMs && epochMs < endMs;
}

const formCodes = {
  'offset-without-colon': 'CADF_TIME_OFFSET_WITHOUT_COLON',
  zulu: 'CADF_TIME_ZULU',
  'no-zone': 'CADF_TIME_NO_ZONE',
  loose: 'CADF_TIME_LOOSE',
} as const;

/** The fault code of a readable form that is not the standard's. */
export function codeOfForm(form: Exclude<TimestampForm, 'strict'>): (typeof formCodes)[typeof form] {
  return formCodes[form];
}

function reportForm(
  sink: FaultSink,
  form: Exclude<TimestampForm, 'strict'>,
  pointer: string,
  time: unknown,
): void {
  report(sink, formCodes[form], pointer, time);
}
