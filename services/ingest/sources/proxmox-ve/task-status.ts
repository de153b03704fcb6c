/** How a task ended, from the words Proxmox keeps about it (PVE::UPID, `read_status`; proxmox-rest-server). */
import type { EventOutcome } from '../../src/normalize/event-draft.ts';

/** The host died, or the task's log is gone: nobody knows how it ended. */
const UNKNOWN = [
  'unexpected status',
  'unable to read tail',
  'unable to get last line',
  'stopped: unexpected status',
];

export function outcomeOfStatus(status: string): EventOutcome {
  if (status === 'OK' || status === 'successful' || isWarning(status)) return 'success';
  if (status === '' || status === 'unknown') return 'unknown';
  return UNKNOWN.some((words) => status.startsWith(words)) ? 'unknown' : 'failure';
}

/** It did what was asked, and complained. */
export function isWarning(status: string): boolean {
  return /^WARNINGS: \d{1,9}$/.test(status);
}
