/** The objects of OCSF that stand for parts of an event. Members without a value are undefined. */
import { classifyResource } from '@cadf-pipeline/cadf-model';
import type { Members } from '@cadf-pipeline/cadf-model';
import { membersOf, textOf } from '../event-parts.ts';
import { hostOf } from '../host-of.ts';
import { isBelow } from './classify.ts';
import { OTHER } from './classes.ts';

/** Objects of OCSF need an id or a name: where an event has neither, this is the name. */
const NOT_SAID = 'unknown';

export interface OcsfUser {
  readonly uid?: string | undefined;
  readonly name?: string | undefined;
  readonly domain?: string | undefined;
  readonly type?: string | undefined;
  readonly type_id?: number | undefined;
}

/** Services, groups, entities and resources. */
export interface OcsfNamed {
  readonly uid?: string | undefined;
  readonly name?: string | undefined;
  readonly type?: string | undefined;
}

export interface OcsfEndpoint {
  readonly ip?: string | undefined;
  readonly hostname?: string | undefined;
  readonly name?: string | undefined;
  readonly port?: number | undefined;
}

export interface OcsfAuthorization {
  readonly decision: string;
  readonly policy?: { readonly uid: string } | undefined;
}

export interface OcsfHttpRequest {
  readonly user_agent?: string | undefined;
  readonly url?: { readonly path: string } | undefined;
}

export function userOf(resource: Members): OcsfUser {
  const type = textOf(resource, 'typeURI');
  return {
    ...serviceOf(resource),
    domain: textOf(resource, 'domain'),
    type,
    type_id: type === undefined ? undefined : userTypeOf(type),
  };
}

export function serviceOf(resource: Members): OcsfNamed {
  const uid = textOf(resource, 'id');
  return { uid, name: textOf(resource, 'name') ?? (uid === undefined ? NOT_SAID : undefined) };
}

export function namedOf(resource: Members): OcsfNamed {
  return { ...serviceOf(resource), type: textOf(resource, 'typeURI') };
}

/** Undefined where the resource does not say where it is. */
export function endpointOf(resource: Members): OcsfEndpoint | undefined {
  const { ipv4, ipv6, name, port } = hostOf(resource);
  const ip = ipv4 ?? ipv6;
  if (ip === undefined && name === undefined) return undefined;
  // A host name of OCSF is one of DNS; others, with underscores, are names all the same.
  const isHostname = name !== undefined && HOSTNAME.test(name);
  return {
    ip,
    hostname: isHostname ? name : undefined,
    name: isHostname ? undefined : name,
    port: port === undefined ? undefined : portOf(port),
  };
}

export function endpointOrUnknown(resource: Members): OcsfEndpoint {
  return endpointOf(resource) ?? { name: NOT_SAID };
}

/** By a control event: what was decided, and by which policy. */
export function authorizationOf(event: Members): OcsfAuthorization | undefined {
  if (textOf(event, 'eventType') !== 'control') return undefined;
  const uid = textOf(membersOf(event, 'reason'), 'policyId');
  return {
    decision: textOf(event, 'action') ?? NOT_SAID,
    policy: uid === undefined ? undefined : { uid },
  };
}

export function httpRequestOf(event: Members, initiator: Members): OcsfHttpRequest | undefined {
  const agent = textOf(membersOf(initiator, 'host'), 'agent');
  const path = textOf(event, 'requestPath');
  if (agent === undefined && path === undefined) return undefined;
  return { user_agent: agent, url: path === undefined ? undefined : { path } };
}

/** RFC 1123 2.1. */
const HOSTNAME =
  /^(?=.{1,253}$)[A-Za-z\d](?:[A-Za-z\d-]{0,61}[A-Za-z\d])?(?:\.[A-Za-z\d](?:[A-Za-z\d-]{0,61}[A-Za-z\d])?)*$/;

function portOf(text: string): number | undefined {
  const port = Number(text);
  return port <= 65_535 ? port : undefined;
}

/** User, Admin, Other. */
function userTypeOf(typeUri: string): number {
  const type = classifyResource(typeUri).canonical;
  if (isBelow(type, 'data/security/account/user')) return 1;
  return isBelow(type, 'data/security/account/admin') ? 2 : OTHER;
}
