/**
 * What daemons write for a person into syslog and the cluster log: `<USER> TEXT`. Tasks and logins are told by other
 * files; here are the changes that make no task, or tell more than it.
 */
import type { Resource } from '@cadf-pipeline/cadf-model';
import { qualifiedId, resource, unknownInitiator } from '../../src/normalize/resources.ts';
import type { Outcome } from '../../src/source.ts';
import { readLogin } from './auth-lines.ts';
import type { Entry } from './messages.ts';
import { noise, outcomeOf } from './messages.ts';
import { account, guest } from './targets.ts';
import { tokenTags, taskOutcome } from './task-event.ts';
import { brokenUpid } from './task-lines.ts';
import { readUpid } from './upid.ts';

interface Change {
  readonly action: string;
  readonly name: string;
  readonly target: Resource;
  /** False: the name in angle brackets is a constant, and who did it is not told. */
  readonly isActorTold: boolean;
}

/** `<root@pam> …`: the name and the text; undefined where the message does not begin so. */
export function splitActor(message: string): { readonly user: string; readonly text: string } | undefined {
  if (message.charCodeAt(0) !== 0x3c) return undefined;
  const close = message.indexOf('> ');
  if (close < 2 || close > 300) return undefined;
  const user = message.slice(1, close);
  return /^[^\s<>:/]{1,256}@[^\s<>:/]{1,128}$/.test(user)
    ? { user, text: message.slice(close + 2) }
    : undefined;
}

export function readActorMessage(entry: Entry, user: string, text: string): Outcome {
  if (text.startsWith('starting task ')) {
    const upid = readUpid(text.slice('starting task '.length));
    return upid === undefined ? brokenUpid(entry, text) : taskOutcome(entry, upid, { phase: 'begun' });
  }
  if (text.startsWith('end task ')) return readEnd(entry, text.slice('end task '.length));
  if (text.startsWith('successful ')) return readLogin(entry, text) ?? unmapped(entry, user, text);
  if (TASK_DETAIL.test(text)) return noise('task-detail', entry, text.slice(0, 60));
  // Of the file system of the cluster itself: quorum, synchronization.
  if (entry.header.program === 'pmxcfs') return noise('daemon-message', entry, 'daemon message');
  const change = changeOf(entry, text);
  if (change === undefined) return unmapped(entry, user, text);
  const { action, name, target, isActorTold } = change;
  return outcomeOf('cluster-message', entry, {
    action,
    outcome: 'success',
    initiator: isActorTold ? account(entry.place, user) : unknownInitiator(),
    target,
    name,
    ...(isActorTold ? { tags: tokenTags(user) } : {}),
  });
}

function readEnd(entry: Entry, text: string): Outcome {
  const upid = readUpid(text);
  if (upid === undefined) return brokenUpid(entry, text);
  const { time } = entry;
  return taskOutcome(entry, upid, {
    phase: 'ended',
    status: text.slice(upid.text.length).trim(),
    ...(time.guessed === undefined ? { endMs: time.epochMs } : {}),
  });
}

function unmapped(entry: Entry, user: string, text: string): Outcome {
  return outcomeOf('unmapped-message', entry, {
    action: 'unknown',
    outcome: 'unknown',
    initiator: account(entry.place, user),
    target: resource('unknown', 'unknown'),
    name: text.slice(0, 200),
    tags: tokenTags(user),
  });
}

/** A worker's word of what its task is about to do: the task tells who and how it went. */
const TASK_DETAIL =
  /^(?:(?:snapshot|rollback snapshot|delete snapshot|move disk|move volume) (?:VM|CT|LXC|container) \d|update (?:VM|CT) \d{1,10}: resize )/;

function changeOf(entry: Entry, text: string): Change | undefined {
  const { place } = entry;
  const found = /^update (VM|CT) (\d{1,10}): /.exec(text);
  if (found !== null) {
    const [, kind = '', number = ''] = found;
    return {
      action: 'update',
      name: `update ${kind}`,
      target: guest(place, number, kind === 'VM' ? 'compute/machine' : 'compute/machine/container'),
      isActorTold: true,
    };
  }
  const password = /^changed password for user '(.{1,300})'$/.exec(text);
  if (password !== null) {
    const name = password[1] ?? '';
    return {
      action: 'update',
      name: 'changed password',
      target: account(place, name),
      isActorTold: false,
    };
  }
  const node = /^(adding|deleting) node (\S{1,255}) (?:to|from) cluster/.exec(text);
  if (node === null) return undefined;
  const [, verb = '', name = ''] = node;
  return {
    action: verb === 'adding' ? 'update/attach' : 'update/detach',
    name: `${verb} node`,
    target: resource('compute/node', qualifiedId(name), name),
    isActorTold: false,
  };
}

/** What workers and daemons write beside the task; the task itself is told by its own records. */
export function isWorkerLine(message: string): boolean {
  return (
    message.includes(': UPID:') ||
    message.includes(' UPID:') ||
    /^(?:VM \d{1,10} started with PID |executed '(?:qm|pct) unlock |requesting reboot of |starting (?:lxc |qemu )?(?:vnc proxy|termproxy|spiceterm)|launch command: |end task )/.test(
      message,
    )
  );
}

export function readDaemonMessage(entry: Entry, message: string): Outcome {
  if (isWorkerLine(message)) return noise('worker-line', entry, 'worker line');
  if (/^(?:Starting|Finished) cleanup for /.test(message))
    return noise('guest-cleanup', entry, 'qmeventd cleanup');
  if (
    /^(?:worker \d{1,10} |worker exit|starting \d{1,4} worker|starting server|restarting server|server (?:closing|stopped|shutdown|is running|received)|received signal |send HUP |successfully acquired lock|got shutdown request)/.test(
      message,
    )
  )
    return noise('daemon-lifecycle', entry, 'daemon lifecycle');
  return noise('daemon-message', entry, 'daemon message');
}
