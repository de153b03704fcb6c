/**
 * `key=value` fields of Linux audit records and of the payload libvirt puts into them.
 * Grammar: https://github.com/linux-audit/audit-documentation (fields, untrusted strings), https://libvirt.org/auditlog.html.
 */

/** Every value of a key, in order: ProjectAtomic docker writes `exe`, `auid` and `hostname` twice. */
export type Fields = ReadonlyMap<string, readonly string[]>;

/** More fields than this are no audit record. */
const MAX_FIELDS = 256;

/**
 * Keys whose value the audit library encodes when it is not clean: quoted when clean, else bare upper-case hex.
 * `old-mem`, `new-vcpu` and the like are counters: bare digits that must not be read as hex.
 */
const ENCODED = new Set([
  'vm',
  'path',
  'cgroup',
  'device',
  'disk',
  'chardev',
  'exe',
  'comm',
  'cmd',
  'acct',
  'user',
]);
/** Keys behind whose value older versions of the audit library put punctuation. */
const PUNCTUATED = new Set(['res', 'uuid', 'addr', 'vm-pid']);
const COUNTERS = new Set(['mem', 'vcpu', 'iothread']);

/** Reads blank-separated fields; undefined when a quote is not closed or there are too many. Words without `=` are skipped. */
export function readFields(text: string): Fields | undefined {
  const fields = new Map<string, string[]>();
  let at = 0;
  let count = 0;
  while (at < text.length) {
    if (text.charCodeAt(at) === 0x20) {
      at += 1;
      continue;
    }
    const blank = orEnd(text, text.indexOf(' ', at));
    const equals = text.indexOf('=', at);
    if (equals < 0 || equals > blank) {
      at = blank;
      continue;
    }
    const key = text.slice(at, equals);
    const quoted = text.charAt(equals + 1) === '"';
    const end = quoted ? text.indexOf('"', equals + 2) : blank;
    if (end < 0 || (count += 1) > MAX_FIELDS) return undefined;
    const value = quoted ? text.slice(equals + 2, end) : decodeBare(key, text.slice(equals + 1, end));
    const values = fields.get(key);
    if (values === undefined) fields.set(key, [value]);
    else values.push(value);
    at = quoted ? end + 1 : end;
  }
  return fields;
}

function orEnd(text: string, found: number): number {
  return found < 0 ? text.length : found;
}

function decodeBare(key: string, written: string): string {
  // Before audit 1.7: `… uuid=U: exe="…" (hostname=?, addr=?, terminal=? res=success)`.
  const value =
    isPunctuation(written.at(-1)) && PUNCTUATED.has(key) ? written.replace(/[),:]{1,2}$/, '') : written;
  const first = value.charCodeAt(0);
  // Most values begin with another character: numbers of an even length and names are left.
  if (!((first >= 0x30 && first <= 0x39) || (first >= 0x41 && first <= 0x46))) return value;
  if (value.length % 2 !== 0 || !isEncoded(key) || !/^[0-9A-F]+$/.test(value)) return value;
  return Buffer.from(value, 'hex').toString('utf8');
}

function isPunctuation(character: string | undefined): boolean {
  return character === ')' || character === ',' || character === ':';
}

function isEncoded(key: string): boolean {
  if (ENCODED.has(key)) return true;
  const isChange = key.length > 4 && (key.startsWith('old-') || key.startsWith('new-'));
  return isChange && !COUNTERS.has(key.slice(4));
}

/** The last value of a key: what the daemon said, where a client's value stands before it. `?` means none. */
export function last(fields: Fields, key: string): string | undefined {
  return known(fields.get(key)?.at(-1));
}

/** The first value of a key. `?` means none. */
export function first(fields: Fields, key: string): string | undefined {
  return known(fields.get(key)?.[0]);
}

function known(value: string | undefined): string | undefined {
  return value === '?' || value === '' || value === '(null)' ? undefined : value;
}
