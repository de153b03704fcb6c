/**
 * Names of vCenter's events and what they mean (vSphere Web Services API, data objects that extend Event; ids of
 * EventEx and ExtendedEvent as vCenter lists them). What is not in the table goes by the rules of derived-names.ts.
 */
import { derivedOperation } from './derived-names.ts';
import { PRODUCT_EVENT_TABLE } from './event-table-products.ts';
import { STATE_EVENT_TABLE } from './event-table-state.ts';
import { UPDATE_EVENT_TABLE } from './event-table-updates.ts';
import { EVENT_TABLE } from './event-table.ts';
import { esxAuditOperation } from './esx-audit.ts';
import { outcomeOfName } from './operation.ts';
import type { Operation } from './operation.ts';

const OUTCOMES = new Map([
  ['!', 'failure'],
  ['?', 'pending'],
  ['+', 'success'],
] as const);

const TABLES = [EVENT_TABLE, STATE_EVENT_TABLE, UPDATE_EVENT_TABLE, PRODUCT_EVENT_TABLE];
const BY_NAME = readTable();
/** Names met, in whatever spelling: vCenter has some 2,500, and working a meaning out costs more than all the rest. */
const SEEN = new Map<string, Operation>();
const MAX_SEEN = 8192;
const MAX_SEEN_NAME = 200;

/** The short form of an event's name: without `vim.event.`, `com.vmware.`, the wrapper's `vsphere.….v0`, and `Event`. */
export function shortName(name: string): string {
  let short = name.startsWith('vim.event.') ? name.slice(10) : name;
  if (short.startsWith('com.vmware.vsphere.') && short.endsWith('.v0')) short = short.slice(19, -3);
  if (short.startsWith('com.vmware.')) short = short.slice(11);
  return short.endsWith('Event') ? short.slice(0, -5) : short;
}

/** What an event is, by its name: always something, `unknown` where the name does not tell for certain. */
export function operationOf(name: string): Operation {
  const seen = SEEN.get(name);
  if (seen !== undefined) return seen;
  const short = shortName(name);
  const operation = BY_NAME.get(short) ?? esxAuditOperation(short) ?? derivedOperation(short);
  if (SEEN.size < MAX_SEEN && name.length <= MAX_SEEN_NAME) SEEN.set(name, operation);
  return operation;
}

function readTable(): ReadonlyMap<string, Operation> {
  const table = new Map<string, Operation>();
  for (const [action, kind, names] of TABLES.flat()) {
    for (const marked of names.split(' ')) {
      const name = marked.replace(/[!?+~#@]+$/, '');
      const marks = marked.slice(name.length);
      const mark = [...OUTCOMES].find(([sign]) => marks.includes(sign));
      table.set(shortName(name), {
        action,
        ...(kind === '' ? {} : { kind }),
        outcome: mark?.[1] ?? outcomeOfName(name),
        rule: marks.includes('#') ? 'noise-event' : `event-${action.replaceAll('/', '-')}`,
        ...(marks.includes('~') ? { isState: true } : {}),
        ...(marks.includes('#') ? { isNoise: true } : {}),
        ...(marks.includes('@') ? { isAutomatic: true } : {}),
      });
    }
  }
  return table;
}
