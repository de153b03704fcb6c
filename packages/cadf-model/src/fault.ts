/** Faults of an event, and the collector the checks report to. */
import type { FaultCode } from './fault-codes.ts';
import { faultCodes } from './fault-codes.ts';
import type { Severities } from './profiles.ts';

/** One thing wrong with an event. */
export interface Fault {
  /** A key of `faultCodes`, or a code of the readers of documents and XML. */
  readonly code: string;
  readonly severity: 'error' | 'warning';
  /** JSON Pointer (RFC 6901) within the event; empty for the event itself. */
  readonly pointer: string;
  readonly message: string;
  readonly hint: string;
}

/** Collects the faults of one event. `faults` stays undefined while there are none, so a good event costs nothing. */
export interface FaultSink {
  readonly severities: Severities;
  faults: Fault[] | undefined;
}

/** Past this many faults an event's further ones are not collected. */
export const maxFaults = 100;

const none: readonly Fault[] = Object.freeze([]);

/** The collected faults; the same frozen empty list whenever there are none. */
export function collected(sink: FaultSink): readonly Fault[] {
  return sink.faults ?? none;
}

/** True when no fault is an error: warnings let an event pass. */
export function isValid(faults: readonly Fault[]): boolean {
  for (const fault of faults) if (fault.severity === 'error') return false;
  return true;
}

/** Reports a fault, unless the profile switches it off. `value` is shown in the message, clipped. */
export function report(sink: FaultSink, code: FaultCode, pointer: string, value?: unknown): void {
  const severity = sink.severities[code];
  if (severity === 'off') return;
  const faults = (sink.faults ??= []);
  // An error is never lost behind many warnings: the verdict must not depend on the limit.
  if (faults.length >= maxFaults && (severity === 'warning' || !isValid(faults))) return;
  const { title, hint } = faultCodes[code];
  const message = value === undefined ? title : `${title}: ${shown(value)}`;
  faults.push({ code, severity, pointer, message, hint });
}

function shown(value: unknown): string {
  if (typeof value === 'string') {
    return JSON.stringify(value.length > 120 ? `${value.slice(0, 119)}…` : value);
  }
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (value === null) return 'null';
  return Array.isArray(value) ? 'a list' : 'an object';
}
