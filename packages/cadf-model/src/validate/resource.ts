/** Resources and the roles they play in an event (DSP0262: cadf:Resource; short form: DSP2038). */
import type { FaultCode } from '../fault-codes.ts';
import type { FaultSink } from '../fault.ts';
import { report } from '../fault.ts';
import type { Members } from '../json-members.ts';
import { isMembers } from '../json-members.ts';
import { checkAttachments } from './attachments.ts';
import { checkResourceType } from './paths.ts';
import { checkAddresses, checkCredential, checkGeolocation, checkHost } from './resource-parts.ts';
import { checkText, maxKeyLength, maxNameLength } from './text.ts';

/** One of the three roles every event has. */
export interface Role {
  readonly name: 'initiator' | 'target' | 'observer';
  readonly pointer: string;
  readonly idPointer: string;
  readonly missing: FaultCode;
}

export const initiatorRole: Role = {
  name: 'initiator',
  pointer: '/initiator',
  idPointer: '/initiatorId',
  missing: 'CADF_INITIATOR_MISSING',
};
export const targetRole: Role = {
  name: 'target',
  pointer: '/target',
  idPointer: '/targetId',
  missing: 'CADF_TARGET_MISSING',
};
export const observerRole: Role = {
  name: 'observer',
  pointer: '/observer',
  idPointer: '/observerId',
  missing: 'CADF_OBSERVER_MISSING',
};

/** Exactly one of the object and the id form. */
export function checkRole(sink: FaultSink, event: Members, role: Role, value: unknown, id: unknown): void {
  if (id !== undefined && id !== null) checkRoleId(sink, id, role.idPointer);
  if (value === undefined || value === null) {
    if (id === undefined || id === null) reportMissing(sink, event, role);
    return;
  }
  if (id !== undefined && id !== null) report(sink, 'CADF_ROLE_GIVEN_TWICE', role.idPointer, id);
  checkResource(sink, event, value, role.pointer, role.name);
}

function reportMissing(sink: FaultSink, event: Members, role: Role): void {
  const keystone = role === initiatorRole && typeof event['resource_info'] === 'string';
  report(sink, keystone ? 'CADF_INITIATOR_OMITTED' : role.missing, role.pointer);
}

/** An id in the place of a resource. */
export function checkRoleId(sink: FaultSink, id: unknown, pointer: string): void {
  if (typeof id !== 'string' || id === '') return report(sink, 'CADF_ROLE_ID_INVALID', pointer, id);
  if (id.length > maxKeyLength) report(sink, 'CADF_VALUE_TOO_LONG', pointer);
}

/** `self` is the role's name, so that a resource cannot stand for itself; undefined for reporters and calculators. */
export function checkResource(
  sink: FaultSink,
  event: Members,
  value: unknown,
  base: string,
  self: Role['name'] | undefined,
): void {
  if (!isMembers(value)) return report(sink, 'CADF_RESOURCE_NOT_AN_OBJECT', base, value);
  const id = value['id'];
  const type = value['typeURI'];
  if (typeof id !== 'string' || id === '') report(sink, 'CADF_RESOURCE_ID_MISSING', `${base}/id`, id);
  else if (id.length > maxKeyLength) report(sink, 'CADF_VALUE_TOO_LONG', `${base}/id`);
  else if (type === undefined && isRoleName(id)) return checkReference(sink, event, id, base, self);

  if (typeof type === 'string' && type !== '') checkResourceType(sink, type, base, 'typeURI');
  else reportType(sink, value, base);

  const { name, domain, credential, addresses, host, geolocation, geolocationId, attachments } = value;
  if (name !== undefined) checkText(sink, name, base, 'name', maxNameLength);
  if (domain !== undefined) checkText(sink, domain, base, 'domain', maxNameLength);
  if (host !== undefined) checkHost(sink, host, base);
  if (credential !== undefined) checkCredential(sink, credential, base);
  if (addresses !== undefined) checkAddresses(sink, addresses, base);
  if (geolocation !== undefined) checkGeolocation(sink, geolocation, base);
  if (geolocationId !== undefined) checkRoleId(sink, geolocationId, `${base}/geolocationId`);
  if (attachments !== undefined) checkAttachments(sink, attachments, base);
}

function reportType(sink: FaultSink, resource: Members, base: string): void {
  const aliased = resource['type'];
  if (resource['typeURI'] === undefined && typeof aliased === 'string' && aliased !== '') {
    report(sink, 'CADF_RESOURCE_TYPE_UNDER_TYPE', `${base}/type`, aliased);
    return checkResourceType(sink, aliased, base, 'type');
  }
  report(sink, 'CADF_RESOURCE_TYPE_MISSING', `${base}/typeURI`, resource['typeURI']);
}

export function isRoleName(id: string): id is Role['name'] {
  return id === 'target' || id === 'initiator' || id === 'observer';
}

/** The short form stands for the resource of another role, which has to be there and be one itself. */
function checkReference(
  sink: FaultSink,
  event: Members,
  id: Role['name'],
  base: string,
  self: Role['name'] | undefined,
): void {
  if (id === self) return report(sink, 'CADF_RESOURCE_SELF_REFERENCE', `${base}/id`, id);
  const meant = event[id];
  const found = isMembers(meant) ? !isShortForm(meant) : event[`${id}Id`] !== undefined;
  if (!found) return report(sink, 'CADF_RESOURCE_REFERENCE_DANGLING', `${base}/id`, id);
  if (sink.severities.CADF_RESOURCE_REFERENCE !== 'off') report(sink, 'CADF_RESOURCE_REFERENCE', base, id);
}

function isShortForm(resource: Members): boolean {
  const { id, typeURI } = resource;
  return typeURI === undefined && typeof id === 'string' && isRoleName(id);
}
