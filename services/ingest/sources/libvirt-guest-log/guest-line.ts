/**
 * Reads a line of a machine's own log, `/var/log/libvirt/qemu/NAME.log` (`lxc/NAME.log`): what libvirt writes when the
 * machine starts and stops, among what QEMU and the machine's devices print. libvirt: src/qemu/qemu_process.c.
 */

/** What libvirt states; the time is taken off. */
export type Statement =
  | { readonly kind: 'start'; readonly versions: string }
  | { readonly kind: 'stop'; readonly reason: string | undefined }
  | { readonly kind: 'tainted'; readonly why: string }
  | { readonly kind: 'migration' }
  | { readonly kind: 'external-device'; readonly name: string }
  | { readonly kind: 'trouble'; readonly rule: 'io-error' | 'guest-panicked' }
  | { readonly kind: 'daemon-message' }
  | { readonly kind: 'other' };

const LOOKED_AT = 1024;
const TAINTED = /^Domain id=\d{1,10} is tainted: ([a-z0-9-]{1,64}(?: \([^)]{1,256}\))?)/;
const REASON = /^shutting down, reason=([A-Za-z0-9 _-]{1,64})/;
const DAEMON_MESSAGE = /^\d{1,10}: (?:debug|info|warning|error) {0,4}: /;
/** QEMU's own lines (`-msg timestamp=on`): `2026-11-20T18:51:46.335360Z qemu-system-x86_64: …`. */
const QEMU_LINE = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3,6}Z [^\s:]{1,64}: /;
const IO_ERROR = 'IO error device=';
/** What the paravirtualized panic device of a guest tells: `panic hyper-v: arg1='0x…', …`, `panic s390: core='0' …`. */
const PANIC = /^panic [a-z0-9-]{1,32}: /;
const CONTINUED = ' \\';
/** As headers of other logs begin. */
const OTHER_HEADER = /^[<{[\d]|^[A-Z][a-z]{2} [ \d]\d \d\d:|^type=/;
const STAMPED = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}\+0000: /;

export function readStatement(whole: string): Statement {
  const text = whole.length > LOOKED_AT ? whole.slice(0, LOOKED_AT) : whole;
  if (text.startsWith('starting up')) return { kind: 'start', versions: text.slice(11).trim() };
  if (text.startsWith('shutting down')) return { kind: 'stop', reason: REASON.exec(text)?.[1]?.trim() };
  if (text.startsWith('initiating migration')) return { kind: 'migration' };
  if (text.startsWith('Starting external device'))
    return { kind: 'external-device', name: text.slice(24).replace(/^: /, '') };
  const why = TAINTED.exec(text)?.[1];
  // Some versions end the line without a line feed, and QEMU's time follows at once.
  if (why !== undefined) return { kind: 'tainted', why: why.replace(/\d{4}-\d\d-\d\d$/, '') };
  if (text.startsWith(IO_ERROR)) return { kind: 'trouble', rule: 'io-error' };
  if (PANIC.test(text)) return { kind: 'trouble', rule: 'guest-panicked' };
  return { kind: DAEMON_MESSAGE.test(text) ? 'daemon-message' : 'other' };
}

/** Whether libvirt is the only one that writes such a text. */
export function isOfGuestLog(text: string): boolean {
  return (
    text.startsWith('starting up libvirt version: ') ||
    text === 'starting up' ||
    text.startsWith('shutting down, reason=') ||
    text === 'shutting down' ||
    text === 'initiating migration' ||
    text.startsWith('Starting external device: ') ||
    text.startsWith(IO_ERROR) ||
    PANIC.test(text.slice(0, 48)) ||
    TAINTED.test(text.slice(0, LOOKED_AT))
  );
}

export function isQemuLine(text: string): boolean {
  return QEMU_LINE.test(text.slice(0, 128));
}

/** Whether a line may be of the command line behind a start: a variable, the program, an option. */
export function isCommandLine(text: string): boolean {
  return text.endsWith(CONTINUED) || /^(?:-|\/|[A-Za-z_][A-Za-z0-9_]{0,127}=)/.test(text.slice(0, 160));
}

/** Whether a line that is no source's may be of the log all the same: output, or another statement of libvirt. */
export function isOutput(text: string): boolean {
  const start = text.slice(0, 128);
  return !OTHER_HEADER.test(start) || QEMU_LINE.test(start) || STAMPED.test(start);
}

/** Whether the command line goes on in the next line. */
export function goesOn(text: string): boolean {
  return text.endsWith(CONTINUED);
}
