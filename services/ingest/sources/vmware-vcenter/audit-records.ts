/**
 * Audit lines of the appliance's other programs: Single Sign-On (`audit_events.log`, tags sso and websso), the appliance
 * management (`applmgmt-audit`), the authorization service (`AuthorizationService.AuditLog`).
 */
import { parseTimestamp } from '@cadf-pipeline/cadf-model';
import type { CadfEvent } from '@cadf-pipeline/cadf-model';
import { digestOf } from '../../src/normalize/event-draft.ts';
import type { EventDraft, EventOutcome } from '../../src/normalize/event-draft.ts';
import { exactTime } from '../../src/normalize/event-time.ts';
import type { EventTime } from '../../src/normalize/event-time.ts';
import { UNKNOWN_ID, qualifiedId, resource, service } from '../../src/normalize/resources.ts';
import type { RawRecord } from '../../src/source.ts';
import { operationOf, shortName } from './event-names.ts';
import { namedUser } from './initiator.ts';
import type { Members } from './json-event.ts';
import { text } from './json-event.ts';
import { quotedName, refineSso } from './sso-operations.ts';
import { TARGET_TYPES } from './target-kinds.ts';
import { events } from './to-event.ts';

export interface AuditRecord {
  readonly rule: string;
  readonly event: CadfEvent;
}

/** Where the record was written, and when, if its own text does not say. */
export interface AuditOrigin {
  readonly host: string;
  readonly time: EventTime | undefined;
}

export function isSsoAudit(data: Members): boolean {
  return (
    typeof data['type'] === 'string' && data['eventSeverity'] !== undefined && data['timestamp'] !== undefined
  );
}

/** `{"user":…,"client":…,"timestamp":…,"description":…,"eventSeverity":…,"type":…}`; undefined: no readable time. */
export function readSsoAudit(record: RawRecord, data: Members, origin: AuditOrigin): AuditRecord | undefined {
  const type = text(data['type']) ?? '';
  const description = text(data['description']) ?? '';
  const time = origin.time ?? ssoTime(text(data['timestamp']));
  if (time === undefined) return undefined;
  const operation = refineSso(shortName(type), operationOf(type), description);
  const name = quotedName(description);
  const client = text(data['client']);
  const { initiator } = namedUser({ scope: origin.host, name: text(data['user']), address: client });
  const kind = operation.kind ?? 'service';
  const target =
    kind === 'service'
      ? service(origin.host, 'sso')
      : resource(
          TARGET_TYPES[kind],
          name === undefined ? UNKNOWN_ID : qualifiedId(origin.host, kind, name),
          name,
        );
  const outcome: EventOutcome =
    operation.outcome === 'success' && text(data['eventSeverity']) === 'ERROR'
      ? 'failure'
      : operation.outcome;
  return {
    rule: operation.rule,
    event: make(record, origin.host, time, `${type}\n${text(data['user']) ?? ''}\n${description}`, {
      action: operation.action,
      outcome,
      initiator,
      target,
      observer: service(origin.host, 'sso'),
      name: type,
    }),
  };
}

/** `MM/DD/YYYY HH:MM:SS GMT` or `UTC`. */
function ssoTime(written: string | undefined): EventTime | undefined {
  const found = /^(\d\d)\/(\d\d)\/(\d{4}) (\d\d:\d\d:\d\d) (?:GMT|UTC)$/.exec(written ?? '');
  if (found === null) return undefined;
  const parsed = parseTimestamp(`${found[3]}-${found[1]}-${found[2]}T${found[4]}Z`);
  return parsed === undefined ? undefined : exactTime(parsed.epochMs);
}

const AUTHORIZATION = /Authorization Result: User=(.{0,256}?), priv=(.{0,256}?), authorized=(True|False)\b/i;

/** `INFO Authorization Result: User=U, priv=P, authorized=True`: a decision on an appliance management request. */
export function readApplianceAudit(
  record: RawRecord,
  message: string,
  origin: AuditOrigin,
): AuditRecord | undefined {
  const found = AUTHORIZATION.exec(message.slice(0, 1024));
  if (found === null || origin.time === undefined) return undefined;
  const [decision, name = '', privilege = '', authorized = ''] = found;
  const isAllowed = authorized.toLowerCase() === 'true';
  return {
    rule: 'appliance-authorization',
    event: make(record, origin.host, origin.time, decision, {
      action: 'evaluate',
      outcome: isAllowed ? 'success' : 'failure',
      initiator: namedUser({ scope: origin.host, name: name.trim() }).initiator,
      target: service(origin.host, 'applmgmt'),
      observer: service(origin.host, 'applmgmt'),
      name: 'Authorization Result',
      reasonCode: isAllowed ? 'authorized' : 'not-authorized',
      tags: [events.tag('privilege', privilege)],
    }),
  };
}

const ACCESS =
  /AuthorizationService\.AuditLog\b.{0,100}?Action performed by principal\(name=([^,]{1,256}),isGroup=(?:true|false)\):(.{1,700})/;
const ACCESS_ACTIONS: readonly (readonly [string, string])[] = [
  ['Added access control', 'allow'],
  ['Add access control', 'allow'],
  ['Remove access control', 'revoke'],
  ['Removed access control', 'revoke'],
  ['Add role', 'create'],
  ['Update role', 'update'],
  ['Delete role', 'delete'],
];

/** Permissions and roles, as the authorization service of the appliance logs them. */
export function readAccessAudit(
  record: RawRecord,
  message: string,
  origin: AuditOrigin,
): AuditRecord | undefined {
  const found = ACCESS.exec(message.slice(0, 1500));
  if (found === null || origin.time === undefined) return undefined;
  const [, name, what = ''] = found;
  const action = ACCESS_ACTIONS.find(([start]) => what.startsWith(start));
  const role =
    /\brole (?:Id=)?(-?\d{1,12})(?:,Name=([^,]{1,256}))?/.exec(what) ?? /roles=\[(-?\d{1,12})/.exec(what);
  const principal = /Name=([^,\]]{1,256}),isGroup=/.exec(what)?.[1];
  return {
    rule: action === undefined ? 'unmapped-authorization-service' : `authorization-service-${action[1]}`,
    event: make(record, origin.host, origin.time, what, {
      action: action?.[1] ?? 'unknown',
      outcome: 'success',
      initiator: namedUser({ scope: origin.host, name }).initiator,
      target: resource(
        TARGET_TYPES.role,
        role?.[1] === undefined ? UNKNOWN_ID : qualifiedId(origin.host, 'role', role[1]),
        role?.[2],
      ),
      observer: service(origin.host, 'vpxd-svcs'),
      name: action?.[0] ?? what.slice(0, 60),
      tags: principal === undefined ? [] : [events.tag('principal', principal)],
    }),
  };
}

function make(
  record: RawRecord,
  host: string,
  time: EventTime,
  said: string,
  draft: Omit<EventDraft, 'identity' | 'time'>,
): CadfEvent {
  return events.make([record], {
    identity: [host, 'audit', String(time.epochMs), digestOf(said)],
    time,
    ...draft,
  });
}
