/** What the high-availability manager sees of nodes: a node that is fenced loses all its guests. */
import { observedState } from '../../src/normalize/event-draft.ts';
import { qualifiedId, resource, service } from '../../src/normalize/resources.ts';
import type { Outcome } from '../../src/source.ts';
import type { Entry } from './messages.ts';
import { outcomeOf } from './messages.ts';

const CHANGE = /^node '([^']{1,255})': state changed from '([^']{0,64})' => '([^']{1,64})'/;

/** Undefined for other messages. */
export function haNodeState(entry: Entry, message: string): Outcome | undefined {
  if (!message.startsWith("node '")) return undefined;
  const found = CHANGE.exec(message);
  if (found === null) return undefined;
  const [, node = '', , state = ''] = found;
  return outcomeOf('ha-node-state', entry, {
    action: 'monitor',
    outcome: state === 'fence' || state === 'unknown' ? 'failure' : 'success',
    initiator: service(entry.place.node, entry.header.program ?? 'pve-ha-crm'),
    target: resource('compute/node', qualifiedId(node), node),
    name: 'node state changed',
    reasonCode: state,
    measurements: [observedState('node-state', state)],
  });
}
