/**
 * Reads a line as oslo.log writes it (oslo.log: logging_default_format_string, logging_context_format_string,
 * logging_exception_prefix): `DATE TIME PID LEVEL LOGGER [CONTEXT] [instance: UUID] MESSAGE`. Behind syslog and in the
 * journal, date and process id may be missing. Also the JSON of its JSONFormatter and FluentFormatter.
 */
import { readOsloJson } from './oslo-json.ts';

export interface OsloLine {
  /** As written; undefined where the transport's header has it. */
  readonly time: string | undefined;
  readonly pid: string | undefined;
  readonly level: string;
  readonly logger: string;
  /** Undefined where the line has none: a part of a traceback. */
  readonly context: OsloContext | undefined;
  readonly instance: string | undefined;
  readonly message: string;
  /** The file the line is from, where a collector put its name in front: `nova-api`. */
  readonly file: string | undefined;
}

export interface OsloContext {
  readonly requestId: string | undefined;
  readonly globalRequestId: string | undefined;
  /** Ids (or names, in development setups); undefined for what a service did on its own. */
  readonly user: string | undefined;
  readonly project: string | undefined;
}

/** A header is looked for at the beginning only. */
const HEAD_LENGTH = 1024;
const TIME = '(\\d{4}-\\d\\d-\\d\\d[ T]\\d\\d:\\d\\d:\\d\\d(?:[.,]\\d{1,9})?(?:Z|[+-]\\d\\d:?\\d\\d)?)';
const LEVEL = '(TRACE|DEBUG|INFO|AUDIT|WARNING|WARN|ERROR|CRITICAL)';
const DATED = new RegExp(`^(?:(\\S{1,120}) )?${TIME} (?:(\\d{1,10}) )?${LEVEL} {1,8}([\\w.-]{1,120})(?: |$)`);
const BARE = new RegExp(
  `^${LEVEL} {1,8}((?:nova|cinder|neutron|glance|keystone|heat|oslo)[\\w.-]{0,120})(?: |$)`,
);
const CONTEXT = /^\[((?:-|None|req-|global-)[^\]\n]{0,400})\] ?/;
const INSTANCE = /^\[(?:instance|volume): ([0-9A-Za-z-]{1,64})\] ?/;
/** Colours of a terminal, also as syslog escapes them. */
// oxlint-disable-next-line no-control-regex
const COLOUR = /(?:\u001B|#033)\[[0-9;]{0,12}m/g;
/** Where the code is, as development setups log it. */
const CODE_PLACE = / ?\{\{\(pid=\d{1,10}\)[^}]{0,300}\}\}$/;
const EMPTY = new Set(['-', 'None']);

/** Undefined where the text does not begin like a line of oslo.log. */
export function readOsloLine(text: string): OsloLine | undefined {
  if (text.charCodeAt(0) === 0x7b) return readOsloJson(text);
  const colourless = text.includes('\u001B[') || text.includes('#033[') ? text.replaceAll(COLOUR, '') : text;
  const head = colourless.length > HEAD_LENGTH ? colourless.slice(0, HEAD_LENGTH) : colourless;
  const dated = DATED.exec(head);
  if (dated !== null) {
    const [whole, file, time, pid, level = '', logger = ''] = dated;
    return rest(colourless, whole.length, { file: fileProgram(file), time, pid, level, logger });
  }
  const bare = BARE.exec(head);
  if (bare === null) return undefined;
  const [whole, level = '', logger = ''] = bare;
  return rest(colourless, whole.length, { file: undefined, time: undefined, pid: undefined, level, logger });
}

function rest(
  text: string,
  start: number,
  head: Pick<OsloLine, 'file' | 'time' | 'pid' | 'level' | 'logger'>,
): OsloLine {
  let at = start;
  const bracketed = CONTEXT.exec(text.slice(at, at + 512));
  if (bracketed !== null) at += bracketed[0].length;
  const instance = INSTANCE.exec(text.slice(at, at + 96));
  if (instance !== null) at += instance[0].length;
  const message = text.slice(at);
  return {
    ...head,
    context: bracketed === null ? undefined : readContext(bracketed[1] ?? ''),
    instance: instance?.[1],
    message: message.endsWith('}}') ? message.replace(CODE_PLACE, '') : message,
  };
}

/**
 * `-`; `req-ID USER PROJECT DOMAIN USER_DOMAIN PROJECT_DOMAIN`; the same behind the global request id (`None` where
 * there is none). `-` and `None` stand for nothing.
 */
function readContext(text: string): OsloContext {
  const words = text.split(' ', 12);
  const ids: (string | undefined)[] = [];
  let at = 0;
  while (at < words.length && ids.length < 2) {
    const word = words[at] ?? '';
    if (!word.startsWith('req-') && !word.startsWith('global-') && !(at === 0 && EMPTY.has(word))) break;
    ids.push(valueOf(word));
    at++;
  }
  return {
    requestId: ids.at(-1),
    globalRequestId: ids.length > 1 ? ids[0] : undefined,
    user: valueOf(words[at]),
    project: valueOf(words[at + 1]),
  };
}

function valueOf(word: string | undefined): string | undefined {
  return word === undefined || word === '' || EMPTY.has(word) ? undefined : word;
}

/** `nova-compute.log.1.2017-05-16_13:55:31` is a file of nova-compute. */
function fileProgram(file: string | undefined): string | undefined {
  return file === undefined ? undefined : /^(?:.{0,80}\/)?([a-z][\w-]{1,40})\.log/.exec(file)?.[1];
}
