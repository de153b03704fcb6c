/** Builds the CADF events of a machine's own log. */
import type { CadfEvent, Resource } from '@cadf-pipeline/cadf-model';
import { attachment, createSourceEvents, digestOf } from '../../src/normalize/event-draft.ts';
import type { EventDraft } from '../../src/normalize/event-draft.ts';
import type { EventTime } from '../../src/normalize/event-time.ts';
import { joinedRecord } from '../../src/normalize/joined-record.ts';
import { UNKNOWN_ID, qualifiedId, resource, service } from '../../src/normalize/resources.ts';
import { withText } from '../../src/normalize/redact-secrets.ts';
import type { RawRecord } from '../../src/source.ts';
import type { CommandFacts } from './command-line.ts';
import { redactCommand } from './command-secrets.ts';

/** A statement of libvirt, its time taken off. */
export interface Stated {
  readonly text: string;
  readonly stamp: string;
  readonly time: EventTime;
  /** What names the machine and its host as far as the record and the settings tell: a part of the id. */
  readonly scope: string;
  /** The host, also where only the start told it. */
  readonly host: string;
}

const ID = 'libvirt-guest-log';
/** The reasons of a stop. */
const REASON_TYPE = 'https://libvirt.org/html/libvirt-libvirt-domain.html#virDomainShutoffReason';

const events = createSourceEvents(ID, REASON_TYPE);

export function guestTag(name: string, value: string): string {
  return events.tag(name, value);
}

/** What is kept of the lines: one record, without secrets. */
export function evidenceOf(records: readonly RawRecord[]): { record: RawRecord; isRedacted: boolean } {
  const record = joinedRecord(records);
  const text = redactCommand(record.text);
  if (text === record.text) return { record, isRedacted: false };
  return { record: withText(record, text), isRedacted: true };
}

/** Of one statement: what is not more than it, such as the command line behind a start, is not in it. */
export function identityOf({ scope, stamp, text }: Stated, name = ''): readonly string[] {
  return [scope, stamp, name, digestOf(text)];
}

export function makeEvent(
  stated: Stated,
  records: readonly RawRecord[],
  draft: Omit<EventDraft, 'time' | 'observer' | 'identity'> & Partial<Pick<EventDraft, 'identity'>>,
): CadfEvent {
  return events.make(records, {
    identity: identityOf(stated),
    time: stated.time,
    observer: daemonOf(stated.host),
    ...draft,
  });
}

export function daemonOf(host: string): Resource {
  return service(host, 'libvirtd');
}

/** By its UUID, by its name on its host, or unknown. */
export function machineOf(
  host: string,
  name: string | undefined,
  { uuid, isContainer }: Pick<CommandFacts, 'uuid' | 'isContainer'> = { isContainer: false },
): Resource {
  const typeURI = isContainer ? 'compute/machine/container' : 'compute/machine';
  const id = uuid ?? (name === undefined ? UNKNOWN_ID : qualifiedId(host, 'machine', name));
  return resource(typeURI, id, name);
}

/** What the start says of the machine, for people. */
export function machineAttachment(versions: string, facts: CommandFacts) {
  const { emulator, accelerator, incoming } = facts;
  return attachment('machine', 'application/json', {
    ...(versions === '' ? {} : { versions }),
    ...(emulator === undefined ? {} : { emulator }),
    ...(accelerator === undefined ? {} : { accelerator }),
    ...(incoming === undefined ? {} : { incoming }),
  });
}
