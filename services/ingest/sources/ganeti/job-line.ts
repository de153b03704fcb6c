/** What the process of a job writes to jobs.log (Ganeti: lib/jqueue/__init__.py). */

export type JobLine =
  | { readonly kind: 'begin'; readonly op: OpMention }
  /** A traceback follows. */
  | { readonly kind: 'failure'; readonly op: OpMention }
  /** A traceback follows. */
  | { readonly kind: 'canceling'; readonly index: number }
  | { readonly kind: 'end'; readonly status: string }
  | { readonly kind: 'progress' }
  /** Begins as one of those above, and is cut off. */
  | { readonly kind: 'broken' };

export interface OpMention {
  /** 1 is the first. */
  readonly index: number;
  readonly count: number;
  /** OP_ID without `OP_`. */
  readonly name: string;
  /** What stands in the brackets behind it. */
  readonly target?: string;
}

const TEXT_LENGTH = 2048;
const OP = /^Op (\d{1,6})\/(\d{1,6}): /;
const SUMMARY = /^([A-Z][A-Z0-9_]{1,100})(?:\((.{0,1024})\))?$/s;
const END = /^Finished job (\d{1,15}), status = ([a-z]{1,32})$/;
const BEGIN_END = ' waiting for locks';
const OLD_BEGIN = 'Starting opcode ';

export function readJobLine(text: string): JobLine {
  const end = text.startsWith('Finished job ') ? END.exec(text.slice(0, TEXT_LENGTH).trimEnd()) : null;
  if (end !== null) return { kind: 'end', status: end[2] ?? '' };
  if (text.startsWith('Finished job ')) return { kind: 'broken' };
  // The traceback is behind the first line where the record has it whole.
  const first = firstLine(text.slice(0, TEXT_LENGTH));
  const op = text.startsWith('Op ') ? OP.exec(first) : null;
  if (op === null) return { kind: 'progress' };
  const [head, index, count] = op;
  const what = first.slice(head.length).trimEnd();
  if (what === 'Canceling job') return { kind: 'canceling', index: Number(index) };
  if (what.startsWith('opcode')) {
    if (what.endsWith(' already processed, skipping')) return { kind: 'progress' };
    if (!what.endsWith(BEGIN_END)) return { kind: 'broken' };
    return mention('begin', what.slice('opcode '.length, -BEGIN_END.length), index, count);
  }
  // Before 2.3.
  if (what.startsWith(OLD_BEGIN)) return mention('begin', what.slice(OLD_BEGIN.length), index, count);
  if (what.startsWith('Caught exception in '))
    return mention('failure', what.slice('Caught exception in '.length), index, count);
  return { kind: 'progress' };
}

/** Up to a line end, or what syslog daemons write for one. */
export function firstLine(text: string): string {
  const ends = [text.indexOf('\n'), text.indexOf('#012')].filter((end) => end >= 0);
  return ends.length === 0 ? text : text.slice(0, Math.min(...ends));
}

/** Whether the record holds what follows its first line. */
export function isWhole(text: string): boolean {
  return text.includes('\n') || text.includes('#012');
}

export interface ErrorFacts {
  readonly type: string;
  readonly code?: string;
}

const ERROR_LINE =
  /^(?:(?:[A-Za-z_]\w{0,63}\.){1,8}([A-Za-z_]\w{0,63})|([A-Za-z_]\w{0,60}(?:Error|Exception|Exit|Interrupt)))(?::|$)/;
const ERROR_CODE = /, '([a-z_]{1,64})'\)\s*$/;
const MAX_ERROR_LINES = 256;

/** The error a traceback ends with: `ganeti.errors.OpPrereqError: ('…', 'wrong_state')`. */
export function errorOf(lines: readonly string[]): ErrorFacts | undefined {
  const all = lines
    .slice(0, MAX_ERROR_LINES)
    .flatMap((line) => line.split(/\n|#012/))
    .slice(0, 4 * MAX_ERROR_LINES);
  const at = all.findLastIndex((line) => ERROR_LINE.test(line.slice(0, 1024)));
  const found = ERROR_LINE.exec((all[at] ?? '').slice(0, 1024));
  const type = found?.[1] ?? found?.[2];
  if (type === undefined) return undefined;
  // The message may go on over lines.
  const code = ERROR_CODE.exec(all.slice(at).join('\n').slice(-512))?.[1];
  return { type, ...(code === undefined ? {} : { code }) };
}

function mention(
  kind: 'begin' | 'failure',
  summary: string,
  index: string | undefined,
  count: string | undefined,
): JobLine {
  const found = SUMMARY.exec(summary);
  if (found === null) return { kind: 'broken' };
  const [, name = '', target] = found;
  return {
    kind,
    op: {
      index: Number(index),
      count: Number(count),
      name,
      ...(target === undefined || target === '' ? {} : { target }),
    },
  };
}
