/** A request as the API's server logs it (nova.osapi_compute.wsgi.server; eventlet's own form without `status:`). */
import type { EventOutcome } from '../../src/normalize/event-draft.ts';

export interface ApiRequest {
  readonly address: string | undefined;
  readonly method: string;
  /** Without query. */
  readonly path: string;
  readonly status: string;
}

export interface ApiMeaning {
  readonly rule: string;
  readonly action: string;
  readonly outcome: EventOutcome;
  readonly target: ApiTarget;
  readonly isNoise: boolean;
}

export interface ApiTarget {
  readonly typeURI: string;
  /** Undefined: not told, such as that of what is being made. */
  readonly id: string | undefined;
  /** The collection, where the target is not one thing of it. */
  readonly collection: string;
}

const REQUEST =
  /^(?:\(\d{1,10}\) )?([0-9A-Fa-f.:,]{2,80})?(?: - - \[[^\]]{1,60}\])? ?"([A-Z]{3,10}) ([^" ]{1,2000})(?: HTTP\/[\d.]{1,4})?" (?:status: )?(\d{3})(?: |$)/;
/** Collections of the compute API and what their members are. */
const COLLECTIONS: ReadonlyMap<string, string> = new Map([
  ['servers', 'compute/machine'],
  ['images', 'data/image'],
  ['os-images', 'data/image'],
  ['os-keypairs', 'data/security/key'],
  ['os-volumes', 'storage/volume'],
  ['volumes', 'storage/volume'],
  ['os-snapshots', 'storage/volume/snapshot'],
  ['snapshots', 'storage/volume/snapshot'],
  ['os-networks', 'network'],
  ['os-tenant-networks', 'network'],
  ['networks', 'network'],
  ['ports', 'network/connection'],
  ['subnets', 'network/domain'],
  ['routers', 'network/node/router'],
  ['floatingips', 'network/connection/floatingip'],
  ['security-groups', 'network/node/firewall'],
  ['os-security-groups', 'network/node/firewall'],
  ['users', 'data/security/account/user'],
  ['projects', 'data/security/project'],
  ['roles', 'data/security/role'],
  ['groups', 'data/security/group'],
  ['os-hypervisors', 'compute/node'],
  ['os-hosts', 'compute/node'],
]);
const METHODS: ReadonlyMap<string, string> = new Map([
  ['POST', 'create'],
  ['PUT', 'update'],
  ['PATCH', 'update'],
  ['DELETE', 'delete'],
]);

/** Undefined where the message is no request. */
export function readApiRequest(message: string): ApiRequest | undefined {
  const found = REQUEST.exec(message.length > 2400 ? message.slice(0, 2400) : message);
  if (found === null) return undefined;
  const [, addresses, method = '', target = '', status = ''] = found;
  const query = target.indexOf('?');
  return {
    // A proxy's own address stands behind the caller's.
    address: addresses?.split(',', 1)[0],
    method,
    path: query < 0 ? target : target.slice(0, query),
    status,
  };
}

/** `family`: the type of the service, for collections that have none of their own. */
export function apiMeaning(request: ApiRequest, family = 'service/compute'): ApiMeaning {
  const steps = pathSteps(request.path);
  const [collection = '', id, sub, subId] = steps;
  const isServer = collection === 'servers';
  const target: ApiTarget = {
    typeURI: COLLECTIONS.get(collection) ?? `${family}${collection === '' ? '' : `/${slug(collection)}`}`,
    id: id === 'detail' || id === 'action' ? undefined : id,
    collection,
  };
  const outcome: EventOutcome = /^[23]/.test(request.status) ? 'success' : 'failure';
  const meaning = (rule: string, action: string, isNoise = false): ApiMeaning => ({
    rule,
    action,
    outcome,
    target,
    isNoise,
  });
  const action = METHODS.get(request.method);
  if (action === undefined) {
    const isKnown = ['GET', 'HEAD', 'OPTIONS'].includes(request.method);
    const isList = id === undefined || id === 'detail';
    return isKnown
      ? meaning('api-read', isList ? 'read/list' : 'read', true)
      : meaning('unmapped-api-method', 'unknown');
  }
  // What is asked for stands in the body.
  if (sub === 'action' || id === 'action')
    return meaning(isServer ? 'api-server-action' : 'api-action', 'unknown');
  if (collection === 'auth' && action === 'create') return meaning('api-authenticate', 'authenticate');
  if (!isServer || sub === undefined) return meaning(`api-${action}`, action);
  if (sub === 'os-volume_attachments' || sub === 'os-interface') {
    const verb = action === 'create' ? 'update/attach' : action === 'delete' ? 'update/detach' : 'update';
    return meaning('api-server-device', verb);
  }
  if (sub === 'remote-consoles') return meaning('api-server-console', 'read/console');
  if (sub === 'migrations') return meaning('api-server-migration', 'update/migrate');
  return meaning(
    'api-server-part',
    subId === undefined && action === 'create' ? 'update' : `update/${verbOf(action)}`,
  );
}

/** A part of a machine that is made or taken away is a change of the machine. */
function verbOf(action: string): string {
  return action === 'delete' ? 'remove' : 'set';
}

/** Steps behind the version, and behind the project that older versions have there. */
function pathSteps(path: string): readonly string[] {
  const steps = path.split('/', 24).filter((step) => step !== '');
  const version = steps.findIndex((step) => /^v\d(?:\.\d{1,2})?$/.test(step));
  const behind = version < 0 ? steps : steps.slice(version + 1);
  const isProject = /^(?:[0-9a-f]{32}|[0-9a-f-]{36})$/.test(behind[0] ?? '');
  return isProject ? behind.slice(1) : behind;
}

function slug(text: string): string {
  return text.slice(0, 60).replaceAll(/[^A-Za-z0-9_.-]/g, '-');
}
