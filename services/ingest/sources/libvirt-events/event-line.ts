/**
 * Reads a line of `virsh event`, `net-event`, `pool-event`, `nodedev-event` and `secret-event`:
 * `[TIME: ]event 'KIND' for SUBJECT NAME[ disk ALIAS][: DETAIL]`. Newer virsh puts the name into single quotes, older
 * does not; neither escapes it. Some kinds have a body: lines behind it (virsh manual; libvirt: tools/virsh-*.c).
 */

export type Subject = 'domain' | 'network' | 'storage pool' | 'node device' | 'secret';

export interface EventLine {
  /** `lifecycle`, `reboot`, … */
  readonly native: string;
  readonly subject: Subject;
  readonly name: string;
  /** What stands behind the name, without the colon; empty where nothing does. */
  readonly detail: string;
}

const SUBJECTS: readonly Subject[] = ['domain', 'network', 'storage pool', 'node device', 'secret'];
/** What a name and its line are read up to. */
const LOOKED_AT = 4096;
const BEGINNING = "event '";
const WITH_BODY = new Set([
  'tunable',
  'job-completed',
  'graphics',
  'memory-failure',
  'memory-device-size-change',
  'nic-mac-change',
]);
const OF_DISK = new Set(['disk-change', 'tray-change']);
/** Kinds whose detail has no colon with a blank behind it, so the last one is behind the name, whatever the name holds. */
const WITHOUT_COLON = new Set([
  'lifecycle',
  'device-added',
  'device-removed',
  'device-removal-failed',
  'balloon-change',
  'rtc-change',
  'watchdog',
]);
const BODY = /^(?:\t|(?:recipient|action|flags|alias|size|oldMAC|newMAC):)/;

export function hasBody({ native }: EventLine): boolean {
  return WITH_BODY.has(native);
}

/** What virsh says of itself. */
const OF_VIRSH =
  /^(?:events received: \d|event loop (?:interrupted|timed out)|error: |Welcome to virsh|Type: {2}'help'| {7}'quit' to quit|virsh # ?$)/;

export function isOfVirsh(text: string): boolean {
  return OF_VIRSH.test(text.slice(0, 40));
}

const PROMPT = 'virsh # ';

/** A line as virsh prints it when it is asked for commands: its prompt may stand before what it prints. */
export function withoutPrompt(text: string): string {
  return text.startsWith(PROMPT) ? text.slice(PROMPT.length) : text;
}

/** Whether a line may be of the body of the event before it. */
export function isBodyLine(text: string): boolean {
  return BODY.test(text.slice(0, 16));
}

/** Whether a text, its time taken off, begins as an event does. */
export function isEventText(text: string): boolean {
  return text.startsWith(BEGINNING);
}

/** Reads the text behind the time. Undefined where it breaks off or is about nothing known. */
export function readEventLine(whole: string): EventLine | undefined {
  const text = whole.slice(0, LOOKED_AT).trimEnd();
  const end = text.indexOf("' for ", BEGINNING.length);
  if (!isEventText(text) || end < 0) return undefined;
  const native = text.slice(BEGINNING.length, end);
  const rest = text.slice(end + 6);
  const subject = SUBJECTS.find((one) => rest.startsWith(`${one} `));
  if (native === '' || subject === undefined) return undefined;
  const named = splitName(native, rest.slice(subject.length + 1));
  return named === undefined ? undefined : { native, subject, ...named };
}

function splitName(native: string, text: string): Pick<EventLine, 'name' | 'detail'> | undefined {
  const quote = text.startsWith("'") ? "'" : '';
  const body = text.slice(quote.length);
  const mark = `${quote}${OF_DISK.has(native) ? ' disk ' : ': '}`;
  const at = WITHOUT_COLON.has(native) ? body.lastIndexOf(mark) : body.indexOf(mark);
  if (at > 0) return { name: body.slice(0, at), detail: body.slice(at + mark.length) };
  for (const tail of [`${quote}:`, quote]) {
    const name = body.slice(0, body.length - tail.length);
    if (name !== '' && body.endsWith(tail)) return { name, detail: '' };
  }
  return undefined;
}

/** Most keys that are read of a body. */
const MAX_KEYS = 128;

/** `key: value` and `key=value` of the lines of a body; nothing is lost, the record keeps the lines. */
export function readBody(lines: readonly string[]): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  for (const line of lines) {
    const found = /^\t?([A-Za-z][\w. -]{0,80}?)(?:: |=)(.*)$/.exec(line.slice(0, LOOKED_AT));
    if (found === null || fields.size >= MAX_KEYS) continue;
    fields.set(found[1] ?? '', (found[2] ?? '').trim());
  }
  return fields;
}
