/** Secrets in job files and on command lines, replaced by `***` before anything is made of a record. */
import { redactRecord, withText } from '../../src/normalize/redact-secrets.ts';
import type { RawRecord } from '../../src/source.ts';

export interface Redacted {
  readonly record: RawRecord;
  /** Names of what was replaced; empty: the record is as it came. */
  readonly names: readonly string[];
}

const MASK = '***';
const HINT = /passw|secret|token|private/i;
/** Members of a job's parameters. Paths of files that hold a secret are none. */
const SECRET_MEMBER = /^osparams_(?:private|secret)$|(?:password|passwd|secret|token)$/i;
const MASKED = new Set(['', MASK, '<redacted>']);
/** Of `gnt-instance add`; what the kit knows has `secret` or `password` in its name. */
const PRIVATE_OPTION = /(--os-parameters-private[= ])('[^']{1,4096}'|"[^"]{1,4096}"|[^\s'"]{1,4096})/g;
const MAX_DEPTH = 16;
const MAX_NAMES = 16;

/** Of a line, and of the lines behind it. */
export function redactLine(line: RawRecord): Redacted {
  const { record, isRedacted } = redactRecord(line);
  const text = record.text.includes('--os-parameters-private')
    ? record.text.replaceAll(PRIVATE_OPTION, `$1${MASK}`)
    : record.text;
  if (text !== record.text) return { record: withText(record, text), names: ['line'] };
  return { record, names: isRedacted ? ['line'] : [] };
}

/** Of a JSON value that `record` is the text of; the text is made again only where something was replaced. */
export function redactJson(record: RawRecord, value: unknown): Redacted {
  if (!HINT.test(record.text)) return { record, names: [] };
  const names = new Set<string>();
  const clean = redactValue(value, undefined, names, 0);
  return names.size === 0
    ? { record, names: [] }
    : { record: withText(record, JSON.stringify(clean)), names: bounded(names) };
}

/** `secret`: name of the member all of whose texts are secret. */
function redactValue(value: unknown, secret: string | undefined, names: Set<string>, depth: number): unknown {
  if (typeof value === 'string' || typeof value === 'number') {
    if (secret === undefined || MASKED.has(String(value))) return value;
    names.add(secret);
    return MASK;
  }
  if (typeof value !== 'object' || value === null) return value;
  // Deeper than anything Ganeti writes.
  if (depth > MAX_DEPTH) return MASK;
  if (Array.isArray(value)) return value.map((each) => redactValue(each, secret, names, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [
      name,
      redactValue(each, secret ?? (SECRET_MEMBER.test(name) ? name : undefined), names, depth + 1),
    ]),
  );
}

function bounded(names: ReadonlySet<string>): readonly string[] {
  return [...names].slice(0, MAX_NAMES);
}
