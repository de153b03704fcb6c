/** What each call of the XenAPI means in CADF terms: the table of README.md as data. */
import { BEGINNINGS, CALLS, METHODS, POLLING } from './call-actions.ts';

export interface CallMeaning {
  readonly action: string;
  /** Stable name of the rule. */
  readonly rule: string;
  /** CADF type of what the call is about. */
  readonly typeURI: string;
  /** Class of the object, `VM`; of an HTTP call the one its argument most likely is. */
  readonly objectClass: string;
}

const CLASS_TYPES: Readonly<Record<string, string>> = {
  VM: 'compute/machine',
  console: 'compute/machine',
  VGPU: 'compute/machine',
  VUSB: 'compute/machine',
  VTPM: 'compute/machine',
  VM_appliance: 'service/composition',
  VDI: 'storage/volume',
  VBD: 'storage/volume',
  SR: 'storage/node',
  PBD: 'storage/node',
  VIF: 'network/connection',
  PIF: 'network',
  network: 'network',
  Bond: 'network',
  VLAN: 'network',
  tunnel: 'network',
  network_sriov: 'network',
  host: 'compute/node',
  pool: 'network/cluster',
  Cluster: 'network/cluster',
  Cluster_host: 'compute/node',
  subject: 'data/security/account/user',
  user: 'data/security/account/user',
  role: 'data/security/role',
  secret: 'data/security/key',
  Certificate: 'data/security/credential',
  certificate: 'data/security/credential',
  session: 'service/compute',
  task: 'data/workload/task',
  message: 'data/file/log',
  VMPP: 'data/config',
  VMSS: 'data/config',
  pool_patch: 'data/package',
  pool_update: 'data/package',
  host_patch: 'data/package',
  Repository: 'data/package',
  crashdump: 'data/file',
  host_crashdump: 'data/file',
  blob: 'data/file',
  PCI: 'compute/node',
  PGPU: 'compute/node',
  PUSB: 'compute/node',
};

export function isPolling(call: string): boolean {
  return POLLING.has(call);
}

/** CADF type of an argument of this name: `vm`, `VM`, `host`. */
export function argumentClass(name: string): string | undefined {
  return ARGUMENT_CLASSES.get(name.toLowerCase());
}

export function classType(objectClass: string): string | undefined {
  return Object.hasOwn(CLASS_TYPES, objectClass) ? CLASS_TYPES[objectClass] : undefined;
}

const MAX_REMEMBERED = 1024;
const MAX_CALL = 128;
const remembered = new Map<string, CallMeaning>();

/** The meaning of a call; action `unknown` where no rule fits. There are some hundreds of calls: they are remembered. */
export function callMeaning(call: string): CallMeaning {
  const known = remembered.get(call);
  if (known !== undefined) return known;
  if (remembered.size >= MAX_REMEMBERED || call.length > MAX_CALL) return findMeaning(call);
  // A copy: a part of a line keeps the whole of it in memory.
  const copy = Buffer.from(call).toString();
  const found = findMeaning(copy);
  remembered.set(copy, found);
  return found;
}

function findMeaning(call: string): CallMeaning {
  if (call.startsWith('http/')) return httpMeaning(call);
  const dot = call.indexOf('.') < 0 ? call.indexOf('_') : call.indexOf('.');
  const objectClass = call.slice(0, Math.max(dot, 0));
  const method = call.slice(dot + 1);
  const action = known(CALLS, `${objectClass}.${method}`) ?? methodAction(method);
  return meaning('api', action, objectClass, typeOf(objectClass, method));
}

function typeOf(objectClass: string, method: string): string {
  if (method === 'change_password') return 'data/security/credential';
  if (method === 'create_VLAN' || method === 'create_VLAN_from_PIF') return 'network';
  if (/^(?:pool_)?(?:un)?(?:certificate|crl)_|_server_certificate$|_ca_certificate$/.test(method))
    return 'data/security/credential';
  if (method.endsWith('_to_roles') || method.endsWith('_from_roles')) return 'data/security/role';
  return classType(objectClass) ?? 'service/compute';
}

function methodAction(method: string): string | undefined {
  const single = method.startsWith('pool_') ? method.slice('pool_'.length) : method;
  const whole = known(METHODS, single);
  if (whole !== undefined) return whole;
  return BEGINNINGS.find(([beginning]) => single.startsWith(beginning))?.[1];
}

/** Of the rest, the HTTP method in the call's name says whether something was read or sent. */
function httpMeaning(call: string): CallMeaning {
  const action =
    known(CALLS, call) ??
    (call.startsWith('http/get_') ? 'read' : call.startsWith('http/put_') ? 'update' : undefined);
  if (call.includes('host_') || call.includes('system_status')) {
    const isLog = call.includes('logs');
    return meaning('http', action, 'host', isLog ? 'data/file/log' : 'compute/node');
  }
  if (call.includes('audit_log')) return meaning('http', action, 'log', 'data/file/log');
  if (call.includes('pool_')) return meaning('http', action, 'pool', 'network/cluster');
  if (call.includes('vdi')) return meaning('http', action, 'VDI', 'storage/volume');
  if (/export|import|console|vncsnapshot|migrate|vm/.test(call))
    return meaning('http', action, 'VM', 'compute/machine');
  return meaning('http', action, 'service', 'service/compute');
}

function meaning(
  kind: 'api' | 'http',
  action: string | undefined,
  objectClass: string,
  typeURI: string,
): CallMeaning {
  return action === undefined
    ? { action: 'unknown', rule: `unmapped-${kind}-call`, typeURI, objectClass }
    : { action, rule: `${kind}-${action.replaceAll('/', '-')}`, typeURI, objectClass };
}

function known(table: Readonly<Record<string, string>>, key: string): string | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}

const ARGUMENT_CLASSES: ReadonlyMap<string, string> = new Map(
  Object.keys(CLASS_TYPES).map((objectClass) => [objectClass.toLowerCase(), objectClass]),
);
