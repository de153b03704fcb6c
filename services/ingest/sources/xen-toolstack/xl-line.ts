/**
 * Lines of `/var/log/xen/xl-DOMAIN.log`, the output of the `xl` that watches over a domain, and what `xl` prints
 * (`tools/xl/xl_vmcontrol.c`). They have no time, no host and no user.
 */
import type { EventOutcome } from '../../src/normalize/event-draft.ts';
import { known, noise } from './told.ts';
import type { Domain, Told } from './told.ts';

/** Beginning and end of a watch over a domain, besides what they tell. */
export interface XlLine {
  readonly told: Told;
  readonly begins?: { readonly name: string; readonly domid: string; readonly pid: string };
  readonly ends?: true;
}

interface Shutdown {
  readonly action: string;
  readonly word: string;
  readonly outcome: EventOutcome;
}

/** `xen/include/public/sched.h`. */
const REASONS: Readonly<Record<string, Shutdown>> = {
  0: { action: 'stop/shutdown', word: 'poweroff', outcome: 'success' },
  1: { action: 'start/reboot', word: 'reboot', outcome: 'success' },
  2: { action: 'stop/suspend', word: 'suspend', outcome: 'success' },
  3: { action: 'stop/crash', word: 'crash', outcome: 'failure' },
  4: { action: 'stop/crash', word: 'watchdog', outcome: 'failure' },
  5: { action: 'start/reset', word: 'soft-reset', outcome: 'success' },
};

const WAITING = /^Waiting for domain (.{1,256}) \(domid (\d{1,9})\) to die \[pid (-?\d{1,10})\]$/;
const SHUT_DOWN = /^Domain (\d{1,9}) has (?:been )?shut down, reason code (\d{1,9})(?: 0x[0-9a-f]{1,8})?\.?$/;
const DESTROYED = /^Domain (\d{1,9}) has been destroyed\.?$/;
const ASKED = /^(Shutting down|Rebooting) domain (\d{1,9})$/;
const FAILED = /^(shutdown|reboot|destroy|pause|unpause|suspend|resume) failed \(rc=(-?\d{1,9})\)$/;
const FAILED_ACTIONS: Readonly<Record<string, string>> = {
  shutdown: 'stop/shutdown',
  reboot: 'start/reboot',
  destroy: 'stop',
  pause: 'stop/pause',
  unpause: 'start/unpause',
  suspend: 'stop/suspend',
  resume: 'start/resume',
};
/** Beginnings of what goes with a shutdown that was told by another line. */
const DETAILS = [
  'Action for shutdown reason code ',
  'Domain has suspended.',
  'Unknown shutdown reason code ',
  'Preserving domain ',
  'dumping core to ',
  'core dump failed ',
  'Waiting for ',
  'PV control interface not available',
  'Use "-F"',
  'failed to retrieve guest configuration',
  '"xl" configuration found',
  'warning, got unexpected event type ',
  'INTERNAL PROBLEM ',
  'Unexpected event type ',
  'Failed to get event',
];
const PROGRESS = [
  'Parsing config ',
  'Daemon running with PID ',
  'Saving to ',
  'Loading new save file ',
  'Savefile contains ',
  'migration target: ',
  'migration sender: ',
  'migration receiver ',
  'Migration successful.',
  'Reading image file',
  'WARNING: ',
  'config parsing ',
  'WARN:',
];

/** `watched`: the domain whose log this is. Undefined where the line is of no known form. */
export function readXlLine(text: string, watched: Domain | undefined): XlLine | undefined {
  switch (text.charCodeAt(0)) {
    case 0x57: {
      // W
      const found = WAITING.exec(text);
      if (found === null) break;
      const [, name = '', domid = '', pid = ''] = found;
      return {
        told: about('domain-watched', 'start', 'success', { domid, name }, text, 'started'),
        begins: { name, domid, pid },
      };
    }
    case 0x44: {
      // D
      const found = SHUT_DOWN.exec(text);
      if (found !== null) return { told: shutDown(found, text, watched) };
      const destroyed = DESTROYED.exec(text);
      if (destroyed !== null) {
        const domain = domainOf(destroyed[1] ?? '', watched);
        return { told: about('domain-destroyed', 'stop', 'success', domain, text, 'destroyed'), ends: true };
      }
      if (text.startsWith('Done. ')) return { told: noise('shutdown-detail'), ends: true };
      if (
        text.includes(' needs to be cleaned up') ||
        (text.startsWith('Domain ') && text.includes(', failed to get event'))
      )
        return { told: noise('shutdown-detail') };
      break;
    }
    case 0x53:
    case 0x52: {
      // S, R
      const found = ASKED.exec(text);
      if (found === null) break;
      const [, verb, domid = ''] = found;
      const [action, word] =
        verb === 'Rebooting' ? ['start/reboot', 'reboot'] : ['stop/shutdown', 'poweroff'];
      return { told: about(`asked-${word}`, action, 'pending', { domid }, text, word) };
    }
    default:
  }
  const failed = FAILED.exec(text);
  if (failed !== null) {
    const [, verb = '', code = ''] = failed;
    const action = known(FAILED_ACTIONS, verb) ?? 'unknown';
    return { told: about('command-failed', action, 'failure', watched ?? {}, text, `rc=${code}`) };
  }
  if (DETAILS.some((detail) => text.startsWith(detail))) return { told: noise('shutdown-detail') };
  if (PROGRESS.some((progress) => text.startsWith(progress))) return { told: noise('progress') };
  return undefined;
}

function shutDown(found: RegExpExecArray, text: string, watched: Domain | undefined): Told {
  const [, domid = '', code = ''] = found;
  const reason = known(REASONS, code);
  const domain = domainOf(domid, watched);
  return reason === undefined
    ? about('unmapped-shutdown-reason', 'unknown', 'unknown', domain, text, code)
    : about(`shutdown-${reason.word}`, reason.action, reason.outcome, domain, text, reason.word);
}

function domainOf(domid: string, watched: Domain | undefined): Domain {
  return watched?.domid === domid ? watched : { domid };
}

function about(
  rule: string,
  action: string,
  outcome: EventOutcome,
  domain: Domain,
  name: string,
  reason: string,
): Told {
  return { kind: 'event', rule, action, outcome, domain, name, reason };
}
