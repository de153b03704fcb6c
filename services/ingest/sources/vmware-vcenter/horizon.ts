/**
 * Events of VMware Horizon (connection servers) as its REST API and the event router give them: `id`, `type`, `severity`,
 * `module`, `machine_dns_name`, `time` in ms, `message`. Only `AUDIT_…` severities are an audit's.
 */
import type { CadfEvent } from '@cadf-pipeline/cadf-model';
import { exactTime, isUsableTime } from '../../src/normalize/event-time.ts';
import { qualifiedId, resource, service, unknownInitiator, user } from '../../src/normalize/resources.ts';
import type { RawRecord } from '../../src/source.ts';
import type { Members } from './json-event.ts';
import { text } from './json-event.ts';
import { events } from './to-event.ts';

export interface HorizonReading {
  readonly rule: string;
  readonly isNoise: boolean;
  make(): CadfEvent;
}

const VERBS: readonly (readonly [RegExp, string])[] = [
  [/LOGGEDOUT|LOGOUT/, 'authenticate/logout'],
  [/LOGGEDIN|LOGIN|AUTHENTICAT|LOGON/, 'authenticate/login'],
  [/ENTITLEMENT_ADD|ADD_\w{0,40}ENTITLEMENT|PERMISSION_ADD|ENTITLE$/, 'allow'],
  [/ENTITLEMENT_REMOVE|REMOVE_\w{0,40}ENTITLEMENT|PERMISSION_REMOVE/, 'revoke'],
  [/_(?:ADDED|ADD|CREATED|CREATE)(?:_|$)|^\w{1,20}_ADD_/, 'create'],
  [/_(?:DELETED|DELETE|REMOVED|REMOVE)(?:_|$)/, 'delete'],
  [/_(?:UPDATED|UPDATE|CHANGED|CHANGE|MODIFIED|EDIT|EDITED|SET)(?:_|$)/, 'update'],
  [/_(?:ENABLED|ENABLE)(?:_|$)/, 'enable'],
  [/_(?:DISABLED|DISABLE)(?:_|$)/, 'disable'],
];
const USER =
  /^User (.{1,256}?) has (?:failed |logged |requested |been |changed |added |removed |updated |created |deleted )/;

export function isHorizonEvent(data: Members): boolean {
  return (
    data['machine_dns_name'] !== undefined && data['severity'] !== undefined && data['type'] !== undefined
  );
}

/** Undefined where it has no usable time. */
export function readHorizonEvent(record: RawRecord, data: Members): HorizonReading | undefined {
  const ms = data['time'];
  if (typeof ms !== 'number' || !isUsableTime(exactTime(ms))) return undefined;
  const type = text(data['type']) ?? '';
  const severity = text(data['severity']) ?? '';
  const host = text(data['machine_dns_name']) ?? 'unknown';
  const message = text(data['message']) ?? '';
  const isAudit = severity.startsWith('AUDIT');
  const action = isAudit ? VERBS.find(([pattern]) => pattern.test(type))?.[1] : 'notify';
  const name = USER.exec(message.slice(0, 1024))?.[1];
  const id = text(data['user_id']);
  const broker = service(host, 'horizon');
  return {
    rule: !isAudit ? 'horizon-status' : action === undefined ? 'unmapped-horizon' : 'horizon-audit',
    isNoise: !isAudit,
    make: () =>
      events.make([record], {
        identity: [host, 'horizon', text(data['id']) ?? '', String(ms)],
        time: exactTime(ms),
        action: action ?? 'unknown',
        outcome: severity === 'AUDIT_FAIL' ? 'failure' : severity === 'AUDIT_SUCCESS' ? 'success' : 'unknown',
        initiator:
          name !== undefined
            ? user({ scope: host, name, ...(id === undefined ? {} : { id }) })
            : id !== undefined
              ? resource('data/security/account/user', qualifiedId(host, 'user', id))
              : unknownInitiator(),
        target: broker,
        observer: broker,
        name: type,
        reasonCode: severity,
      }),
  };
}
