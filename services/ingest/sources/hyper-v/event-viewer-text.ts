/**
 * What Event Viewer copies and wevtutil /f:text prints: `Name: value` lines, in the language and date format of whoever
 * copied it. The XML below `Event Xml:`, where it was copied too, is read instead.
 */
import { readEventXml } from './event-xml.ts';
import type { ReadResult, WindowsEvent } from './windows-event.ts';

export type DateOrder = 'mdy' | 'dmy' | 'ymd';

const LEVELS: ReadonlyMap<string, number> = new Map([
  ['critical', 1],
  ['error', 2],
  ['warning', 3],
  ['information', 4],
  ['verbose', 5],
]);
/** First lines, also of the German, French and Spanish Event Viewer. */
const FIRST_LINE =
  /^\s{0,8}(?:Event\[\d{1,8}\]:?|Log Name:|Protokollname:|Nom du journal\s?:|Nombre de registro:)/;

export function isEventViewerStart(line: string): boolean {
  return FIRST_LINE.test(line.length > 80 ? line.slice(0, 80) : line);
}

/** `dateOrder`: how the copier's locale writes dates; undefined: only dates that begin with the year are read. */
export function readEventViewerText(text: string, dateOrder: DateOrder | undefined): ReadResult {
  const xml = /\n\s{0,8}<Event[\s>]/.exec(text);
  if (xml !== null) return readEventXml(text.slice(xml.index));
  const members = new Map<string, string>();
  const lines = text.split('\n');
  let description = '';
  for (const [index, line] of lines.entries()) {
    const colon = line.indexOf(':');
    const name = colon < 0 ? '' : line.slice(0, colon).trim();
    if (name === 'Description') {
      description = [line.slice(colon + 1), ...lines.slice(index + 1)].join('\n').trim();
      break;
    }
    if (name !== '' && name.length <= 40 && !members.has(name))
      members.set(name, line.slice(colon + 1).trim());
  }
  const eventId = members.get('Event ID');
  if (eventId === undefined || !/^\d{1,10}$/.test(eventId))
    return {
      code: 'HYPERV_EVENT_VIEWER_LOCALIZED',
      detail:
        'The text of Event Viewer has no line "Event ID:", so it is in another language, or cut off. Export as XML (wevtutil qe CHANNEL /f:xml), which is the same everywhere.',
    };
  const date = members.get('Date') ?? '';
  const iso = isoDate(date, dateOrder);
  if (iso === undefined)
    return {
      code: 'HYPERV_EVENT_VIEWER_DATE',
      detail: `The date "${date.slice(0, 60)}" is local and in the format of some locale: it cannot be told for certain. Export as XML (wevtutil qe CHANNEL /f:xml), or set dateOrder (mdy, dmy, ymd) and timezone of this source.`,
    };
  return { events: [{ event: toEvent(members, Number(eventId), iso, description) }] };
}

function toEvent(
  members: ReadonlyMap<string, string>,
  eventId: number,
  iso: string,
  description: string,
): WindowsEvent {
  return {
    provider: members.get('Source') ?? '',
    eventId,
    level: LEVELS.get((members.get('Level') ?? '').toLowerCase()),
    time: { text: iso, unzoned: 'local' },
    recordId: members.get('Record ID'),
    channel: members.get('Log Name'),
    computer: members.get('Computer'),
    userSid: undefined,
    userName: members.get('User Name') ?? members.get('User'),
    data: new Map(),
    message: description,
  };
}

/** As `YYYY-MM-DDTHH:MM:SS…`, zone kept; undefined where the order of day and month is not known. */
function isoDate(written: string, order: DateOrder | undefined): string | undefined {
  if (/^\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d/.test(written)) return written.replace(/\.(?=$|Z)/, '');
  if (order === undefined) return undefined;
  const found =
    /^(\d{1,4})[./-] ?(\d{1,2})[./-] ?(\d{1,4})\.?,? {1,2}(\d{1,2}):(\d\d):(\d\d)(?:[\s\u202F\u00A0]?([AaPp])\.?[Mm]\.?)?$/.exec(
      written,
    );
  if (found === null) return undefined;
  const [, first = '', second = '', third = '', hour = '', minute = '', seconds = '', half] = found;
  const [year, month, day] =
    order === 'mdy'
      ? [third, first, second]
      : order === 'dmy'
        ? [third, second, first]
        : [first, second, third];
  if (year.length !== 4 || (half !== undefined && (Number(hour) < 1 || Number(hour) > 12))) return undefined;
  const hours =
    half === undefined ? Number(hour) : (Number(hour) % 12) + (half.toLowerCase() === 'p' ? 12 : 0);
  const two = (value: string | number): string => String(value).padStart(2, '0');
  return `${year}-${two(month)}-${two(day)}T${two(hours)}:${minute}:${seconds}`;
}
