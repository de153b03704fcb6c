/** Builds the CADF event of a Windows event. */
import type { CadfEvent, Resource } from '@cadf-pipeline/cadf-model';
import { attachment, createSourceEvents, digestOf, observedState } from '../../src/normalize/event-draft.ts';
import type { EventTime } from '../../src/normalize/event-time.ts';
import { redactRecord } from '../../src/normalize/redact-secrets.ts';
import { qualifiedId, resource, service, user } from '../../src/normalize/resources.ts';
import type { RawRecord } from '../../src/source.ts';
import { diskFile, diskPath, machineFacts, networkFacts } from './facts.ts';
import type { MachineFacts } from './facts.ts';
import type { Meaning } from './meanings.ts';
import { codeNumber } from './windows-event.ts';
import type { WindowsEvent } from './windows-event.ts';

const events = createSourceEvents(
  'hyper-v',
  'https://learn.microsoft.com/windows-server/virtualization/hyper-v/',
);
/** The system's own accounts: LocalSystem, LocalService, NetworkService, services, machines, drivers. */
const SERVICE_SID = /^S-1-(?:0-0$|5-(?:18|19|20|80|82|83|90|96)(?:-|$))/;
const SERVICE_NAMES = new Set(['SYSTEM', 'N/A', 'LOCAL SERVICE', 'NETWORK SERVICE', 'LOCALSYSTEM', '-']);
const ERROR_CODES = ['ErrorCode', 'VmErrorCode0', 'Status'];

export interface EventInput {
  readonly event: WindowsEvent;
  readonly meaning: Meaning;
  readonly time: EventTime;
  /** The computer that wrote it. */
  readonly computer: string;
  /** Of the event, unless it is another one's version. */
  readonly identity: readonly string[];
  /** Key of the operation where several events are parts of one. */
  readonly operation?: string;
  /** Who began the operation, where this event ends it and does not tell. */
  readonly beganBy?: WindowsEvent;
}

/** `records`: as they are attached, the one that decided it first. */
export function toEvent(records: readonly RawRecord[], input: EventInput): CadfEvent {
  const { event, meaning, time, computer, operation, beganBy } = input;
  // `Hyper-V-VMMS`; by the channel where only that is told.
  const provider = (event.provider === '' ? (event.channel ?? '') : event.provider).replace(
    /^Microsoft-Windows-/,
    '',
  );
  const observer = service(computer, provider);
  const machine = machineFacts(event);
  const target = targetOf(input, machine) ?? observer;
  const who =
    accountOf(event, computer) ??
    (beganBy === undefined ? undefined : accountOf(beganBy, computer)) ??
    observer;
  const initiator = meaning.byGuest === true && meaning.target === 'machine' ? target : who;
  const redacted = records.map(redactRecord);
  const isRedacted = redacted.some((one) => one.isRedacted);
  const attached = redacted.map(({ record }) => record);
  return events.make(attached, {
    identity: input.identity,
    time,
    action: meaning.action,
    outcome: meaning.outcome,
    initiator,
    target,
    observer,
    name: `${provider} ${event.eventId}`,
    reasonCode: reasonCode(event, provider),
    ...(operation === undefined ? {} : { operation }),
    ...(meaning.state === undefined ? {} : { measurements: [observedState('disk-state', meaning.state)] }),
    tags: [...tagsOf(event, machine), ...(isRedacted ? [events.tag('redacted', 'record')] : [])],
    attachments: meaning.action === 'update/migrate' ? [payload(event)] : [],
  });
}

/** Number of the record in its channel on its computer; where it is not told, time and values. */
export function identityOf(event: WindowsEvent, computer: string): readonly string[] {
  const { recordId, eventId, time } = event;
  // The channel is written with `/` by older systems and with `-` or `%4` by others.
  const channel = (event.channel ?? event.provider).replaceAll(/\/|%4/g, '-').toLowerCase();
  const host = computer.toLowerCase();
  if (recordId !== undefined && recordId !== '') return [host, channel, recordId, String(eventId)];
  const values = digestOf(JSON.stringify([...event.data, event.message ?? '']));
  return [host, channel, time?.text ?? '', String(eventId), values];
}

/** The person, or the machine's own process; undefined: the service that wrote the record. */
function accountOf({ userSid, userName }: WindowsEvent, computer: string): Resource | undefined {
  if (userSid !== undefined && userSid !== '') {
    if (userSid.startsWith('S-1-5-83-')) return service(computer, 'Hyper-V-Worker');
    if (SERVICE_SID.test(userSid)) return undefined;
    return user({ scope: computer, name: userName ?? userSid, id: userSid });
  }
  if (userName === undefined || userName === '') return undefined;
  const bare = userName.slice(userName.lastIndexOf('\\') + 1);
  if (SERVICE_NAMES.has(bare.toUpperCase()) || userName.startsWith('NT ')) return undefined;
  return user({ scope: computer, name: userName });
}

function targetOf({ event, meaning, computer }: EventInput, machine: MachineFacts): Resource | undefined {
  switch (meaning.target) {
    case 'service':
      return undefined;
    case 'disk': {
      const file = diskPath(event);
      return file === undefined
        ? undefined
        : resource('storage/volume', qualifiedId(computer, file), diskFile(event));
    }
    case 'network': {
      const { id, name } = networkFacts(event);
      const known = id ?? name;
      return known === undefined
        ? undefined
        : resource('network', qualifiedId(computer, 'network', known), name);
    }
    case 'machine': {
      const id = machine.id ?? machine.account;
      if (id !== undefined) return resource('compute/machine', id, machine.name);
      if (machine.name === undefined) return undefined;
      return resource('compute/machine', qualifiedId(computer, 'machine', machine.name), machine.name);
    }
  }
}

function reasonCode({ data, eventId }: WindowsEvent, provider: string): string {
  for (const name of ERROR_CODES) {
    const code = data.get(name);
    if (code !== undefined && (codeNumber(code) ?? 0) !== 0) return code;
  }
  const reason = data.get('Reason');
  return reason === undefined || reason === '' ? `${provider}/${eventId}` : reason;
}

function tagsOf({ data }: WindowsEvent, machine: MachineFacts): readonly string[] {
  const tags: string[] = [];
  const { account, id } = machine;
  if (account !== undefined && account !== id) {
    // With the machine in the record it is another one's account: both are told.
    tags.push(events.tag(id === undefined ? 'machine-account' : 'other-machine-account', account));
  }
  const force = data.get('Force');
  if (force !== undefined && force !== '') tags.push(events.tag('force', force));
  return tags;
}

function payload({ data }: WindowsEvent): ReturnType<typeof attachment> {
  return attachment('values', 'application/json', Object.fromEntries(data));
}
