/** Makes events and their parts that are valid under the strict profile, or says what is wrong. */
import type {
  Attachment,
  CadfEvent,
  Log,
  Measurement,
  Reason,
  Report,
  Reporterstep,
  Resource,
} from './entities/index.ts';
import { eventTypeUri, logTypeUri, reportTypeUri } from './entities/uris.ts';
import type { Fault } from './fault.ts';
import { formatTimestamp, toStrictTimestamp } from './timestamp.ts';
import { validateEvent } from './validate/event.ts';

/** Members the standard does not name, such as `requestPath`; they are kept as given. */
export interface Extras {
  readonly [member: string]: unknown;
}

/** A time: milliseconds since 1970 UTC, or text in any form that parseTimestamp reads. */
export type TimeInput = number | string;

export type EventInput = Omit<CadfEvent, 'typeURI' | 'eventTime'> & {
  readonly eventTime: TimeInput;
} & Extras;

/** What was to be built is not valid. `code` is stable; `faults` say what and where, pointers within the thing built. */
export class CadfBuildError extends Error {
  readonly code = 'CADF_BUILD_INVALID';
  readonly faults: readonly Fault[];

  constructor(what: string, faults: readonly Fault[]) {
    super(`${what}: ${faults.map((fault) => `${fault.pointer || '/'} ${fault.message}`).join('; ')}`);
    this.name = 'CadfBuildError';
    this.faults = faults;
  }
}

/** A strict-valid event. `id` is the caller's: this package makes no random values. Throws CadfBuildError. */
export function buildEvent(input: EventInput): CadfEvent & Extras {
  const event = { typeURI: eventTypeUri, ...input, eventTime: strictTime(input.eventTime) } as const;
  refuse('event', errorsOf({ ...event, typeURI: eventTypeUri }));
  return { ...event, typeURI: eventTypeUri };
}

/** A resource as strict events may have it. Throws CadfBuildError. */
export function buildResource(input: Resource & Extras): Resource & Extras {
  refuseBelow('resource', '/target', { target: input });
  return { ...input };
}

/** Throws CadfBuildError unless there is a whole pair of type and code or policy type and id. */
export function buildReason(input: Reason & Extras): Reason & Extras {
  refuseBelow('reason', '/reason', { reason: input });
  return { ...input };
}

/** Throws CadfBuildError without `contentType` or `content`. */
export function buildAttachment(
  input: Attachment & { readonly contentType: string } & Extras,
): Attachment & Extras {
  refuseBelow('attachment', '/attachments/0', { attachments: [input] });
  return { ...input };
}

/** Throws CadfBuildError without `result` or without exactly one of `metric` and `metricId`. */
export function buildMeasurement(input: Measurement & Extras): Measurement & Extras {
  refuseBelow('measurement', '/measurements/0', { measurements: [input] });
  return { ...input };
}

/** Throws CadfBuildError for a role outside the closed set and without exactly one of `reporter` and `reporterId`. */
export function buildReporterstep(
  input: Omit<Reporterstep, 'reporterTime'> & { readonly reporterTime?: TimeInput } & Extras,
): Reporterstep & Extras {
  const { reporterTime, ...others } = input;
  const time = reporterTime === undefined ? {} : { reporterTime: strictTime(reporterTime) };
  const step = { ...(others as Omit<Reporterstep, 'reporterTime'>), ...time };
  refuseBelow('reporterstep', '/reporterchain/0', { reporterchain: [step] });
  return step;
}

/** `[//namespace/]name[?value=value]` with the value percent-encoded. Throws CadfBuildError for an empty name or one with `/` or `?`. */
export function buildTag(
  name: string,
  options: { readonly namespace?: string; readonly value?: string } = {},
): string {
  const { namespace, value } = options;
  const prefix = namespace === undefined ? '' : `//${namespace}/`;
  const suffix = value === undefined ? '' : `?value=${encodeURIComponent(value.toWellFormed())}`;
  const tag = prefix + name + suffix;
  const faults = errorsOf({ tags: [tag] }).filter((fault) => fault.pointer === '/tags/0');
  if (faults.length > 0 || /[/?]/.test(name)) throw new CadfBuildError('tag', faults);
  return tag;
}

/** A Log around events that were built already. */
export function buildLog(
  input: Omit<Log, 'typeURI' | 'logTime'> & { readonly logTime?: TimeInput } & Extras,
): Log {
  const { logTime, ...others } = input;
  const time = logTime === undefined ? {} : { logTime: strictTime(logTime) };
  return { ...(others as Omit<Log, 'typeURI' | 'logTime'>), ...time, typeURI: logTypeUri };
}

/** A Report around events that were built already. */
export function buildReport(
  input: Omit<Report, 'typeURI' | 'reportTime'> & { readonly reportTime?: TimeInput } & Extras,
): Report {
  const { reportTime, ...others } = input;
  const time = reportTime === undefined ? {} : { reportTime: strictTime(reportTime) };
  return { ...(others as Omit<Report, 'typeURI' | 'reportTime'>), ...time, typeURI: reportTypeUri };
}

/** A time that cannot be read or written is left as text for the validation to refuse. */
function strictTime(time: TimeInput): string {
  if (typeof time === 'string') return toStrictTimestamp(time) ?? time;
  try {
    return formatTimestamp(time);
  } catch {
    return String(time);
  }
}

function errorsOf(value: unknown): readonly Fault[] {
  return validateEvent(value, 'strict').filter((fault) => fault.severity === 'error');
}

/** A part is checked inside an event that has nothing else; only the faults of the part count. */
function refuseBelow(what: string, pointer: string, event: Extras): void {
  const faults = errorsOf(event).filter(
    (fault) => fault.pointer === pointer || fault.pointer.startsWith(`${pointer}/`),
  );
  refuse(
    what,
    faults.map((fault) => ({ ...fault, pointer: fault.pointer.slice(pointer.length) })),
  );
}

function refuse(what: string, faults: readonly Fault[]): void {
  if (faults.length > 0) throw new CadfBuildError(what, faults);
}
