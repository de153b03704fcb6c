/** Builds the CADF event of a line of the access log. */
import type { CadfEvent, Resource } from '@cadf-pipeline/cadf-model';
import { attachment, createSourceEvents, digestOf } from '../../src/normalize/event-draft.ts';
import type { EventDraft, EventOutcome } from '../../src/normalize/event-draft.ts';
import type { EventTime } from '../../src/normalize/event-time.ts';
import {
  UNKNOWN_ID,
  qualifiedId,
  resource,
  service,
  unknownInitiator,
} from '../../src/normalize/resources.ts';
import { withText } from '../../src/normalize/redact-secrets.ts';
import type { RawRecord } from '../../src/source.ts';
import type { AccessLine } from './access-line.ts';
import type { PendingChange } from './pending-writes.ts';

const events = createSourceEvents('xenstored', 'https://xenbits.xen.org/docs/unstable/misc/xenstore.txt');

/** What was learned of a domain while its tree was made. */
export interface DomainFacts {
  readonly connection: string;
  readonly name?: string;
  readonly uuid?: string;
}

interface Base {
  readonly host: string;
  readonly line: AccessLine;
  readonly time: EventTime;
  readonly records: readonly RawRecord[];
}

export function changeEvent(pending: PendingChange, isCommitted: boolean): CadfEvent {
  const { change, host, line, time, records } = pending;
  const outcome = isCommitted ? 'success' : 'unknown';
  const base = { host, line, time, records };
  if (change.kind === 'device') {
    const [type = '', number = ''] = change.device.split('/', 2);
    const typeURI = deviceType(type);
    return make(base, {
      action: change.isRemoval ? 'update/detach' : 'update/attach',
      outcome,
      initiator: connectionOf(line.connection, host),
      target: domainOf(change.domain, host),
      attachments: [attachment('device', 'application/json', { typeURI, kind: type, number })],
    });
  }
  // What the guest makes of a request is told when its domain goes away.
  const isRequest = change.rule.startsWith('control-');
  return make(base, {
    action: change.action,
    outcome: isRequest && isCommitted ? 'pending' : outcome,
    initiator: connectionOf(line.connection, host),
    target: domainOf(change.domain, host, change.rule === 'renamed' ? change.value : undefined),
    reasonCode: change.value === '' ? change.rule : change.value,
    ...(isRequest ? { operation: qualifiedId(host, 'domain', change.domain) } : {}),
  });
}

export function startEvent(base: Base, domain: string, facts: DomainFacts | undefined): CadfEvent {
  return make(base, {
    action: 'start',
    outcome: 'success',
    initiator: facts === undefined ? unknownInitiator() : connectionOf(facts.connection, base.host),
    target: domainOf(domain, base.host, facts?.name),
    ...(facts?.uuid === undefined
      ? {}
      : { attachments: [attachment('domain', 'application/json', { domid: domain, uuid: facts.uuid })] }),
  });
}

export function stopEvent(base: Base, domain: string): CadfEvent {
  return make(base, {
    action: 'stop',
    outcome: 'success',
    initiator: unknownInitiator(),
    target: domainOf(domain, base.host),
    operation: qualifiedId(base.host, 'domain', domain),
  });
}

/** Of a special watch, which does not say which domain it was. */
export function announcedEvent(base: Base, isStart: boolean): CadfEvent {
  return make(base, {
    action: isStart ? 'start' : 'stop',
    outcome: 'success',
    initiator: unknownInitiator(),
    target: resource('compute/machine', UNKNOWN_ID),
  });
}

export function refusedEvent(base: Base, error: string): CadfEvent {
  return make(base, {
    action: 'deny',
    outcome: 'failure',
    initiator: connectionOf(base.line.connection, base.host),
    target: service(base.host, 'xenstored'),
    reasonCode: /^[A-Z]{1,32}/.exec(error)?.[0] ?? 'EACCES',
  });
}

/** Of a line that is noise to an audit, where a setting keeps it. */
export function keptEvent(base: Base): CadfEvent {
  const { operation, argument, connection } = base.line;
  const [path = ''] = argument.split(' ', 1);
  const isChange = ['write', 'mkdir', 'setperms', 'conflict', 'commit'].includes(operation);
  return make(base, {
    action: operation === 'rm' ? 'delete' : isChange ? 'update' : 'read',
    outcome: 'unknown',
    initiator: connectionOf(connection, base.host),
    target: resource(
      'data/config',
      path === '' ? UNKNOWN_ID : qualifiedId(base.host, 'xenstore', path),
      path,
    ),
  });
}

type Told = Pick<
  EventDraft,
  'action' | 'initiator' | 'target' | 'attachments' | 'reasonCode' | 'operation'
> & {
  readonly outcome: EventOutcome;
};

function make({ host, line, time, records }: Base, told: Told): CadfEvent {
  const { connection, transaction, operation, argument, written } = line;
  const [clean, isRedacted] = redact(argument);
  return events.make(isRedacted ? records.map(redactRecord) : records, {
    identity: [
      host,
      written === '' ? headerTime(time) : written,
      connection,
      transaction ?? '',
      operation,
      digestOf(argument),
    ],
    time,
    ...told,
    observer: service(host, 'xenstored'),
    name: argument === '' ? operation : `${operation} ${clean}`,
    reasonCode: told.reasonCode ?? operation,
    tags: isRedacted ? [events.tag('redacted', 'password')] : [],
  });
}

/** A year that was guessed from the time of arrival is no part of an identity. */
function headerTime({ epochMs, guessed }: EventTime): string {
  return guessed === 'year' ? new Date(epochMs).toISOString().slice(5) : String(epochMs);
}

/** A tool's socket, or a domain; nothing says who used the tool. */
function connectionOf(connection: string, host: string): Resource {
  return connection.startsWith('D')
    ? domainOf(connection.slice(1), host)
    : service(host, `xenstore/${connection}`);
}

function domainOf(domain: string, host: string, name?: string): Resource {
  return domain === '0'
    ? resource('compute/node', qualifiedId(host, 'domain', domain), name)
    : resource('compute/machine', qualifiedId(host, 'domain', domain), name);
}

function deviceType(type: string): string {
  if (type === 'vif') return 'network/connection';
  return ['vbd', 'vbd3', 'qdisk', 'tap', 'tap2', '9pfs'].includes(type) ? 'storage/volume' : 'unknown';
}

const PASSWORD = /(passw[a-z]{0,8} )(\S.*)$/s;

function redact(argument: string): readonly [clean: string, isRedacted: boolean] {
  if (!argument.includes('passw')) return [argument, false];
  const clean = argument.replace(PASSWORD, '$1***');
  return [clean, clean !== argument];
}

function redactRecord(record: RawRecord): RawRecord {
  return withText(record, record.text.replace(PASSWORD, '$1***'));
}
