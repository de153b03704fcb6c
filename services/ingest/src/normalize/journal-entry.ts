/**
 * An entry of the systemd journal as one JSON object: what `journalctl -o json` prints and what the way in for the
 * export format makes of each entry (systemd: Journal JSON Format, Journal Export Formats).
 */
import { exactTime } from './event-time.ts';
import type { RecordHeader } from './header.ts';

/** An entry carries one of these; other JSON is not of the journal. */
const MARKS = ['__REALTIME_TIMESTAMP', '__CURSOR', '_SOURCE_REALTIME_TIMESTAMP'];

/** Undefined where the text is no journal entry. Binary values (arrays of bytes) are read as UTF-8. */
export function readJournalEntry(text: string): RecordHeader | undefined {
  if (!MARKS.some((mark) => text.includes(mark))) return undefined;
  let entry: unknown;
  try {
    entry = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof entry !== 'object' || entry === null || !MARKS.some((mark) => Object.hasOwn(entry, mark)))
    return undefined;
  const fields = new Map<string, string>();
  for (const [name, value] of Object.entries(entry)) {
    const field = textOf(value);
    if (field !== undefined) fields.set(name, field);
  }
  const micros = [fields.get('_SOURCE_REALTIME_TIMESTAMP'), fields.get('__REALTIME_TIMESTAMP')].find(
    (time) => time !== undefined && /^\d{1,16}$/.test(time),
  );
  const host = fields.get('_HOSTNAME');
  const program = fields.get('SYSLOG_IDENTIFIER') ?? fields.get('_COMM');
  const pid = fields.get('_PID') ?? fields.get('SYSLOG_PID');
  return {
    form: 'journal',
    message: fields.get('MESSAGE') ?? '',
    journal: fields,
    ...(host === undefined ? {} : { host }),
    ...(program === undefined ? {} : { program }),
    ...(pid === undefined ? {} : { pid }),
    ...(micros === undefined ? {} : { time: exactTime(Math.floor(Number(micros) / 1000)) }),
  };
}

/** A field that occurs twice is an array of its values: the last one counts, as in the journal's own tools. */
function textOf(value: unknown): string | undefined {
  // Shippers that parse the entry write numbers as such.
  if (typeof value === 'number') return String(value);
  if (!Array.isArray(value)) return typeof value === 'string' ? value : undefined;
  const last: unknown = isBytes(value) ? value : value.at(-1);
  if (typeof last === 'string') return last;
  return isBytes(last) ? Buffer.from(last).toString('utf8') : undefined;
}

function isBytes(value: unknown): value is number[] {
  return (
    Array.isArray(value) &&
    value.length > 0 &&
    value.every((byte) => Number.isInteger(byte) && byte >= 0 && byte <= 255)
  );
}
