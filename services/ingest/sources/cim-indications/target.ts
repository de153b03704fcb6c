/** What an indication is about: the resource that an embedded instance, an object path or an alert names. */
import type { Resource } from '@cadf-pipeline/cadf-model';
import { UNKNOWN_ID, qualifiedId, resource, uriPart } from '../../src/normalize/resources.ts';
import { valueOf } from './cim-instance.ts';
import type { CimInstance } from './cim-instance.ts';

/** Ends of class names, the most telling first; DSP1041 to DSP1057 and the CIM schema. */
const TYPES: readonly (readonly [RegExp, string])[] = [
  [/Snapshot/, 'storage/volume/snapshot'],
  [/HostSystem|HostComputerSystem|HostedSystem|_Host$/, 'compute/node'],
  [/(?:SettingData|Setting|Configuration|Capabilities)$/, 'data/config'],
  [/(?:Subscription|ListenerDestination(?:CIMXML)?|IndicationFilter|FilterCollection)$/, 'data/config'],
  [/Job$/, 'data/workload/task'],
  [/ComputerSystem$/, 'compute/machine'],
  [/Processor(?:Core)?$/, 'compute/cpu'],
  [/Memory$/, 'storage/memory'],
  [/(?:Volume|Disk|DiskDrive|DiskExtent|StorageExtent|DiskPartition|MediaAccessDevice)$/, 'storage/volume'],
  [/(?:FileSystem|Directory|FileShare)$/, 'storage/directory'],
  [/StoragePool|DiskPool/, 'storage'],
  [/(?:Switch|Network|Port|Endpoint|NetworkAdapter|NetworkPool)$/, 'network'],
  [/Account$/, 'data/security/account/user'],
  [/(?:Role|Privilege)$/, 'data/security/role'],
  [/Group$/, 'data/security/group'],
  [/(?:Credential|Certificate)$/, 'data/security/credential'],
  [/License$/, 'data/security/license'],
  [/Process$/, 'compute/process'],
  [/(?:Log|RecordLog|LogEntry)$/, 'data/log'],
  [/DataFile|File$/, 'data/file'],
  [/(?:Service|Manager|Provider)$/, 'service'],
];

export function typeOfClass(className: string): string {
  const name = className.slice(0, 128);
  return TYPES.find(([pattern]) => pattern.test(name))?.[1] ?? 'unknown';
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

export function isUuid(text: string | undefined): text is string {
  return text !== undefined && text.length === 36 && UUID.test(text);
}

/** An object path as text (DSP0004, DSP0207): `//host/root/ns:Class.Key="value",…`. */
export interface ObjectPath {
  readonly host?: string;
  readonly className?: string;
  /** By name in lower case. */
  readonly keys: ReadonlyMap<string, string>;
}

const PATH =
  /^(?:(?:https?:)?\/\/(?:[^/@\s]{1,128}@)?(\[[^\]\s]{1,64}\]|[^/:\s]{1,255})(?::\d{1,5})?(?=[/,]|$))?/;
const CLASS = /(?:^|[/:,])([A-Za-z]\w{0,80}_\w{1,120})(?=[.,]|$)/;
const KEY = /(\w{1,100})=(?:"((?:[^"\\]|\\.){0,512})"|([^",\s]{1,512}))/g;
const MAX_PATH = 4096;

export function parseObjectPath(text: string | undefined): ObjectPath {
  const path = (text ?? '').slice(0, MAX_PATH);
  const host = PATH.exec(path)?.[1];
  const beforeKeys = path.slice(0, path.indexOf('=') < 0 ? path.length : path.indexOf('='));
  const className = CLASS.exec(beforeKeys)?.[1];
  const keys = new Map<string, string>();
  for (const [, name = '', quoted, plain] of path.matchAll(KEY))
    keys.set(name.toLowerCase(), quoted === undefined ? (plain ?? '') : quoted.replaceAll(/\\(.)/g, '$1'));
  return {
    keys,
    ...(host === undefined ? {} : { host }),
    ...(className === undefined ? {} : { className }),
  };
}

/** The resource of an embedded instance. `uuid`: of the system, where the indication tells it apart from the instance. */
export function instanceTarget(
  instance: CimInstance,
  host: string,
  path: ObjectPath,
  uuid?: string,
): Resource {
  const typeURI = typeOfClass(instance.className);
  const own = valueOf(instance, 'UUID');
  const name = valueOf(instance, 'Name') ?? path.keys.get('name');
  const shown = valueOf(instance, 'ElementName') ?? valueOf(instance, 'Caption') ?? name;
  const known = isUuid(own) ? own : typeURI === 'compute/machine' && isUuid(uuid) ? uuid : undefined;
  if (known !== undefined) return resource(typeURI, uriPart(known.toLowerCase()), shown);
  if (typeURI === 'compute/machine' && isUuid(name)) return resource(typeURI, name.toLowerCase(), shown);
  if (typeURI === 'compute/node' && name !== undefined) return resource(typeURI, uriPart(name), shown);
  const key = valueOf(instance, 'InstanceID') ?? path.keys.get('instanceid');
  const id = key ?? valueOf(instance, 'DeviceID') ?? name ?? valueOf(instance, 'Handle');
  const className = valueOf(instance, 'CreationClassName') ?? instance.className;
  const system = key === undefined ? valueOf(instance, 'SystemName') : undefined;
  if (id === undefined) return pathTarget(path, host) ?? resource(typeURI, UNKNOWN_ID, shown);
  return resource(
    typeURI,
    qualifiedId(host, className, ...(system === undefined ? [] : [system]), id),
    shown,
  );
}

/** The resource an object path names; undefined where it names none. */
export function pathTarget({ className, keys }: ObjectPath, host: string): Resource | undefined {
  const name = keys.get('instanceid') ?? keys.get('deviceid') ?? keys.get('name') ?? keys.get('handle');
  if (name === undefined) return undefined;
  const typeURI = typeOfClass(keys.get('creationclassname') ?? className ?? '');
  if (isUuid(name) && typeURI === 'compute/machine') return resource(typeURI, name.toLowerCase(), name);
  if (typeURI === 'compute/node') return resource(typeURI, uriPart(name), name);
  return resource(
    typeURI,
    qualifiedId(host, keys.get('creationclassname') ?? className ?? 'element', name),
    name,
  );
}

/**
 * The system that a part belongs to: libvirt-cim writes `<domain>/<device>` as InstanceID of allocations, Hyper-V and
 * others `<vendor>:<system>\<device>`. Undefined where the id tells no system.
 */
export function systemOfPart(className: string, id: string | undefined, host: string): Resource | undefined {
  if (id === undefined) return undefined;
  const vendor = /^[A-Za-z]{1,40}:/.exec(id)?.[0] ?? '';
  const rest = id.slice(vendor.length);
  const at = rest.search(/[/\\]/);
  if (at <= 0) return undefined;
  const system = rest.slice(0, at);
  if (isUuid(system)) return resource('compute/machine', system.toLowerCase(), system);
  const prefix = /^([A-Za-z0-9]{1,40})_/.exec(className)?.[1] ?? 'CIM';
  return resource('compute/machine', qualifiedId(host, `${prefix}_ComputerSystem`, system), system);
}
