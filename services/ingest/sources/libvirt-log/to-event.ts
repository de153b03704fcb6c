/** Builds the CADF events of messages of libvirt's daemons that are not audit payloads. */
import type { CadfEvent, Resource } from '@cadf-pipeline/cadf-model';
import { createSourceEvents, digestOf } from '../../src/normalize/event-draft.ts';
import type { EventDraft } from '../../src/normalize/event-draft.ts';
import type { EventTime } from '../../src/normalize/event-time.ts';
import { joinedRecord } from '../../src/normalize/joined-record.ts';
import { redactRecord, redactText } from '../../src/normalize/redact-secrets.ts';
import {
  qualifiedId,
  resource,
  service,
  unknownInitiator,
  UNKNOWN_ID,
} from '../../src/normalize/resources.ts';
import type { RawRecord } from '../../src/source.ts';
import type { Failure, Thing, ThingKind } from './failures.ts';
import type { LogLine } from './log-line.ts';

export interface TimedLine extends LogLine {
  readonly time: EventTime;
  readonly host: string;
  readonly program: string;
}

export interface Tainted {
  readonly name: string;
  readonly uuid: string;
  readonly why: string;
}

export interface LogEvents {
  failed(line: TimedLine, records: readonly RawRecord[], failure: Failure): CadfEvent;
  tainted(line: TimedLine, records: readonly RawRecord[], tainted: Tainted): CadfEvent;
  /** A message that tells of nothing in particular, for those who keep it. */
  noticed(line: TimedLine, records: readonly RawRecord[]): CadfEvent;
}

const ID = 'libvirt-log';
const REASON_TYPE = 'https://libvirt.org/logging.html';

const TYPES: Readonly<Record<Exclude<ThingKind, 'service'>, string>> = {
  machine: 'compute/machine',
  network: 'network',
  pool: 'storage/volume',
  filter: 'data/config',
  secret: 'data/security/key',
  interface: 'network/connection',
};

export function createLogEvents(): LogEvents {
  const events = createSourceEvents(ID, REASON_TYPE);

  function make(
    line: TimedLine,
    records: readonly RawRecord[],
    draft: Pick<EventDraft, 'action' | 'outcome' | 'initiator' | 'target' | 'name' | 'reasonCode'>,
  ): CadfEvent {
    const { record, isRedacted } = redactRecord(joinedRecord(records));
    return events.make([record], {
      // Of a message of many lines the first: where the log is cut off behind it, it is still the same message.
      identity: [line.host, line.stamp, line.thread, digestOf(line.text)],
      time: line.time,
      observer: service(line.host, line.program),
      tags: isRedacted ? [events.tag('redacted', 'record')] : [],
      ...draft,
    });
  }

  return {
    failed(line, records, { action, name, about, byDaemon }) {
      const observer = service(line.host, line.program);
      return make(line, records, {
        action,
        outcome: 'failure',
        initiator: byDaemon === true ? observer : unknownInitiator(),
        target: targetOf(about, line.host) ?? observer,
        name,
        reasonCode: firstLine(line.text),
      });
    },
    tainted(line, records, { name, uuid, why }) {
      return make(line, records, {
        action: 'notify',
        outcome: 'success',
        initiator: service(line.host, line.program),
        target: resource('compute/machine', uuid, name),
        name: 'domain tainted',
        reasonCode: why,
      });
    },
    noticed(line, records) {
      const observer = service(line.host, line.program);
      return make(line, records, {
        action: 'notify',
        outcome: 'success',
        initiator: observer,
        target: observer,
        name: line.func ?? `${line.level ?? 'other'} message`,
        reasonCode: firstLine(line.text),
      });
    },
  };
}

function targetOf(about: Thing | undefined, host: string): Resource | undefined {
  if (about === undefined || about.kind === 'service') return undefined;
  const { kind, name } = about;
  const id = name === undefined ? UNKNOWN_ID : qualifiedId(host, kind, name);
  return resource(TYPES[kind], id, name);
}

function firstLine(text: string): string {
  const end = text.slice(0, 1024).indexOf('\n');
  const line = redactText(text.slice(0, end < 0 ? 1024 : end)).trim();
  return line.slice(0, 256) || 'empty message';
}
