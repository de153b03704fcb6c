/** The event of a task, from any record that tells of it: its beginning and its end are versions of one event. */
import type { EventOutcome } from '../../src/normalize/event-draft.ts';
import { exactTime } from '../../src/normalize/event-time.ts';
import { redactText } from '../../src/normalize/redact-secrets.ts';
import { service } from '../../src/normalize/resources.ts';
import type { Outcome } from '../../src/source.ts';
import type { Entry } from './messages.ts';
import { events, outcomeOf, placeOf } from './messages.ts';
import { account, target } from './targets.ts';
import { isWarning, outcomeOfStatus } from './task-status.ts';
import { meaningOfTask } from './task-types.ts';
import type { Upid } from './upid.ts';

/** How a task stands. */
export type TaskState =
  | { readonly phase: 'begun' }
  | {
      readonly phase: 'ended';
      /** In the words of the record; empty where it does not say. */
      readonly status: string;
      /** Milliseconds since 1970 UTC, where the record tells it for certain. */
      readonly endMs?: number;
    };

export function taskOutcome(entry: Entry, upid: Upid, state: TaskState): Outcome {
  const place = placeOf(upid.node, entry.cluster);
  const meaning = meaningOfTask(upid.type);
  const outcome: EventOutcome = state.phase === 'begun' ? 'pending' : outcomeOfStatus(state.status);
  const rule = meaning === undefined ? 'unmapped-task' : `task-${state.phase}`;
  return outcomeOf(rule, entry, {
    identity: ['task', upid.text],
    // The same in every version; the header of a syslog line is of the node's local clock, this is UTC.
    time: exactTime(upid.startMs),
    action: meaning?.action ?? 'unknown',
    outcome,
    initiator: account(place, upid.user),
    target: target(meaning?.target ?? 'job', place, upid.id),
    observer: service(upid.node, 'proxmox-ve'),
    name: upid.type,
    reasonCode: state.phase === 'begun' ? 'started' : redactText(state.status) || 'unknown',
    operation: upid.text,
    tags: [...tagsOf(upid), ...stateTags(state), ...programTags(entry)],
  });
}

function tagsOf({ type, user }: Upid): string[] {
  return [
    ...tokenTags(user),
    // The real start is another task, by root@pam.
    ...(/^ha(?:start|stop|shutdown|migrate|relocate)$/.test(type) ? [events.tag('ha', 'request')] : []),
  ];
}

/** `ci@pve!deploy`: the owner of the token, and its name. */
export function tokenTags(user: string): string[] {
  const mark = user.indexOf('!');
  return mark < 0
    ? []
    : [events.tag('api-token', user.slice(mark + 1)), events.tag('token-owner', user.slice(0, mark))];
}

function stateTags(state: TaskState): string[] {
  if (state.phase === 'begun') return [];
  const { endMs, status } = state;
  return [
    ...(endMs === undefined ? [] : [events.tag('ended', new Date(endMs).toISOString())]),
    ...(isWarning(status) ? [events.tag('warnings', status.slice('WARNINGS: '.length))] : []),
  ];
}

/** Which program asked: `qm`, `pct` on a command line, `pvescheduler`, `pve-guests` at boot. */
function programTags({ header }: Entry): string[] {
  return header.program === undefined ? [] : [events.tag('program', header.program)];
}
