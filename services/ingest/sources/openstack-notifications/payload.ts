/** What a payload is about: its type, id and name, under the names each service uses. */
import { isMembers } from '@cadf-pipeline/cadf-model';
import type { Members } from '@cadf-pipeline/cadf-model';
import { text } from './notification.ts';

export interface Subject {
  readonly typeURI: string;
  readonly id: string | undefined;
  readonly name: string | undefined;
}

const TYPES: ReadonlyMap<string, string> = new Map([
  ['instance', 'compute/machine'],
  ['server', 'compute/machine'],
  ['node', 'compute/node'],
  ['flavor', 'data/template/flavor'],
  ['keypair', 'data/security/key'],
  ['aggregate', 'compute/node/aggregate'],
  ['server_group', 'compute/machine/group'],
  ['volume', 'storage/volume'],
  ['snapshot', 'storage/volume/snapshot'],
  ['backup', 'storage/volume/backup'],
  ['volume_type', 'data/template/volume-type'],
  ['volume_type_project', 'data/template/volume-type'],
  ['share', 'storage/directory'],
  ['network', 'network'],
  ['subnet', 'network/domain'],
  ['subnetpool', 'network/domain'],
  ['port', 'network/connection'],
  ['floatingip', 'network/connection/floatingip'],
  ['router', 'network/node/router'],
  ['security_group', 'network/node/firewall'],
  ['security_group_rule', 'network/node/firewall/rule'],
  ['firewall', 'network/node/firewall'],
  ['zone', 'network/domain'],
  ['domain', 'data/security/domain'],
  ['recordset', 'network/domain/recordset'],
  ['image', 'data/image'],
  ['stack', 'service/composition/orchestration'],
  ['user', 'data/security/account/user'],
  ['group', 'data/security/group'],
  ['project', 'data/security/project'],
  ['tenant', 'data/security/project'],
  ['role', 'data/security/role'],
  ['role_assignment', 'data/security/role'],
  ['region', 'data/security/region'],
  ['endpoint', 'data/security/endpoint'],
  ['service', 'data/security/service'],
  ['policy', 'data/security/policy'],
  ['os-trust:trust', 'data/security/trust'],
  ['os-oauth1:access_token', 'data/security/credential'],
  ['os-oauth1:request_token', 'data/security/credential'],
  ['os-oauth1:consumer', 'data/security/account'],
  ['application_credential', 'data/security/credential'],
  ['identity', 'data/security/account/user'],
]);

/** `family`: type of the service that sent it, for what has no type of its own. */
export function subjectOf(resource: string, payload: Members, family: string): Subject {
  const { key, interfaceKey, idNames, nameNames } = namesOf(resource);
  // Older failures tell the arguments of the method.
  const args = payload['args'];
  const inner = payload[key] ?? payload[interfaceKey] ?? (isMembers(args) ? (args[key] ?? args) : undefined);
  const own = isMembers(inner) ? inner : payload;
  const first = (names: readonly string[]): string | undefined => {
    for (const name of names) {
      const found = text(own[name]) ?? text(payload[name]);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  return {
    typeURI: typeOf(resource, family) ?? `${family}/${key === '' ? 'unknown' : key}`,
    id: first(idNames),
    name: first(nameNames),
  };
}

/** Under which names the id and the name of a thing are. */
interface SubjectNames {
  readonly key: string;
  readonly interfaceKey: string;
  readonly idNames: readonly string[];
  readonly nameNames: readonly string[];
}

/** Kinds of things are few and come again. */
const knownNames = new Map<string, SubjectNames>();
const MAX_KNOWN = 1024;

function namesOf(resource: string): SubjectNames {
  const known = knownNames.get(resource);
  if (known !== undefined) return known;
  const key = resource.replaceAll(/[^a-z0-9_]/g, '_');
  const own =
    resource === 'instance' ? ['instance_id', 'instance_uuid', 'uuid', 'id'] : [`${key}_id`, 'uuid', 'id'];
  const shared = ['resource_info', 'resource_id', 'stack_identity', `${key}_uuid`];
  const names: SubjectNames = {
    key,
    interfaceKey: `${key}_interface`,
    idNames: [...own, ...shared, 'flavorid', 'role', 'volume_type_id', 'volume_id'],
    nameNames: ['display_name', 'name', `${key}_name`, 'stack_name', 'key_name', 'host_name'],
  };
  if (knownNames.size >= MAX_KNOWN) knownNames.clear();
  knownNames.set(resource, names);
  return names;
}

/** Words of Keystone mean other things elsewhere: nova's service is a process, cinder's group one of volumes. */
function typeOf(resource: string, family: string): string | undefined {
  const type = TYPES.get(resource);
  const isOther = type?.startsWith('data/security/') === true && resource !== 'keypair';
  if (!isOther || family === 'service/security' || family === 'service' || family === '') return type;
  return resource === 'domain' && family === 'service/network' ? 'network/domain' : undefined;
}

/** What went wrong: of a versioned `fault`, of `exception`, `message`, `reason` of older ones. */
export function faultOf(payload: Members): string | undefined {
  const fault = payload['fault'];
  if (isMembers(fault)) return text(fault['exception']) ?? text(fault['exception_message']);
  const exception = payload['exception'];
  if (isMembers(exception)) return text(exception['kind']) ?? text(exception['message']);
  return (
    text(payload['exception']) ??
    text(payload['reason']) ??
    text(payload['state_reason']) ??
    text(payload['code'])
  );
}
