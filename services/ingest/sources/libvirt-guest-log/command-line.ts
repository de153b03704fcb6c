/**
 * What the command line of a machine says of it: name, UUID, program, accelerator (QEMU manual: Invocation). libvirt
 * quotes as a shell does, one option and its value per line since libvirt 4, all in one line before.
 */

export interface CommandFacts {
  readonly name?: string;
  readonly uuid?: string;
  readonly emulator?: string;
  /** `kvm`, `tcg` … */
  readonly accelerator?: string;
  /** The machine comes over the network, or from a file, rather than being booted. */
  readonly incoming?: string;
  readonly isContainer: boolean;
}

const NAME = / --?name (?:'((?:[^']|'\\''){1,1024})'|"([^"]{1,1024})"|(\S{1,1024}))/;
const UUID = / -uuid ([0-9a-fA-F-]{32,36})(?= |$)/;
const ACCELERATOR = / -accel ([a-z]{1,16})|[ ,]accel=([a-z]{1,16})/;
const INCOMING = / -incoming (\S{1,256})/;
const PROGRAM = /^(?:[A-Za-z_][A-Za-z0-9_]{0,127}=(?:'[^']{0,4096}'|[^\s']{0,4096}) )*(\/[^\s]{1,1024})/;
/** Libvirt's environment is a dozen of variables. */
const LOOKED_AT = 64 * 1024;

export function readCommand(lines: readonly string[]): CommandFacts {
  const text = ` ${lines.map((line) => line.replace(/ ?\\$/, '')).join(' ')}`.slice(0, LOOKED_AT);
  const emulator = PROGRAM.exec(text.trimStart().slice(0, 16 * 1024))?.[1];
  const name = nameOf(NAME.exec(text));
  const uuid = UUID.exec(text)?.[1];
  const accelerator = ACCELERATOR.exec(text);
  const incoming = INCOMING.exec(text)?.[1];
  return {
    ...(name === undefined || name === '' ? {} : { name }),
    ...(uuid === undefined ? {} : { uuid: uuid.toLowerCase() }),
    ...(emulator === undefined ? {} : { emulator }),
    ...(accelerator === null ? {} : { accelerator: accelerator[1] ?? accelerator[2] ?? '' }),
    ...(incoming === undefined ? {} : { incoming }),
    isContainer: emulator?.endsWith('libvirt_lxc') === true,
  };
}

/** `guest=NAME,debug-threads=on`, in older versions `NAME`; QEMU doubles a comma in a name. */
function nameOf(found: RegExpExecArray | null): string | undefined {
  if (found === null) return undefined;
  const value = (found[1]?.replaceAll("'\\''", "'") ?? found[2] ?? found[3] ?? '').replace(/^guest=/, '');
  let end = value.indexOf(',');
  while (end >= 0 && value[end + 1] === ',') end = value.indexOf(',', end + 2);
  return (end < 0 ? value : value.slice(0, end)).replaceAll(',,', ',');
}
