/**
 * Prism's `api_audit.log`: every REST call, before its answer is known:
 * `INFO  2026-11-20 18:10:01,001 clientType=ui||userName=…||httpMethod=PUT||restEndpoint=/v3/vms/UUID||…||payload=…`.
 */
import type { CadfEvent, Resource } from '@cadf-pipeline/cadf-model';
import { createSourceEvents, digestOf } from '../../src/normalize/event-draft.ts';
import type { EventTime } from '../../src/normalize/event-time.ts';
import { qualifiedId, resource, service, unknownInitiator, user } from '../../src/normalize/resources.ts';
import type { RawRecord } from '../../src/source.ts';
import { withText } from '../../src/normalize/redact-secrets.ts';
import { withoutSecrets } from './redact.ts';
import { entityType, machineVerb, operationVerb } from './verbs.ts';

export interface ApiCall {
  /** `2026-11-20 18:10:01.001`, perhaps with a zone; empty where there is none. */
  readonly written: string;
  readonly members: ReadonlyMap<string, string>;
  /** Without time: the same however it was relayed. */
  readonly body: string;
}

const TIME = /\b(\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d)?)/;
const MAX_MEMBERS = 64;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

const events = createSourceEvents('nutanix-ahv', 'https://www.nutanix.dev/api-reference/');

/** Undefined where the text is no such call. Linear. */
export function readApiCall(text: string): ApiCall | undefined {
  const start = text.slice(0, 400).indexOf('clientType=');
  if (start < 0 || !text.includes('||')) return undefined;
  const members = new Map<string, string>();
  const body = text.slice(start);
  // The payload comes last and may hold anything.
  const payload = body.indexOf('||payload=');
  for (const part of (payload < 0 ? body : body.slice(0, payload)).split('||', MAX_MEMBERS)) {
    const equals = part.indexOf('=');
    if (equals > 0) members.set(part.slice(0, equals), part.slice(equals + 1));
  }
  if (payload >= 0) members.set('payload', body.slice(payload + '||payload='.length));
  if (!members.has('httpMethod') && !members.has('restEndpoint')) return undefined;
  return { written: (TIME.exec(text.slice(0, start))?.[1] ?? '').replace(',', '.'), members, body };
}

/** Of a machine: `…/vms/UUID/nics`. */
const PARTS = new Set(['disks', 'nics', 'cd-roms', 'gpus', 'pcie-devices', 'serial-ports']);
/** A POST that only asks: `/v3/vms/list`. */
const ASKING = /\/(?:list|query|search|groups|batch_get|search_suggestions)$/;

export function apiAction({ members }: ApiCall): string | undefined {
  const method = (members.get('httpMethod') ?? '').toUpperCase();
  const path = pathOf(members);
  const last = path.slice(path.lastIndexOf('/') + 1);
  if (method === 'GET' || method === 'HEAD' || method === 'OPTIONS') return 'read';
  if (method === 'POST') {
    if (ASKING.test(path)) return 'read';
    if (/\/(?:login|j_spring_security_check|session)$/.test(path)) return 'authenticate/login';
    if (last === 'logout') return 'authenticate/logout';
    if (last === 'set_power_state') return powerState(members.get('payload') ?? '');
    const before = path.slice(0, -last.length - 1);
    if (before.endsWith('/power_op')) return power(last);
    if (last === 'snapshots' || last === 'snapshot') return 'capture';
    if (PARTS.has(last)) return 'update/attach';
    // `…/vms/UUID/update`: what is called of a thing there is.
    const isOfOne = UUID.test(before.slice(before.lastIndexOf('/') + 1));
    return machineVerb(last) ?? operationVerb(last) ?? (isOfOne ? 'update' : 'create');
  }
  if (method === 'PUT' || method === 'PATCH') return 'update';
  if (method !== 'DELETE') return undefined;
  const collection = path.slice(0, -last.length - 1);
  return PARTS.has(collection.slice(collection.lastIndexOf('/') + 1)) ? 'update/detach' : 'delete';
}

/** `{"transition":"ACPI_SHUTDOWN"}`. */
function powerState(payload: string): string {
  const word = /"transition"\s{0,4}:\s{0,4}"(\w{1,32})"/.exec(payload.slice(0, 4096))?.[1] ?? '';
  return power(word);
}

function power(word: string): string {
  switch (word.toUpperCase()) {
    case 'ON':
      return 'start';
    case 'OFF':
      return 'stop';
    case 'RESET':
      return 'start/reset';
    default:
      return machineVerb(word) ?? 'update';
  }
}

/** What came of the call is not in the record: the outcome is unknown. */
export function apiEvent(
  call: ApiCall,
  action: string,
  time: EventTime,
  record: RawRecord,
  host: string,
): CadfEvent {
  const { members } = call;
  const clean = withoutSecrets(record.text);
  const userName = members.get('userName') ?? '';
  const address = members.get('clientIp') ?? members.get('remoteIp');
  const name = `${members.get('httpMethod') ?? ''} ${pathOf(members)}`;
  return events.make([clean === record.text ? record : withText(record, clean)], {
    identity: [host, call.written === '' ? String(time.epochMs) : call.written, digestOf(call.body)],
    time,
    action,
    outcome: 'unknown',
    initiator:
      userName === ''
        ? unknownInitiator(address)
        : user({ scope: host, name: userName, address, agent: members.get('clientType') }),
    target: targetOf(call, host),
    observer: service(host, 'prism'),
    name: withoutSecrets(name),
    reasonCode: members.get('httpMethod') ?? 'call',
    tags: clean === record.text ? [] : [events.tag('redacted', 'payload')],
  });
}

function pathOf(members: ReadonlyMap<string, string>): string {
  const endpoint = members.get('restEndpoint') ?? '';
  const query = endpoint.indexOf('?');
  return (query < 0 ? endpoint : endpoint.slice(0, query)).slice(0, 512);
}

/** The last thing in the path that has an id, or the collection. */
function targetOf({ members }: ApiCall, host: string): Resource {
  const path = pathOf(members);
  if (/\/(?:log(?:in|out)|j_spring_security_check|session)$/.test(path)) return service(host, 'prism');
  const segments = path.split('/', 32).filter((segment) => segment !== '');
  // What is attached to a machine, or detached from it, changes the machine.
  const at = segments.findLastIndex(
    (segment, index) => UUID.test(segment) && !PARTS.has(segments[index - 1] ?? ''),
  );
  const own = members.get('entityUuid');
  const id = own !== undefined && UUID.test(own) ? own : segments[at];
  const kind =
    (at > 0 ? segments[at - 1] : segments.findLast((segment) => entityType(segment) !== undefined)) ?? '';
  const typeURI = entityType(kind) ?? (id === undefined ? 'service/compute' : 'unknown');
  return id === undefined
    ? resource(typeURI, qualifiedId(host, path === '' ? 'api' : path), path === '' ? undefined : path)
    : resource(typeURI, qualifiedId(id));
}
