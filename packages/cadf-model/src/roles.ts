/**
 * Which resource an event means by its initiator, target or observer: the resource itself, its id alone
 * (`initiatorId`, DSP0262 6.6.1), or another role's, where it only points at that one (`{"id": "target"}`, the short
 * form of the OpenStack profile). The store's columns and filters read roles by this one rule.
 */
import { isMembers } from './json-members.ts';

export const roleNames = ['initiator', 'target', 'observer'] as const;
export type RoleName = (typeof roleNames)[number];

export interface ResolvedRole {
  /** Mostly an object; undefined where the event has none, anything else where the event says so. */
  readonly resource: unknown;
  /** The role it points at, whose resource this is; '' when it stands for itself. */
  readonly refersTo: RoleName | '';
}

export function isRoleName(text: unknown): text is RoleName {
  return text === 'initiator' || text === 'target' || text === 'observer';
}

/** One step only: a role that points at a role that points elsewhere keeps what it wrote. */
export function resolveRole(event: Readonly<Record<string, unknown>>, name: RoleName): ResolvedRole {
  const own = ownResource(event, name);
  const refersTo = referredRole(own, name);
  if (refersTo === '') return { resource: own, refersTo };
  const other = ownResource(event, refersTo);
  return referredRole(other, refersTo) === ''
    ? { resource: other, refersTo }
    : { resource: own, refersTo: '' };
}

function ownResource(event: Readonly<Record<string, unknown>>, name: RoleName): unknown {
  const resource = event[name];
  if (isMembers(resource)) return resource;
  const id = event[`${name}Id`];
  return id === null || id === undefined ? resource : { id };
}

/** pyCADF writes the type `unknown` into the short form. */
function referredRole(resource: unknown, name: RoleName): RoleName | '' {
  if (!isMembers(resource)) return '';
  const { id, typeURI, name: called } = resource;
  if (!isRoleName(id) || id === name) return '';
  return (typeURI === 'unknown' || isBlank(typeURI)) && isBlank(called) ? id : '';
}

/** Says nothing as a text: absent, empty, a list or an object. */
function isBlank(value: unknown): boolean {
  return value === '' || value === undefined || typeof value === 'object';
}
