/** Taxonomy values of an event: action (DSP0262 A.3), outcome (A.4) and resource types (A.2). */
import type { FaultCode } from '../fault-codes.ts';
import type { FaultSink } from '../fault.ts';
import { report } from '../fault.ts';
import type { TaxonomyKind } from '../taxonomy.ts';
import { classifyAction, classifyOutcome, classifyResource } from '../taxonomy.ts';
import { maxKeyLength } from './text.ts';

type CodeOfKind = Readonly<Record<TaxonomyKind, FaultCode | undefined>>;

/** Which fault each kind of value is; undefined for none. */
export const actionCodes: CodeOfKind = {
  standard: undefined,
  extension: undefined,
  alias: 'CADF_ACTION_ALIAS',
  'other-case': 'CADF_ACTION_CASE',
  foreign: 'CADF_ACTION_FOREIGN',
  'unknown-root': 'CADF_ACTION_NOT_IN_TAXONOMY',
  malformed: 'CADF_ACTION_MALFORMED',
};

export const outcomeCodes: CodeOfKind = {
  standard: undefined,
  extension: undefined,
  alias: 'CADF_OUTCOME_NOT_IN_TAXONOMY',
  'other-case': 'CADF_OUTCOME_CASE',
  foreign: 'CADF_OUTCOME_NOT_IN_TAXONOMY',
  'unknown-root': 'CADF_OUTCOME_NOT_IN_TAXONOMY',
  malformed: 'CADF_OUTCOME_NOT_IN_TAXONOMY',
};

export const resourceTypeCodes: CodeOfKind = {
  standard: undefined,
  extension: undefined,
  alias: 'CADF_RESOURCE_TYPE_ALIAS',
  'other-case': 'CADF_RESOURCE_TYPE_CASE',
  foreign: 'CADF_RESOURCE_TYPE_FOREIGN',
  'unknown-root': 'CADF_RESOURCE_TYPE_NOT_IN_TAXONOMY',
  malformed: 'CADF_RESOURCE_TYPE_MALFORMED',
};

export function checkAction(sink: FaultSink, action: unknown, eventType: unknown): void {
  if (typeof action !== 'string' || action === '')
    return report(sink, 'CADF_ACTION_MISSING', '/action', action);
  if (action.length > maxKeyLength) return report(sink, 'CADF_VALUE_TOO_LONG', '/action');
  const { kind, standard } = classifyAction(action);
  const code = actionCodes[kind];
  if (code !== undefined) report(sink, code, '/action', action);
  if (sink.severities.CADF_ACTION_EVENT_TYPE_MISMATCH === 'off' || standard === undefined) return;
  const expected = eventTypeOfAction(standard);
  const known = eventType === 'activity' || eventType === 'monitor' || eventType === 'control';
  if (known && expected !== undefined && expected !== eventType) {
    report(sink, 'CADF_ACTION_EVENT_TYPE_MISMATCH', '/action', action);
  }
}

/** The event type the standard action belongs to; undefined for `unknown`, which goes with any. */
function eventTypeOfAction(standard: string): 'monitor' | 'control' | 'activity' | undefined {
  switch (standard) {
    case 'unknown':
      return undefined;
    case 'monitor':
      return 'monitor';
    case 'allow':
    case 'deny':
    case 'evaluate':
    case 'notify':
      return 'control';
    default:
      return 'activity';
  }
}

export function checkOutcome(sink: FaultSink, outcome: unknown): void {
  if (outcome === 'success' || outcome === 'failure' || outcome === 'pending' || outcome === 'unknown')
    return;
  if (typeof outcome !== 'string' || outcome === '')
    return report(sink, 'CADF_OUTCOME_MISSING', '/outcome', outcome);
  if (outcome.length > maxKeyLength) return report(sink, 'CADF_VALUE_TOO_LONG', '/outcome');
  const code = outcomeCodes[classifyOutcome(outcome).kind];
  if (code !== undefined) report(sink, code, '/outcome', outcome);
}

/** A resource type that is there and not empty. */
export function checkResourceType(sink: FaultSink, type: string, base: string, member: string): void {
  if (type.length > maxKeyLength) return report(sink, 'CADF_VALUE_TOO_LONG', `${base}/${member}`);
  const code = resourceTypeCodes[classifyResource(type).kind];
  if (code !== undefined) report(sink, code, `${base}/${member}`, type);
}
