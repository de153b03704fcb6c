/**
 * How the backup of one guest went. One vzdump task may cover many; its own status says only whether all went well.
 * The lines are in the task's log file and in syslog, where vzdump writes them too.
 */
import { exactTime } from '../../src/normalize/event-time.ts';
import { redactText } from '../../src/normalize/redact-secrets.ts';
import { unknownInitiator } from '../../src/normalize/resources.ts';
import type { Outcome } from '../../src/source.ts';
import type { Entry } from './messages.ts';
import { noise, outcomeOf, placeOf } from './messages.ts';
import { account, guest } from './targets.ts';
import type { Upid } from './upid.ts';

const DONE = /^INFO: Finished Backup of VM (\d{1,10}) \(/;
const FAILED = /^ERROR: Backup of VM (\d{1,10}) failed - (.{0,1000})/s;

/** Undefined for other lines. `task` is known in a task's log file only; syslog does not say whose the backup is. */
export function readGuestBackup(entry: Entry, message: string, task?: Upid): Outcome | undefined {
  const start = message.slice(0, 80);
  if (!start.includes(' Backup of VM ') && !start.startsWith('ERROR: Backup of VM ')) return undefined;
  const failed = FAILED.exec(message);
  const number = failed?.[1] ?? DONE.exec(message)?.[1];
  if (number === undefined) return noise('guest-backup-begin', entry, 'Starting Backup');
  const place = task === undefined ? entry.place : placeOf(task.node, entry.cluster);
  const isFailed = failed !== null;
  return outcomeOf('guest-backup', entry, {
    ...(task === undefined
      ? {}
      : {
          identity: ['guest-backup', task.text, number],
          time: exactTime(task.startMs),
          operation: task.text,
        }),
    action: 'backup',
    outcome: isFailed ? 'failure' : 'success',
    initiator: task === undefined ? unknownInitiator() : account(place, task.user),
    target: guest(place, number),
    name: isFailed ? 'Backup of VM failed' : 'Finished Backup of VM',
    ...(isFailed ? { reasonCode: redactText(failed[2] ?? '').trim() || 'failed' } : {}),
  });
}
