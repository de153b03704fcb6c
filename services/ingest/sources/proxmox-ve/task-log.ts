/** A task's own log, `tasks/X/UPID`: which task it is, only the name of the file tells; how it ended, its last line. */
import type { Outcome } from '../../src/source.ts';
import { readGuestBackup } from './guest-backups.ts';
import type { Entry } from './messages.ts';
import { noise } from './messages.ts';
import { taskOutcome } from './task-event.ts';
import type { Upid } from './upid.ts';

export function readTaskLogLine(entry: Entry, task: Upid): Outcome {
  const line = entry.header.message;
  const found = /^TASK (OK|ERROR: |WARNINGS: \d{1,9})/.exec(line.slice(0, 32));
  if (found === null)
    return readGuestBackup(entry, line, task) ?? noise('task-log-line', entry, `${task.type} log`);
  const word = found[1] ?? '';
  const status = word === 'ERROR: ' ? line.slice('TASK ERROR: '.length).trim() : word;
  return taskOutcome(entry, task, { phase: 'ended', status });
}
