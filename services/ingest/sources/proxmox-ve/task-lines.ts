/** Lines that begin with a UPID: `tasks/index`, its rotated copies, and `tasks/active`. */
import type { Outcome } from '../../src/source.ts';
import { deadLetter } from '../../src/normalize/outcomes.ts';
import type { Entry } from './messages.ts';
import type { TaskState } from './task-event.ts';
import { taskOutcome } from './task-event.ts';
import { readUpid } from './upid.ts';

const HEX_TIME = /^[0-9A-Fa-f]{8}$/;

/** `UPID ENDTIME STATUS` of the index, `UPID SAVED[ ENDTIME[ STATUS]]` of the active list, or the UPID alone. */
export function readTaskLine(entry: Entry): Outcome {
  const line = entry.header.message;
  const upid = readUpid(line);
  if (upid === undefined) return brokenUpid(entry, line);
  const rest = line.slice(upid.text.length).trim();
  const state = stateOf(rest);
  return state === undefined
    ? deadLetter(
        [entry.record],
        'PROXMOX_VE_TASK_LINE_UNREADABLE',
        `"${rest.slice(0, 60)}" behind the UPID is neither the end time of tasks/index (8 hex digits) nor the 0 or 1 of tasks/active. Send the line as Proxmox wrote it.`,
      )
    : taskOutcome(entry, upid, state);
}

function stateOf(rest: string): TaskState | undefined {
  if (rest === '' || rest === '0' || rest === '1') return { phase: 'begun' };
  const words = rest.startsWith('0 ') || rest.startsWith('1 ') ? rest.slice(2) : rest;
  const blank = words.indexOf(' ');
  const end = blank < 0 ? words : words.slice(0, blank);
  if (!HEX_TIME.test(end)) return undefined;
  return {
    phase: 'ended',
    endMs: Number.parseInt(end, 16) * 1000,
    status: blank < 0 ? '' : words.slice(blank + 1).trim(),
  };
}

export function brokenUpid({ record }: Entry, text: string): Outcome {
  return deadLetter(
    [record],
    'PROXMOX_VE_UPID_UNREADABLE',
    `"${text.slice(0, 80)}" is no whole UPID (UPID:NODE:PID:PSTART:START:TYPE:ID:USER:). The record broke off or was changed on its way; send it again from the node.`,
  );
}
