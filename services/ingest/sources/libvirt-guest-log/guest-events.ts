/** The events of a machine's starts, stops and what else libvirt states in its log, each knowing those before it. */
import type { CadfEvent, Resource } from '@cadf-pipeline/cadf-model';
import { observedState } from '../../src/normalize/event-draft.ts';
import { event } from '../../src/normalize/outcomes.ts';
import { unknownInitiator } from '../../src/normalize/resources.ts';
import type { Outcome, RawRecord } from '../../src/source.ts';
import type { CommandFacts } from './command-line.ts';
import { stopMeaning } from './meaning.ts';
import { redactCommand } from './command-secrets.ts';
import { createRunningGuests } from './running-guests.ts';
import {
  daemonOf,
  evidenceOf,
  guestTag,
  identityOf,
  machineAttachment,
  machineOf,
  makeEvent,
} from './to-event.ts';
import type { Stated } from './to-event.ts';

export interface GuestEvents {
  readonly size: number;
  started(
    stated: Stated,
    records: readonly RawRecord[],
    versions: string,
    facts: CommandFacts,
    isCut: boolean,
  ): Outcome;
  stopped(stated: Stated, record: RawRecord, reason: string | undefined): Outcome;
  tainted(stated: Stated, record: RawRecord, why: string): Outcome;
  migrating(stated: Stated, record: RawRecord): Outcome;
  /** What the hypervisor saw go wrong; nobody asked for it. */
  troubled(stated: Stated, record: RawRecord, rule: 'io-error' | 'guest-panicked'): Outcome;
  /** Of no interest in itself, for those who keep it. */
  noticed(stated: Stated, records: readonly RawRecord[], what: string): CadfEvent;
  /** What has no meaning in the table. */
  unmapped(stated: Stated, record: RawRecord): Outcome;
  /** The host a start told, while its machine runs. */
  hostOf(): string | undefined;
  expire(epochMs: number): void;
  clear(): void;
}

/** `guest`: the machine's name, where the file or a setting tells it. */
export function createGuestEvents(guest: string | undefined): GuestEvents {
  const running = createRunningGuests();
  let startedOn: string | undefined;

  function targetOf({ scope, host }: Stated): Resource {
    return running.find(scope, guest)?.target ?? machineOf(host, guest);
  }

  function notice(stated: Stated, records: readonly RawRecord[], name: string, why: string): CadfEvent {
    const { record, isRedacted } = evidenceOf(records);
    return makeEvent(stated, [record], {
      action: 'notify',
      outcome: 'success',
      initiator: daemonOf(stated.host),
      target: targetOf(stated),
      name,
      reasonCode: redactCommand(why),
      tags: isRedacted ? [guestTag('redacted', 'record')] : [],
    });
  }

  return {
    get size() {
      return running.size;
    },
    started(stated, records, versions, facts, isCut) {
      const { record, isRedacted } = evidenceOf(records);
      const name = facts.name ?? guest;
      // Two machines may be started in one millisecond: their names keep them apart.
      const identity = identityOf(stated, guest === undefined ? facts.name : '');
      const target = machineOf(stated.host, name, facts);
      startedOn = stated.host;
      if (name !== undefined)
        running.begin(stated.scope, guest ?? name, { target, identity, record }, stated.time.epochMs);
      const made = makeEvent(stated, [record], {
        identity,
        action: 'start',
        outcome: 'pending',
        initiator: unknownInitiator(),
        target,
        name: 'starting up',
        operation: operationOf(identity),
        tags: [
          ...(isCut ? [guestTag('incomplete', 'command-line')] : []),
          ...(isRedacted ? [guestTag('redacted', 'record')] : []),
        ],
        attachments: [machineAttachment(versions, facts)],
      });
      return event('start', records, made);
    },
    stopped(stated, record, reason) {
      const meaning = stopMeaning(reason);
      const run = running.end(stated.scope, guest);
      const begun = meaning.rule === 'start-failed' ? run : undefined;
      const emigrated = meaning.rule === 'stop-migrated' ? run?.migration : undefined;
      const before = begun ?? emigrated;
      const made = makeEvent(stated, [record, ...(before === undefined ? [] : [before.record])], {
        ...(before === undefined
          ? {}
          : { identity: before.identity, operation: operationOf(before.identity) }),
        action: meaning.action,
        outcome: meaning.outcome,
        initiator: meaning.byDaemon === true ? daemonOf(stated.host) : unknownInitiator(),
        target: run?.target ?? machineOf(stated.host, guest),
        name: 'shutting down',
        reasonCode: reason ?? 'no reason given',
      });
      return event(meaning.rule, [record], made);
    },
    tainted(stated, record, why) {
      return event('domain-tainted', [record], notice(stated, [record], 'domain tainted', why));
    },
    migrating(stated, record) {
      const identity = identityOf(stated);
      const run = running.find(stated.scope, guest);
      const name = guest ?? run?.target.name;
      if (run !== undefined && name !== undefined)
        running.begin(stated.scope, name, { ...run, migration: { identity, record } }, stated.time.epochMs);
      const made = makeEvent(stated, [record], {
        identity,
        action: 'update/migrate',
        outcome: 'pending',
        initiator: unknownInitiator(),
        target: targetOf(stated),
        name: 'initiating migration',
        operation: operationOf(identity),
      });
      return event('migration', [record], made);
    },
    troubled(stated, original, rule) {
      const { record, isRedacted } = evidenceOf([original]);
      const what = redactCommand(stated.text).slice(0, 256);
      const made = makeEvent(stated, [record], {
        action: 'monitor',
        outcome: 'failure',
        initiator: daemonOf(stated.host),
        target: targetOf(stated),
        name: rule,
        reasonCode: what,
        tags: isRedacted ? [guestTag('redacted', 'record')] : [],
        measurements: [observedState(rule, what)],
      });
      return event(rule, [original], made);
    },
    noticed: (stated, records, what) => notice(stated, records, 'notice', what.slice(0, 256) || 'empty'),
    unmapped(stated, original) {
      const { record, isRedacted } = evidenceOf([original]);
      const made = makeEvent(stated, [record], {
        action: 'unknown',
        outcome: 'unknown',
        initiator: unknownInitiator(),
        target: targetOf(stated),
        name: redactCommand(stated.text).slice(0, 256) || 'empty statement',
        tags: isRedacted ? [guestTag('redacted', 'record')] : [],
      });
      return event('unmapped-statement', [original], made);
    },
    hostOf: () => (running.size > 0 ? startedOn : undefined),
    expire: (epochMs) => running.expire(epochMs),
    clear: () => running.clear(),
  };
}

/** The statement that began it: its time, and what keeps it apart from others of that time. */
function operationOf([, stamp = '', name = '', digest = '']: readonly string[]): string {
  return [stamp, name, digest.slice(0, 16)].filter((part) => part !== '').join(' ');
}
