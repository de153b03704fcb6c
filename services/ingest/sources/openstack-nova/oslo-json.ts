/** A line of oslo.log's JSONFormatter, or FluentFormatter: one JSON object with the parts under names. */
import { isMembers } from '@cadf-pipeline/cadf-model';
import type { Members } from '@cadf-pipeline/cadf-model';
import type { OsloContext, OsloLine } from './oslo-line.ts';

const MAX_LENGTH = 256 * 1024;

/** Undefined where the text is no such object. */
export function readOsloJson(text: string): OsloLine | undefined {
  if (text.length > MAX_LENGTH) return undefined;
  // Both formatters name the level; the JSON of others is not parsed.
  if (!text.includes('"levelname"') && !text.includes('"level"')) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isMembers(value)) return undefined;
  const level = textOf(value, 'levelname', 'level');
  const logger = textOf(value, 'name');
  const message = textOf(value, 'message');
  if (level === undefined || logger === undefined || message === undefined) return undefined;
  const traceback = value['traceback'];
  const lines = Array.isArray(traceback) ? traceback.filter((line) => typeof line === 'string') : [];
  return {
    time: textOf(value, 'asctime', 'time')?.replace(',', '.'),
    pid: textOf(value, 'process', 'pid'),
    level: level.toUpperCase(),
    logger,
    context: contextOf(value['context']),
    instance: instanceOf(value),
    message: [message, ...lines].join('\n'),
    file: undefined,
  };
}

function contextOf(context: unknown): OsloContext {
  const members = isMembers(context) ? context : {};
  return {
    requestId: textOf(members, 'request_id'),
    globalRequestId: textOf(members, 'global_request_id'),
    user: textOf(members, 'user_id', 'user'),
    project: textOf(members, 'project_id', 'project', 'tenant'),
  };
}

/** `[instance: UUID] ` or the UUID, beside the message or in `extra`. */
function instanceOf(value: Members): string | undefined {
  const extra = value['extra'];
  const written = textOf(value, 'instance') ?? (isMembers(extra) ? textOf(extra, 'instance') : undefined);
  return /[0-9A-Fa-f]{8}-[0-9A-Fa-f-]{27}/.exec((written ?? '').slice(0, 96))?.[0];
}

function textOf(members: Members, ...names: readonly string[]): string | undefined {
  for (const name of names) {
    const value = members[name];
    if (typeof value === 'number') return String(value);
    if (typeof value === 'string' && value !== '' && value !== '-' && value !== 'None') return value;
  }
  return undefined;
}
