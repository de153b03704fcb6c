/**
 * Requests to Ganeti's HTTP servers as they log them: `ADDRESS:PORT METHOD PATH HTTP/1.1 CODE`, with `None` for the
 * request line where it was refused before; since 3.2 `ADDRESS - "METHOD PATH HTTP/1.1" CODE -` (lib/http/server.py).
 * What a RAPI request asks for is told by the operation it makes (lib/rapi/rlib2.py, "Ganeti remote API").
 */
import type { TargetFacts } from './targets.ts';

export interface HttpRequest {
  readonly address: string;
  /** Undefined: refused before it was read. */
  readonly method?: string;
  readonly path?: string;
  readonly code: number;
}

export type RapiMeaning =
  /** An operation of Ganeti: a job of its own. */
  | { readonly kind: 'job'; readonly op: string; readonly facts: TargetFacts; readonly isDryRun: boolean }
  /** Done at once. */
  | {
      readonly kind: 'direct';
      readonly action: string;
      readonly target: 'job' | 'filter' | 'unknown';
      readonly facts: TargetFacts;
      readonly rule: string;
    }
  | { readonly kind: 'read' };

const REQUEST = /^(\S{1,64}):(\d{1,5}) (?:None|([A-Z]{1,16}) (\S{1,4096}) HTTP\/\d(?:\.\d)?) (\d{3})$/;
const NEW_REQUEST = /^(\S{1,64}) - "([A-Z]{1,16}) (\S{1,4096}) HTTP\/\d(?:\.\d)?" (\d{3})(?: \S{1,20})?$/;

export function readHttpRequest(text: string): HttpRequest | undefined {
  if (text.length > 4300) return undefined;
  const found = REQUEST.exec(text);
  if (found !== null) {
    const [, address = '', , method, path, code] = found;
    return {
      address: withoutBrackets(address),
      code: Number(code),
      ...(method !== undefined && path !== undefined && { method, path }),
    };
  }
  const later = NEW_REQUEST.exec(text);
  if (later === null) return undefined;
  const [, address = '', method = '', path = '', code] = later;
  return { address: withoutBrackets(address), method, path, code: Number(code) };
}

/** An IPv6 address is told alike with and without them. */
function withoutBrackets(address: string): string {
  return address.startsWith('[') && address.endsWith(']') ? address.slice(1, -1) : address;
}

const INSTANCE_CALLS: Readonly<Record<string, string>> = {
  'PUT startup': 'INSTANCE_STARTUP',
  'PUT shutdown': 'INSTANCE_SHUTDOWN',
  'POST reboot': 'INSTANCE_REBOOT',
  'POST reinstall': 'INSTANCE_REINSTALL',
  'POST replace-disks': 'INSTANCE_REPLACE_DISKS',
  'PUT activate-disks': 'INSTANCE_ACTIVATE_DISKS',
  'PUT deactivate-disks': 'INSTANCE_DEACTIVATE_DISKS',
  'POST recreate-disks': 'INSTANCE_RECREATE_DISKS',
  'PUT prepare-export': 'BACKUP_PREPARE',
  'PUT export': 'BACKUP_EXPORT',
  'PUT migrate': 'INSTANCE_MIGRATE',
  'PUT failover': 'INSTANCE_FAILOVER',
  'PUT rename': 'INSTANCE_RENAME',
  'PUT modify': 'INSTANCE_SET_PARAMS',
  'POST grow': 'INSTANCE_GROW_DISK',
  'GET console': 'INSTANCE_CONSOLE',
  DELETE: 'INSTANCE_REMOVE',
};
const NODE_CALLS: Readonly<Record<string, string>> = {
  'PUT role': 'NODE_SET_PARAMS',
  'POST modify': 'NODE_SET_PARAMS',
  'POST evacuate': 'NODE_EVACUATE',
  'POST migrate': 'NODE_MIGRATE',
  'POST powercycle': 'NODE_POWERCYCLE',
  'PUT storage/modify': 'NODE_MODIFY_STORAGE',
  'PUT storage/repair': 'REPAIR_NODE_STORAGE',
  'GET storage': 'NODE_QUERY_STORAGE',
};
const GROUP_CALLS: Readonly<Record<string, string>> = {
  'PUT modify': 'GROUP_SET_PARAMS',
  'PUT rename': 'GROUP_RENAME',
  'PUT assign-nodes': 'GROUP_ASSIGN_NODES',
  DELETE: 'GROUP_REMOVE',
};
const NETWORK_CALLS: Readonly<Record<string, string>> = {
  'PUT modify': 'NETWORK_SET_PARAMS',
  'PUT rename': 'NETWORK_RENAME',
  'PUT connect': 'NETWORK_CONNECT',
  'PUT disconnect': 'NETWORK_DISCONNECT',
  DELETE: 'NETWORK_REMOVE',
};
/** Collection → what a POST to it makes, the calls to its members, the kind of a member that is tagged. */
const COLLECTIONS: ReadonlyMap<string, readonly [string, Readonly<Record<string, string>>, string]> = new Map(
  [
    ['instances', ['INSTANCE_CREATE', INSTANCE_CALLS, 'instance']],
    ['nodes', ['NODE_ADD', NODE_CALLS, 'node']],
    ['groups', ['GROUP_ADD', GROUP_CALLS, 'nodegroup']],
    ['networks', ['NETWORK_ADD', NETWORK_CALLS, 'network']],
  ],
);
const WHOLE: ReadonlyMap<string, string> = new Map([
  ['POST instances-multi-alloc', 'INSTANCE_MULTI_ALLOC'],
  ['PUT modify', 'CLUSTER_SET_PARAMS'],
  ['PUT redistribute-config', 'CLUSTER_REDIST_CONF'],
]);
const TAG_OPS: ReadonlyMap<string, string> = new Map([
  ['PUT', 'TAGS_SET'],
  ['DELETE', 'TAGS_DEL'],
]);

