/** What of a value is the standard's own: its words are nobody's secret, whatever somebody calls himself. */
import {
  classifyAction,
  classifyOutcome,
  classifyResource,
  parseTimestamp,
  reporterRoles,
} from '@cadf-pipeline/cadf-model';

const EVENT_URI = 'http://schemas.dmtf.org/cloud/audit/1.0/event';
const UNKNOWN = 'unknown';
const EVENT_TYPES: ReadonlySet<string> = new Set(['monitor', 'activity', 'control']);
const ROLES: ReadonlySet<string> = new Set(reporterRoles);

/** The part of the type of a resource that the taxonomy has. */
export function knownType(value: string): string {
  const { kind, standard } = classifyResource(value);
  return kind === 'standard' ? value : (standard ?? UNKNOWN);
}

/**
 * What stays of a fixed member's text (`fixed` of `place.ts`) that has a copy in it: the text itself where all of it is the
 * standard's; of an action or outcome the part that its taxonomy has. Undefined where nothing of that form would be left.
 */
export function knownFixed(member: string, value: string): string | undefined {
  switch (member) {
    case 'action':
      return partOf(value, classifyAction(value));
    case 'outcome':
      return partOf(value, classifyOutcome(value));
    case 'eventType':
      return EVENT_TYPES.has(value) ? value : undefined;
    case 'eventTime':
      return parseTimestamp(value) === undefined ? undefined : value;
    case 'typeURI':
      return value === EVENT_URI ? value : undefined;
    case 'role':
      return ROLES.has(value) ? value : undefined;
    default:
      return undefined;
  }
}

function partOf(value: string, { kind, standard }: ReturnType<typeof classifyAction>): string {
  return kind === 'standard' ? value : (standard ?? UNKNOWN);
}
