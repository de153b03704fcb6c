/** Which object a call is about: its arguments name it by uuid and reference, what it creates only by name. */
import type { Resource } from '@cadf-pipeline/cadf-model';
import { UNKNOWN_ID, qualifiedId, resource, service } from '../../src/normalize/resources.ts';
import type { AuditRecord, Parameter } from './audit-record.ts';
import { argumentClass, classType } from './calls.ts';
import type { CallMeaning } from './calls.ts';

const OWN_NAMES = ['self', 'ref', 'uuid', 'snapshot'];
const NAMES = ['name_label', 'new_name', 'name', 'label', 'hostname'];

/** `scope` qualifies what has a name only. */
export function targetOf(record: AuditRecord, meaning: CallMeaning, scope: string): Resource {
  const { parameters, call } = record;
  if (meaning.typeURI === 'data/security/role') {
    const role = parameters.find(({ name }) => name === 'role');
    if (role !== undefined) return objectOf(role, meaning.typeURI, 'role', scope);
  }
  if (meaning.typeURI === 'data/security/credential' && call.startsWith('session.')) {
    const account = record.subject === '' ? record.user : record.subject;
    return resource(meaning.typeURI, qualifiedId(scope, 'user', account, 'password'), record.user);
  }
  if (call === 'subject.create') return subjectOf(parameters, meaning.typeURI, scope);
  if (meaning.typeURI === 'service/compute') return service(scope, 'xapi');
  const isNew = isCreation(meaning.action);
  const own = ownParameter(parameters, meaning.objectClass, isNew);
  if (own !== undefined) {
    return meaning.typeURI === 'data/security/credential' && own.uuid !== undefined
      ? resource(meaning.typeURI, qualifiedId(own.uuid, 'certificate'), own.value)
      : objectOf(own, meaning.typeURI, meaning.objectClass, scope);
  }
  const named = isNew ? parameters.find(({ name }) => NAMES.includes(name)) : undefined;
  if (named?.value !== undefined)
    return resource(meaning.typeURI, qualifiedId(scope, meaning.objectClass, named.value), named.value);
  const other = isNew
    ? undefined
    : parameters.find((one) => one.ref !== undefined && typeOf(one) !== undefined);
  const otherType = other === undefined ? undefined : typeOf(other);
  if (other !== undefined && otherType !== undefined) return objectOf(other, otherType, other.name, scope);
  if (meaning.objectClass === 'pool') return resource(meaning.typeURI, qualifiedId(scope, 'pool'));
  if (meaning.objectClass === 'log')
    return resource(meaning.typeURI, qualifiedId(scope, 'audit.log'), 'audit.log');
  if (meaning.objectClass === 'host' && call.startsWith('http/'))
    return resource(meaning.typeURI, qualifiedId(scope, 'host'), scope);
  return resource(meaning.typeURI, UNKNOWN_ID);
}

/** A copy has its original as its target: the only one of the two with an id. */
function isCreation(action: string): boolean {
  return action === 'create' || action === 'deploy/register';
}

function ownParameter(
  parameters: readonly Parameter[],
  objectClass: string,
  isNew: boolean,
): Parameter | undefined {
  const className = objectClass.toLowerCase();
  const own = parameters.find(({ name }) => name.toLowerCase() === className);
  return own ?? (isNew ? undefined : parameters.find(({ name }) => OWN_NAMES.includes(name)));
}

function typeOf({ name }: Parameter): string | undefined {
  const objectClass = argumentClass(name);
  return objectClass === undefined ? undefined : classType(objectClass);
}

function objectOf({ value, uuid, ref }: Parameter, typeURI: string, kind: string, scope: string): Resource {
  const id = uuid ?? ref;
  if (id !== undefined) return resource(typeURI, qualifiedId(id), value);
  return value === undefined
    ? resource(typeURI, UNKNOWN_ID)
    : resource(typeURI, qualifiedId(scope, kind, value), value);
}

function subjectOf(parameters: readonly Parameter[], typeURI: string, scope: string): Resource {
  const sid = parameters.find(({ name }) => name === 'subject_identifier')?.value;
  const name = parameters
    .find((parameter) => parameter.name === 'other_config')
    ?.members?.find((member) => member.name === 'subject-name')?.value;
  if (sid === undefined && name === undefined) return resource(typeURI, UNKNOWN_ID);
  return resource(typeURI, accountId(scope, sid ?? name ?? ''), name ?? sid);
}

/** SIDs are unique by themselves; the local accounts belong to a pool. */
export function accountId(scope: string, account: string): string {
  return qualifiedId(accountScope(scope, account), 'user', account);
}

export function accountScope(scope: string, account: string): string {
  return account.startsWith('S-1-') ? 'directory' : scope;
}
