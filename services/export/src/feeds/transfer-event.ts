/** Events that this deployment writes because a segment was given or taken. */
import { SYSTEM_SOURCE } from '@cadf-pipeline/control-state';
import type { Members } from '@cadf-pipeline/cadf-model';
import { isMembers } from '@cadf-pipeline/cadf-model';

const TRANSFERS: ReadonlyMap<unknown, string> = new Map([
  ['data/message/stream/feed', 'read'],
  ['data/workload/job/import', 'receive'],
]);

/**
 * Whether an event says that a segment changed hands. Such events stay where they were written: given to others, each
 * segment would be the reason of the next one, for ever. Nobody but the system submits under its source.
 */
export function isTransfer({ action, target }: Members, source: string): boolean {
  if (source !== SYSTEM_SOURCE || !isMembers(target)) return false;
  return action !== undefined && TRANSFERS.get(target['typeURI']) === action;
}
