/** Entries of the API as JSON: of the cluster's log (`/cluster/log`), of task lists (`/nodes/N/tasks`, `/cluster/tasks`). */
import type { EventTime } from '../../src/normalize/event-time.ts';
import { exactTime } from '../../src/normalize/event-time.ts';
import type { RecordHeader } from '../../src/normalize/header.ts';
import type { TaskState } from './task-event.ts';
import type { Upid } from './upid.ts';
import { readUpid } from './upid.ts';

export type JsonEntry =
  | {
      readonly kind: 'message';
      readonly header: RecordHeader;
      readonly node: string;
      readonly time: EventTime;
    }
  | { readonly kind: 'task'; readonly upid: Upid; readonly state: TaskState }
  | { readonly kind: 'broken' };

/** Undefined where the text is no JSON object of either kind. */
export function readJsonEntry(text: string): JsonEntry | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { kind: 'broken' };
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const members = new Map<string, unknown>(Object.entries(value));
  return members.has('upid') ? readTask(members) : readLogEntry(members);
}

function readTask(members: ReadonlyMap<string, unknown>): JsonEntry {
  const upid = readUpid(textOf(members, 'upid'));
  if (upid === undefined) return { kind: 'broken' };
  const end = members.get('endtime');
  const endMs = typeof end === 'number' && Number.isFinite(end) ? end * 1000 : undefined;
  // The status of one task is `stopped`, and how it ended stands beside it.
  const written = textOf(members, 'status');
  const isStopped = members.has('exitstatus') || written === 'stopped';
  const status = textOf(members, 'exitstatus') || (isStopped ? '' : written);
  if (endMs === undefined && !isStopped && (status === '' || status === 'RUNNING' || status === 'running'))
    return { kind: 'task', upid, state: { phase: 'begun' } };
  return {
    kind: 'task',
    upid,
    state: {
      phase: 'ended',
      status,
      ...(endMs !== undefined && endMs >= 0 && endMs < 1e13 ? { endMs } : {}),
    },
  };
}

/** `{time,node,user,pri,tag,msg,pid,uid}`: as the daemon wrote it to syslog too, with the user in angle brackets. */
function readLogEntry(members: ReadonlyMap<string, unknown>): JsonEntry | undefined {
  const written = members.get('time');
  const time = typeof written === 'string' && /^\d{1,11}$/.test(written) ? Number(written) : written;
  const node = textOf(members, 'node');
  const text = textOf(members, 'msg');
  if (typeof time !== 'number' || node === '' || !members.has('msg')) return undefined;
  const user = textOf(members, 'user');
  const pid = members.get('pid');
  const program = textOf(members, 'tag');
  return {
    kind: 'message',
    node,
    time: exactTime(time * 1000),
    header: {
      form: 'envelope',
      message: user === '' ? text : `<${user}> ${text}`,
      host: node,
      ...(program === '' ? {} : { program }),
      ...(typeof pid === 'number' || typeof pid === 'string' ? { pid: String(pid) } : {}),
    },
  };
}

function textOf(members: ReadonlyMap<string, unknown>, name: string): string {
  const value = members.get(name);
  return typeof value === 'string' ? value : '';
}