export function rapiMeaning(method: string, path: string): RapiMeaning {
  const mark = path.indexOf('?');
  const query = mark < 0 ? '' : path.slice(mark + 1);
  const [collection = '', name, ...rest] = (mark < 0 ? path : path.slice(0, mark))
    .replace(/^\/2(?:\/|$)/, '')
    .split('/')
    .filter((part) => part !== '')
    .slice(0, 8)
    .map(decoded);
  const job = (op: string | undefined, facts: TargetFacts = {}): RapiMeaning | undefined =>
    op === undefined ? undefined : { kind: 'job', op, facts, isDryRun: /(?:^|&)dry-run=[^0&]/.test(query) };
  const found =
    ofCollection(method, collection, name, rest, job) ??
    (name === undefined ? job(WHOLE.get(`${method} ${collection}`)) : undefined) ??
    (collection === 'tags' ? job(TAG_OPS.get(method), { taggedKind: 'cluster' }) : undefined) ??
    direct(method, collection, name);
  if (found !== undefined) return found;
  if (method === 'GET' || method === 'HEAD' || (method === 'PUT' && collection === 'query'))
    return { kind: 'read' };
  return { kind: 'direct', action: 'unknown', target: 'unknown', facts: {}, rule: 'unmapped-rapi' };
}

function ofCollection(
  method: string,
  collection: string,
  name: string | undefined,
  rest: readonly string[],
  job: (op: string | undefined, facts?: TargetFacts) => RapiMeaning | undefined,
): RapiMeaning | undefined {
  const row = COLLECTIONS.get(collection);
  if (row === undefined) return undefined;
  const [create, calls, taggedKind] = row;
  if (name === undefined) return method === 'POST' ? job(create) : undefined;
  if (rest[0] === 'tags') return job(TAG_OPS.get(method), { name, taggedKind });
  // `disk/0/grow` is told by its last part.
  const call = rest[0] === 'disk' ? rest.at(-1) : rest.join('/');
  const key = rest.length === 0 ? method : `${method} ${call}`;
  return Object.hasOwn(calls, key) ? job(calls[key], { name }) : undefined;
}

function direct(method: string, collection: string, name: string | undefined): RapiMeaning | undefined {
  if (collection === 'jobs' && method === 'DELETE' && name !== undefined)
    return {
      kind: 'direct',
      action: 'stop',
      target: 'job',
      facts: { name: `job-${name}` },
      rule: 'rapi-cancel-job',
    };
  if (collection !== 'filters') return undefined;
  const action =
    method === 'POST' ? 'create' : method === 'PUT' ? 'update' : method === 'DELETE' ? 'delete' : undefined;
  return action && { kind: 'direct', action, target: 'filter', facts: { uuid: name }, rule: 'rapi-filter' };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
