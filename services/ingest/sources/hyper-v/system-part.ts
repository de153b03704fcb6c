/**
 * The beginning of an event's XML as Windows writes it, `<Event …><System>…</System>`: always the same elements in the
 * same order (Windows: Event schema, SystemPropertiesType), so one pattern reads it several times as fast as a parser.
 */
import { providerName } from './windows-event.ts';
import type { WindowsEvent } from './windows-event.ts';

/** In quotes, of the kind that the first attribute has; nothing in it that XML changes. */
const VALUE = String.raw`\1([^"'<&\n\t]*)\1`;
const UNASKED = String.raw`\1[^"'<&\n\t]*\1`;
const TEXT = '([^<&]*)';
const element = (name: string): string => String.raw`(?:<${name}>[^<&]*</${name}>\s*)?`;
const END = String.raw`/>\s*`;
const SYSTEM = new RegExp(
  [
    String.raw`^<Event(?: xmlns=(?:"[^"<&\n\t]*"|'[^'<&\n\t]*'))?>\s*<System>\s*`,
    String.raw`<Provider Name=(["'])([^"'<&\n\t]*)\1(?: Guid=${VALUE})?(?: EventSourceName=${UNASKED})? ?${END}`,
    String.raw`<EventID(?: Qualifiers=${UNASKED})?>${TEXT}</EventID>\s*`,
    element('Version'),
    String.raw`<Level>${TEXT}</Level>\s*`,
    ...['Task', 'Opcode', 'Keywords'].map(element),
    String.raw`<TimeCreated SystemTime=${VALUE} ?${END}`,
    String.raw`<EventRecordID>${TEXT}</EventRecordID>\s*`,
    `(?:<Correlation(?: ActivityID=${UNASKED})?(?: RelatedActivityID=${UNASKED})? ?${END})?`,
    `(?:<Execution ProcessID=${UNASKED} ThreadID=${UNASKED} ?${END})?`,
    String.raw`<Channel>${TEXT}</Channel>\s*<Computer>${TEXT}</Computer>\s*`,
    String.raw`<Security(?: UserID=${VALUE})? ?${END}</System>`,
  ].join(''),
);

export type SystemFacts = Omit<WindowsEvent, 'data' | 'message'>;

export interface SystemPart {
  readonly facts: SystemFacts;
  /** Length of the text up to behind `</System>`. */
  readonly length: number;
}

/** Undefined where it is written in any other way. The text holds no character that XML forbids or changes. */
export function readSystemPart(text: string): SystemPart | undefined {
  const found = SYSTEM.exec(text);
  if (found === null) return undefined;
  const [
    whole,
    ,
    name,
    guid,
    id = '',
    level = '',
    time = '',
    recordId = '',
    channel = '',
    computer = '',
    userSid,
  ] = found;
  return {
    facts: {
      provider: providerName(name, guid),
      eventId: toNumber(id.trim()) ?? Number.NaN,
      level: toNumber(level.trim()),
      time: { text: time, unzoned: 'utc' },
      recordId: recordId.trim(),
      channel: channel.trim(),
      computer: computer.trim(),
      userSid,
      userName: undefined,
    },
    length: whole.length,
  };
}

export function toNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,10}$/.test(text) ? Number(text) : undefined;
}
