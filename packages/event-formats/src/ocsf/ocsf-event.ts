/** From an event of CADF to one of OCSF, with the event itself in `raw_data`. docs/ocsf.md has the map. */
import { isMembers, timestampMs } from '@cadf-pipeline/cadf-model';
import type { Members } from '@cadf-pipeline/cadf-model';
import type { EventFacts } from '../event-format.ts';
import type { ReadEvent } from '../event-lines.ts';
import { membersOf, messageOf, roleOf, textOf } from '../event-parts.ts';
import { activityOfEvent } from './classify.ts';
import { CLASSES, OCSF_VERSION } from './classes.ts';
import type { OcsfClass } from './classes.ts';
import {
  authorizationOf,
  endpointOf,
  endpointOrUnknown,
  httpRequestOf,
  namedOf,
  serviceOf,
  userOf,
} from './objects.ts';
import type { OcsfAuthorization, OcsfEndpoint, OcsfHttpRequest, OcsfNamed, OcsfUser } from './objects.ts';
import { ocsfSeverityOf, statusOf } from './status.ts';

export interface OcsfMetadata {
  readonly version: string;
  readonly product: { readonly name: string; readonly vendor_name: string; readonly version: string };
  readonly uid?: string | undefined;
  readonly event_code?: string | undefined;
  readonly correlation_uid?: string | undefined;
  readonly labels?: readonly string[] | undefined;
  readonly log_name?: string | undefined;
  readonly log_provider: string;
  readonly logged_time: number;
  readonly original_time?: string | undefined;
  readonly tenant_uid?: string | undefined;
}

/** What depends on the class. */
interface OfClass {
  readonly actor?:
    | { readonly user: OcsfUser; readonly authorizations?: readonly OcsfAuthorization[] | undefined }
    | undefined;
  readonly user?: OcsfUser | undefined;
  readonly group?: OcsfNamed | undefined;
  readonly privileges?: readonly string[] | undefined;
  readonly entity?: OcsfNamed | undefined;
  readonly service?: OcsfNamed | undefined;
  readonly api?:
    | {
        readonly operation: string;
        readonly service: OcsfNamed;
        readonly response?: { readonly code: number } | undefined;
      }
    | undefined;
  readonly resources?: readonly OcsfNamed[] | undefined;
  readonly src_endpoint?: OcsfEndpoint | undefined;
  readonly dst_endpoint?: OcsfEndpoint | undefined;
  readonly http_request?: OcsfHttpRequest | undefined;
}

export interface OcsfEvent extends OfClass {
  readonly class_uid: number;
  readonly class_name: string;
  readonly category_uid: number;
  readonly category_name: string;
  readonly activity_id: number;
  readonly activity_name: string;
  readonly type_uid: number;
  readonly type_name: string;
  readonly severity_id: number;
  readonly severity: string;
  readonly status_id: number;
  readonly status: string;
  readonly status_code?: string | undefined;
  readonly status_detail?: string | undefined;
  /** Milliseconds since 1970 UTC. */
  readonly time: number;
  readonly message: string;
  readonly metadata: OcsfMetadata;
  readonly raw_data: string;
}

const PRODUCT = { name: 'CADF', vendor_name: 'cadf-pipeline', version: '1.0' } as const;
/** How OpenStack marks the events of one request. */
const CORRELATION = 'correlation_id?value=';
const MAX_INTEGER = 2 ** 31 - 1;

export function toOcsfEvent(given: ReadEvent): OcsfEvent {
  const event: Members = isMembers(given.event) ? given.event : {};
  const initiator = roleOf(event, 'initiator');
  const target = roleOf(event, 'target');
  const observer = roleOf(event, 'observer');
  const { of, id, name } = activityOfEvent(event, target);
  const severity = ocsfSeverityOf(textOf(event, 'severity'));
  const status = statusOf(textOf(event, 'outcome'));
  const reason = membersOf(event, 'reason');
  const ms = timestampMs(textOf(event, 'eventTime') ?? '');
  return {
    class_uid: of.uid,
    class_name: of.name,
    category_uid: of.categoryUid,
    category_name: of.categoryName,
    activity_id: id,
    activity_name: name,
    type_uid: of.uid * 100 + id,
    type_name: `${of.name}: ${name}`,
    severity_id: severity.id,
    severity: severity.name,
    status_id: status.id,
    status: status.name,
    status_code: textOf(reason, 'reasonCode'),
    status_detail: textOf(reason, 'reasonType'),
    time: Number.isNaN(ms) ? given.receivedMs : ms,
    message: textOf(event, 'name') ?? messageOf(event, initiator, target),
    metadata: metadataOf(event, initiator, target, observer, given),
    ...membersOfClass(of, event, initiator, target, observer),
    raw_data: given.json,
  };
}

