/**
 * What the typed columns of the `events` table hold of an event. Filters, facets and the Hermes interface read these;
 * the event's own text is kept beside (`event-text.ts`).
 *
 * Every column is the string at one place of the event, as it stands, '' where there is none. Numbers and booleans are
 * written as JSON writes them. Objects and arrays in the place of a string count as absent.
 *
 * The three roles take their fields from the resource they name: `initiator`, or `initiatorId` alone, or, where the
 * resource only points at another role (`{"id": "target"}`, the short form of the OpenStack profile), from that role.
 */

export type RoleName = 'initiator' | 'target' | 'observer';

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
}

const ROLE_NAMES: ReadonlySet<string> = new Set(['initiator', 'target', 'observer']);

export function isRoleName(text: string): text is RoleName {
  return ROLE_NAMES.has(text);
}

/** Reads the columns off a parsed event; undefined when it is no JSON object. */
export function readEventColumns(event: unknown): EventColumns | undefined {
  if (!isObject(event)) return undefined;
  const own = {
    initiator: readRole(event, 'initiator'),
    target: readRole(event, 'target'),
    observer: readRole(event, 'observer'),
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
    initiator: resolve(own, 'initiator'),
    target: resolve(own, 'target'),
    observer: resolve(own, 'observer'),
    reasonCode: isObject(reason) ? text(reason['reasonCode']) : '',
    requestPath: text(event['requestPath']),
    tags: Array.isArray(tags) ? tags.filter((tag): tag is string => typeof tag === 'string') : [],
    hasChain: Array.isArray(chain) && chain.length > 0,
  };
}

/** Pending, itself or a child of it in the outcome taxonomy, relative or absolute, however written. */
export function isPending(outcome: string): boolean {
  if (outcome === 'pending') return true;
  if (outcome === 'success' || outcome === 'failure') return false;
  return /^(?:.*\/outcome\/)?pending(?:\/|$)/i.test(outcome);
}

/** Whether a typeURI says nothing: pyCADF writes `unknown` into the short form. */
function isBlankType(type: string): boolean {
  return type === '' || type === 'unknown';
}

type Roles = Readonly<Record<RoleName, RoleColumns>>;

/** One step only: a role that points at a role that points elsewhere keeps the name it wrote. */
function resolve(roles: Roles, name: RoleName): RoleColumns {
  const role = roles[name];
  if (!isReference(role, name)) return role;
  const other = roles[role.id];
  return isReference(other, role.id) ? role : { ...other, refersTo: role.id };
}

function isReference(role: RoleColumns, name: RoleName): role is RoleColumns & { readonly id: RoleName } {
  return isRoleName(role.id) && role.id !== name && isBlankType(role.type) && role.name === '';
}

function readRole(event: Record<string, unknown>, name: RoleName): RoleColumns {
  const resource = event[name];
  if (!isObject(resource)) return { ...NO_ROLE, id: text(event[`${name}Id`]) };
  const host = resource['host'];
  return {
    id: text(resource['id']),
    type: text(resource['typeURI']),
    name: text(resource['name']),
    project: text(resource['project_id']),
    domain: text(resource['domain']),
    address: isObject(host) ? text(host['address']) : '',
    agent: isObject(host) ? text(host['agent']) : '',
    refersTo: '',
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

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
