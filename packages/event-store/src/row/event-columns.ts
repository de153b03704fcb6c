/**
 * What the typed columns of the `events` table hold of an event. Filters, facets and the Hermes interface read these;
 * the event's own text is kept beside (`event-text.ts`).
 *
 * Every column is the string at one place of the event, as it stands, '' where there is none. Numbers and booleans are
 * written as JSON writes them. Objects and arrays in the place of a string count as absent.
 *
 * The three roles take their fields from the resource they mean (`resolveRole`).
 */

import { isMembers, resolveRole } from '@cadf-pipeline/cadf-model';
import type { ResolvedRole, RoleName } from '@cadf-pipeline/cadf-model';

export interface RoleColumns {
  readonly id: string;
  /** `typeURI`. */
  readonly type: string;
  readonly name: string;
  /** `project_id`, an extension of OpenStack. */
  readonly project: string;
  /** `domain`, the qualifier of the name. */
  readonly domain: string;
  /** `host/address`. */
  readonly address: string;
  /** `host/agent`. */
  readonly agent: string;
  /** The role it points at; then the other fields are that role's. '' when it stands for itself. */
  readonly refersTo: RoleName | '';
}

export interface EventColumns {
  readonly id: string;
  readonly eventTime: string;
  readonly eventType: string;
  readonly action: string;
  readonly outcome: string;
  readonly severity: string;
  readonly name: string;
  readonly initiator: RoleColumns;
  readonly target: RoleColumns;
  readonly observer: RoleColumns;
  /** `reason/reasonCode`. */
  readonly reasonCode: string;
  readonly requestPath: string;
  /** The strings among `tags`. */
  readonly tags: readonly string[];
  /** Whether `reporterchain` has steps. */
  readonly hasChain: boolean;
  /** Whether '' in a column may stand for empty text, a list or an object, or `tags` for anything else than texts. */
  readonly odd: boolean;
}

/** Reads the columns off a parsed event; undefined when it is no JSON object. */
export function readEventColumns(event: unknown): EventColumns | undefined {
  if (!isMembers(event)) return undefined;
  const roles = {
    initiator: resolveRole(event, 'initiator'),
    target: resolveRole(event, 'target'),
    observer: resolveRole(event, 'observer'),
  };
  const reason = event['reason'];
  const tags = event['tags'];
  const chain = event['reporterchain'];
  return {
    id: text(event['id']),
    eventTime: text(event['eventTime']),
    eventType: text(event['eventType']),
    action: text(event['action']),
    outcome: text(event['outcome']),
    severity: text(event['severity']),
    name: text(event['name']),
    initiator: readRole(roles.initiator),
    target: readRole(roles.target),
    observer: readRole(roles.observer),
    reasonCode: isMembers(reason) ? text(reason['reasonCode']) : '',
    requestPath: text(event['requestPath']),
    tags: Array.isArray(tags) ? tags.filter((tag): tag is string => typeof tag === 'string') : [],
    hasChain: Array.isArray(chain) && chain.length > 0,
    odd:
      OWN_PLACES.some((name) => isOdd(event[name])) ||
      (isMembers(reason) ? isOdd(reason['reasonCode']) : Array.isArray(reason)) ||
      isOddTags(tags) ||
      Object.values(roles).some(({ resource }) => isOddRole(resource)),
  };
}

const OWN_PLACES = ['eventType', 'action', 'outcome', 'severity', 'name', 'requestPath'] as const;
const ROLE_PLACES = ['id', 'typeURI', 'name', 'project_id', 'domain'] as const;
const HOST_PLACES = ['address', 'agent'] as const;

/** Looks like an absent one in a text column, and is there. */
function isOdd(value: unknown): boolean {
  return value === '' || (typeof value === 'object' && value !== null);
}

function isOddTags(tags: unknown): boolean {
  if (!Array.isArray(tags)) return tags !== undefined && tags !== null;
  return tags.some((tag) => typeof tag !== 'string' && tag !== null);
}

function isOddRole(resource: unknown): boolean {
  if (!isMembers(resource)) return Array.isArray(resource);
  const host = resource['host'];
  if (isMembers(host) ? HOST_PLACES.some((name) => isOdd(host[name])) : Array.isArray(host)) return true;
  return ROLE_PLACES.some((name) => isOdd(resource[name]));
}

/** Pending, itself or a child of it in the outcome taxonomy, relative or absolute, however written. */
export function isPending(outcome: string): boolean {
  if (outcome === 'pending') return true;
  if (outcome === 'success' || outcome === 'failure') return false;
  return /^(?:.*\/outcome\/)?pending(?:\/|$)/i.test(outcome);
}

function readRole({ resource, refersTo }: ResolvedRole): RoleColumns {
  if (!isMembers(resource)) return { ...NO_ROLE, refersTo };
  const host = resource['host'];
  return {
    id: text(resource['id']),
    type: text(resource['typeURI']),
    name: text(resource['name']),
    project: text(resource['project_id']),
    domain: text(resource['domain']),
    address: isMembers(host) ? text(host['address']) : '',
    agent: isMembers(host) ? text(host['agent']) : '',
    refersTo,
  };
}

const NO_ROLE: RoleColumns = {
  id: '',
  type: '',
  name: '',
  project: '',
  domain: '',
  address: '',
  agent: '',
  refersTo: '',
};

function text(value: unknown): string {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}