function metadataOf(
  event: Members,
  initiator: Members,
  target: Members,
  observer: Members,
  facts: EventFacts,
): OcsfMetadata {
  const list: unknown = event['tags'];
  const tags = Array.isArray(list) ? list.filter((tag): tag is string => typeof tag === 'string') : [];
  const correlation = tags.find((tag) => tag.startsWith(CORRELATION));
  return {
    version: OCSF_VERSION,
    product: PRODUCT,
    uid: textOf(event, 'id'),
    event_code: textOf(event, 'action'),
    correlation_uid: correlation?.slice(CORRELATION.length),
    labels: tags.length === 0 ? undefined : tags,
    log_name: facts.source,
    log_provider: textOf(observer, 'name') ?? textOf(observer, 'id') ?? facts.source,
    logged_time: facts.receivedMs,
    original_time: textOf(event, 'eventTime'),
    tenant_uid: textOf(target, 'project_id') ?? textOf(initiator, 'project_id'),
  };
}

function membersOfClass(
  of: OcsfClass,
  event: Members,
  initiator: Members,
  target: Members,
  observer: Members,
): OfClass {
  if (of === CLASSES.base) return {};
  const authorization = authorizationOf(event);
  const common: OfClass = {
    actor: {
      user: userOf(initiator),
      authorizations: authorization === undefined ? undefined : [authorization],
    },
    src_endpoint: endpointOf(initiator),
    http_request: httpRequestOf(event, initiator),
  };
  switch (of) {
    case CLASSES.authentication:
      return {
        ...common,
        user: userOf(isNamed(initiator) ? initiator : target),
        service: serviceOf(observer),
        dst_endpoint: endpointOf(target),
      };
    case CLASSES.accountChange:
      return { ...common, user: userOf(target) };
    case CLASSES.userAccess:
      return {
        ...common,
        user: givenTo(event, 'user') ?? userOf(target),
        privileges: [privilegeOf(event, target)],
      };
    case CLASSES.groupManagement: {
      const group = givenTo(event, 'group');
      return {
        ...common,
        group: group ?? namedOf(target),
        user: givenTo(event, 'user'),
        privileges: group === undefined ? undefined : [privilegeOf(event, target)],
      };
    }
    case CLASSES.entityManagement:
      return { ...common, entity: namedOf(target) };
    default:
      return {
        ...common,
        api: {
          operation: textOf(event, 'action') ?? 'unknown',
          service: serviceOf(observer),
          response: responseOf(membersOf(event, 'reason')),
        },
        resources: isNamed(target) ? [namedOf(target)] : undefined,
        src_endpoint: endpointOrUnknown(initiator),
        dst_endpoint: endpointOf(target),
      };
  }
}

function isNamed(resource: Members): boolean {
  return textOf(resource, 'id') !== undefined || textOf(resource, 'name') !== undefined;
}

/** OpenStack's identity service says beside the target whom a role is given, by id. */
function givenTo(event: Members, whom: 'user' | 'group'): { readonly uid: string } | undefined {
  const uid = textOf(event, whom);
  return uid === undefined ? undefined : { uid };
}

/** The role of an assignment, else what the target is called. */
function privilegeOf(event: Members, target: Members): string {
  return textOf(event, 'role') ?? textOf(target, 'name') ?? textOf(target, 'id') ?? 'unknown';
}

/** Reasons of HTTP are written with and without the URI of its registry. */
function responseOf(reason: Members): { readonly code: number } | undefined {
  const code = textOf(reason, 'reasonCode') ?? '';
  if (!/http/i.test(textOf(reason, 'reasonType') ?? '') || !/^\d{1,10}$/.test(code)) return undefined;
  return Number(code) <= MAX_INTEGER ? { code: Number(code) } : undefined;
}
