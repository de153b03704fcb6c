/**
 * vmware.log of one machine: snapshots, console tickets, operations in the guest. It names neither the machine (the
 * setting `machine` does) nor who asked.
 */
import type { EventOutcome } from '../../src/normalize/event-draft.ts';
import { guestAction } from '../vmware-vcenter/guest-operations.ts';
import type { EsxiLine } from './esxi-line.ts';
import type { Finding, Said } from './finding.ts';
import { target } from './resources.ts';

const TAKE = /^SnapshotVMX_TakeSnapshot start: '([^']{0,256})'/;
const TAKEN = /^SnapshotVMXTakeSnapshotComplete: (Done with snapshot|Snapshot) '([^']{0,256})'/;
const REQUEST = /opID=(\S{1,64}) seq=(\d{1,12}): Receiving ([A-Za-z]{1,40})\.([A-Za-z]{1,60}) request/;
const RESPONSE = /opID=(\S{1,64}) seq=(\d{1,12}): Completed ([A-Za-z]{1,40}) request(?: (with messages))?/;
const CONSOLE = /^(Issuing new (?:webmks|mks) ticket|Accepting connection for (?:webmks|mks) ticket)/;
/** Requests besides those of the guest → action. */
const REQUESTS: ReadonlyMap<string, string> = new Map([
  ['PowerState.InitiatePowerOff', 'stop'],
  ['PowerState.InitiateReset', 'start/reset'],
  ['PowerState.InitiateSuspend', 'stop/suspend'],
  ['PowerState.InitiatePowerOn', 'start'],
  ['Snapshot.Revert', 'restore'],
  ['Snapshot.Remove', 'delete/snapshot'],
  ['Snapshot.Delete', 'delete/snapshot'],
]);

export function readMachineLog(line: EsxiLine, host: string, machine: string | undefined): Said {
  const head = line.text.slice(0, 512);
  const make = (
    rule: string,
    action: string,
    outcome: EventOutcome,
    name: string,
    operation?: string,
  ): Finding => ({
    rule,
    action,
    outcome,
    target: target(host, 'machine', machine),
    name,
    operation: operation ?? line.opId,
  });
  switch (head.charCodeAt(0)) {
    case 0x53: {
      const take = TAKE.exec(head);
      if (take !== null)
        return make(
          'machine-snapshot',
          'capture',
          'pending',
          'SnapshotVMX_TakeSnapshot',
          `snapshot-${take[1] ?? ''}`,
        );
      const taken = TAKEN.exec(head);
      if (taken === null) break;
      const outcome = taken[1] === 'Snapshot' ? (/fail/i.test(head) ? 'failure' : 'unknown') : 'success';
      return make(
        'machine-snapshot',
        'capture',
        outcome,
        'SnapshotVMXTakeSnapshotComplete',
        `snapshot-${taken[2] ?? ''}`,
      );
    }
    case 0x49: // Issuing
    case 0x41: {
      const console = CONSOLE.exec(head);
      if (console !== null) return make('machine-console', 'read/console', 'success', console[1] ?? '');
      break;
    }
    case 0x4d: // MKSVMX
      if (head.startsWith('MKSVMX: Vigor requested a screenshot'))
        return make('machine-screenshot', 'read/console', 'success', 'Vigor requested a screenshot');
      break;
    case 0x56:
      return readRequest(head, make) ?? { ignored: 'debug-message' };
    default:
  }
  return { ignored: 'debug-message' };
}

/** A request is pending until its response, which has its number and not its name. */
function readRequest(
  head: string,
  make: (rule: string, action: string, outcome: EventOutcome, name: string, operation?: string) => Finding,
): Finding | undefined {
  const request = REQUEST.exec(head);
  if (request !== null) {
    const [, opId = '', seq = '', group = '', name = ''] = request;
    const isGuest = group === 'GuestOps';
    const action = isGuest ? guestAction(name) : REQUESTS.get(`${group}.${name}`);
    if (action === undefined && !isGuest) return undefined;
    const key = `${opId}/${seq}`;
    return {
      ...make(
        action === undefined ? 'unmapped-guest-operation' : 'machine-request',
        action ?? 'unknown',
        'pending',
        `${group}.${name}`,
        key,
      ),
      begins: key,
    };
  }
  const response = RESPONSE.exec(head);
  if (response === null) return undefined;
  const [, opId = '', seq = '', group = '', messages] = response;
  const key = `${opId}/${seq}`;
  // "with messages" may be warnings or the reason of a failure: the line does not say which.
  return {
    ...make('machine-response', 'unknown', messages === undefined ? 'success' : 'unknown', group, key),
    ends: key,
    isNoise: true,
  };
}
