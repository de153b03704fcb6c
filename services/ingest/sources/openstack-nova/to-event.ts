/** Builds the CADF events of nova's log lines. */
import type { CadfEvent, Resource } from '@cadf-pipeline/cadf-model';
import { createSourceEvents, digestOf, observedState } from '../../src/normalize/event-draft.ts';
import type { EventTime } from '../../src/normalize/event-time.ts';
import { redactRecord, redactText } from '../../src/normalize/redact-secrets.ts';
import { qualifiedId, resource, service, unknownInitiator, uriPart } from '../../src/normalize/resources.ts';
import type { RawRecord } from '../../src/source.ts';
import { readApiRequest } from './api-request.ts';
import type { ApiMeaning, ApiRequest } from './api-request.ts';
import type { InstanceMeaning } from './instance-messages.ts';
import type { OsloContext, OsloLine } from './oslo-line.ts';

const events = createSourceEvents('openstack-nova', 'https://docs.openstack.org/nova/latest/admin/');
const MAX_MESSAGE = 200;

/** A line with what its header and the settings tell of it. */
export interface NovaLine {
  readonly line: OsloLine;
  readonly host: string;
  /** `nova-compute`. */
  readonly program: string;
  readonly time: EventTime;
  /** As they are attached, the one that decided it first. */
  readonly records: readonly RawRecord[];
}

/** An operation that another line began. */
export interface Begun {
  readonly identity: readonly string[];
  readonly requestId: string | undefined;
  readonly context: OsloContext | undefined;
  readonly record: RawRecord;
}

export function apiEvent(nova: NovaLine, request: ApiRequest, meaning: ApiMeaning): CadfEvent {
  const { line, host, program, time } = nova;
  const observer = service(host, program);
  const { typeURI, id, collection } = meaning.target;
  return make(nova, {
    identity: lineIdentity(nova),
    time,
    action: meaning.action,
    outcome: meaning.outcome,
    initiator: userOf(line.context, request.address) ?? unknownInitiator(request.address),
    target: targetOfApi(typeURI, id, collection, observer),
    observer,
    name: redactText(`${request.method} ${request.path}`),
    reasonCode: request.status,
  });
}

/** `begun`: who began the operation this line ends, and where. */
export function instanceEvent(nova: NovaLine, meaning: InstanceMeaning, begun?: Begun): CadfEvent {
  const { line, host, program, time } = nova;
  const observer = service(host, program);
  const { state, operation, device } = meaning;
  const instance = instanceOf(line);
  return make(nova, {
    identity: begun?.identity ?? operationIdentity(nova, meaning),
    time,
    action: meaning.action,
    outcome: meaning.outcome,
    initiator: userOf(line.context) ?? userOf(begun?.context) ?? observer,
    target: instance === undefined ? observer : resource('compute/machine', uriPart(instance)),
    observer,
    name: redactText(line.message.slice(0, MAX_MESSAGE)),
    reasonCode: exceptionOf(nova) ?? line.level,
    ...(operation === undefined ? {} : { operation: operationKey(nova, operation) }),
    ...(state === undefined ? {} : { measurements: [observedState('vm-state', state)] }),
    ...(device === undefined ? {} : { tags: [events.tag('device', device)] }),
  });
}

/** What an operation on an instance is remembered by. */
export function operationKey({ line }: NovaLine, operation: string): string {
  return `${operation} ${instanceOf(line) ?? ''}`;
}

/** The lines of one operation have its request in common; without one, each line is its own. */
export function operationIdentity(nova: NovaLine, { operation }: InstanceMeaning): readonly string[] {
  const { line, host } = nova;
  const requestId = line.context?.requestId;
  if (operation === undefined || requestId === undefined) return lineIdentity(nova);
  return [host, operationKey(nova, operation), requestId];
}

function lineIdentity({ line, host }: NovaLine): readonly string[] {
  return [
    host,
    line.time ?? '',
    line.pid ?? '',
    line.context?.requestId ?? '',
    digestOf(`${line.instance} ${line.message}`),
  ];
}

type Draft = Parameters<typeof events.make>[1];

function make({ line, records }: NovaLine, draft: Draft): CadfEvent {
  const redacted = records.map(redactRecord);
  const { requestId, globalRequestId } = line.context ?? {};
  return events.make(
    redacted.map(({ record }) => record),
    {
      ...draft,
      tags: [
        ...(requestId === undefined ? [] : [events.tag('request', requestId)]),
        ...(globalRequestId === undefined ? [] : [events.tag('global-request', globalRequestId)]),
        ...(draft.tags ?? []),
        ...(redacted.some(({ isRedacted }) => isRedacted) ? [events.tag('redacted', 'record')] : []),
      ],
    },
  );
}

/** Ids of Keystone are unique by themselves, and the same in every other record of OpenStack. */
function userOf(context: OsloContext | undefined, address?: string): Resource | undefined {
  if (context?.user === undefined) return undefined;
  const { user, project } = context;
  const who: Resource & { readonly project_id?: string } = {
    id: uriPart(user),
    typeURI: 'data/security/account/user',
    ...(project === undefined ? {} : { project_id: project }),
    ...(address === undefined ? {} : { host: { address } }),
  };
  return who;
}

function targetOfApi(
  typeURI: string,
  id: string | undefined,
  collection: string,
  observer: Resource,
): Resource {
  if (id !== undefined) {
    const isUuid = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i.test(id);
    return resource(typeURI, isUuid ? id : qualifiedId(observer.id, collection, id), isUuid ? undefined : id);
  }
  // The id of what is made is in the answer, not in the log.
  return collection === '' ? observer : resource(typeURI, 'unknown');
}

/** The instance a line is about: in brackets, else the first UUID of its message. */
export function instanceOf({ instance, message }: OsloLine): string | undefined {
  return (
    instance ??
    /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/.exec(message.slice(0, 1000))?.[0]
  );
}

/** Class of the exception a traceback ends with: `nova.exception.VolumeNotFound`. */
function exceptionOf({ records }: NovaLine): string | undefined {
  const traceback = records[1]?.text ?? '';
  const lines = traceback.slice(-2000).split('\n');
  for (const line of lines.toReversed()) {
    const found =
      /(?:^|\s)((?:[a-z_]\w{0,60}\.){0,8}[A-Za-z]\w{2,80}(?:Error|Exception|NotFound|Failed|Failure|Timeout|Invalid\w{0,40})): /.exec(
        line,
      );
    if (found?.[1] !== undefined) return found[1];
  }
  return undefined;
}

/** Whether a message is a request: quick, for lines of all loggers. */
export function requestOf({ logger, message }: OsloLine): ApiRequest | undefined {
  if (message.indexOf('"') < 0 || !/wsgi|requestlog/.test(logger)) return undefined;
  return readApiRequest(message);
}
