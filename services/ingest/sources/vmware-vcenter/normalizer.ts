/** Turns what vCenter Server says into CADF events (README.md tells the mapping). */
import { createIgnoring, deadLetter, event } from '../../src/normalize/outcomes.ts';
import { isUsableTime, exactTime } from '../../src/normalize/event-time.ts';
import { readHeader } from '../../src/normalize/header.ts';
import type { RecordHeader } from '../../src/normalize/header.ts';
import { createLocalClock } from '../../src/normalize/local-clock.ts';
import { createOpenOperations } from '../../src/normalize/open-operations.ts';
import { parseTimestamp } from '@cadf-pipeline/cadf-model';
import type { Normalizer, NormalizerContext, Outcome, RawRecord } from '../../src/source.ts';
import { isSsoAudit, readAccessAudit, readApplianceAudit, readSsoAudit } from './audit-records.ts';
import type { AuditRecord } from './audit-records.ts';
import { isHorizonEvent, readHorizonEvent } from './horizon.ts';
import { isObject, isVcenterEvent, readJsonEvent, unwrapCloudEvent } from './json-event.ts';
import type { Members } from './json-event.ts';
import { createSplitMessages } from './split-messages.ts';
import type { WholeEvent } from './split-messages.ts';
import { readOperation, toEvent } from './to-event.ts';
import type { Reading } from './to-event.ts';
import type { VcenterEvent } from './vcenter-event.ts';
import { isVpxdLine, readVpxdLine } from './vpxd-line.ts';

/** How long after `Task: Unregister virtual machine` its removal from the inventory is of that task. */
const REMOVAL_WINDOW_MS = 3_600_000;
/** Parsed as JSON below this many characters. */
const MAX_JSON = 4 << 20;
const OWN_TIME = /^\s{0,3}(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:[.:,](\d{3})\d{0,6})?(Z|[+-]\d\d:?\d\d)?/;

export function createNormalizer(context: NormalizerContext): Normalizer {
  const clock = createLocalClock(context.options?.['timezone']);
  const ignoring = createIgnoring(context);
  const split = createSplitMessages();
  // Chain → the action of a task that takes a machine off the inventory.
  const removals = createOpenOperations<string>({ windowMs: REMOVAL_WINDOW_MS });
  const fallbackHost = context.host ?? context.sourceName;

  function push(record: RawRecord): Outcome[] {
    const header = readHeader(record, clock);
    const { message } = header;
    if (isVpxdLine(message)) return vpxd(record, header);
    const first = message.charCodeAt(0);
    if (header.form === 'none' && first !== 0x7b && first !== 0x5b && !OWN_TIME.test(message.slice(0, 64))) {
      const rest = split.addRest(message, record);
      if (rest !== undefined) return rest.map(whole);
    }
    const outcomes = split.close().map(whole);
    outcomes.push(other(record, header));
    return outcomes;
  }

  function vpxd(record: RawRecord, header: RecordHeader): Outcome[] {
    const line = readVpxdLine(header.message);
    if (line === undefined) {
      return [
        ...split.close().map(whole),
        deadLetter(
          [record],
          'VCENTER_EVENT_UNREADABLE',
          'The line begins like an event of vpxd and has not its nine fields in brackets. Look for a relay that cuts lines or changes brackets.',
        ),
      ];
    }
    return split.add(header.host ?? fallbackHost, line, record).map(whole);
  }

  /** A vpxd event whose parts are together. */
  function whole({ line, host, message, records, incomplete }: WholeEvent): Outcome {
    const time = exactTime(line.createdMs);
    if (!isUsableTime(time))
      return deadLetter(
        records,
        'VCENTER_TIME_UNREADABLE',
        'The third field of the event is no time, or one before 1970 or after 2299.',
      );
    return vcenterEvent(records, {
      vcenter: host,
      key: line.key,
      chain: line.chain === '' ? undefined : line.chain,
      time,
      type: line.type,
      severity: line.severity,
      user: line.user,
      message,
      objects: new Map(
        line.datacenter === '' ? [] : [['datacenter', { type: 'Datacenter', name: line.datacenter }]],
      ),
      incomplete,
    });
  }

  function vcenterEvent(records: readonly RawRecord[], raised: VcenterEvent): Outcome {
    removals.expire(raised.time.epochMs);
    const reading = removal(raised, readOperation(raised));
    const { operation } = reading;
    if (operation.isNoise === true)
      return ignoring.ignored(operation.rule, records, () => toEvent(records, raised, reading));
    return event(operation.rule, records, toEvent(records, raised, reading));
  }

  /** A machine is removed from the inventory by its deletion and by unregistering it: the task of the chain tells. */
  function removal(raised: VcenterEvent, reading: Reading): Reading {
    const { operation, name } = reading;
    const chain = raised.chain === undefined ? undefined : `${raised.vcenter}\n${raised.chain}`;
    if (chain !== undefined && operation.rule.startsWith('task-') && /\b(?:unregister|destroy)/i.test(name))
      removals.begin(chain, operation.action, raised.time.epochMs);
    if (!name.includes('VmRemovedEvent')) return reading;
    const action = (chain === undefined ? undefined : removals.end(chain)) ?? 'undeploy';
    return { ...reading, operation: { ...operation, action, rule: `event-${action.replaceAll('/', '-')}` } };
  }

  function other(record: RawRecord, header: RecordHeader): Outcome {
    const brace = header.message.slice(0, 64).indexOf('{');
    if (brace >= 0 && /^[\s0-9TZ:.+-]*$/.test(header.message.slice(0, brace))) {
      const value = parse(header.message.slice(brace));
      if (isObject(value)) return json(record, header, value);
      return deadLetter(
        [record],
        'VCENTER_JSON_UNREADABLE',
        'The record begins like a JSON object and is none. Send one whole object per record.',
      );
    }
    if (header.message.charCodeAt(0) === 0x5b && header.form === 'none') {
      const value = parse(header.message);
      if (Array.isArray(value) && value.length === 1 && isObject(value[0]))
        return json(record, header, value[0]);
      if (Array.isArray(value))
        return deadLetter(
          [record],
          'VCENTER_JSON_ARRAY',
          'The record is an array of several values. Send its elements one by one, or NDJSON.',
        );
    }
    return audit(record, header);
  }

  function audit(record: RawRecord, header: RecordHeader): Outcome {
    const { message } = header;
    const origin = { host: header.host ?? fallbackHost, time: header.time ?? ownTime(message) };
    let found: AuditRecord | undefined;
    if (message.includes('Authorization Result: ')) found = readApplianceAudit(record, message, origin);
    else if (message.includes('AuthorizationService.AuditLog'))
      found = readAccessAudit(record, message, origin);
    if (found !== undefined) return event(found.rule, [record], found.event);
    if (
      header.form === 'none' &&
      message.trim() !== '' &&
      !OWN_TIME.test(message.slice(0, 64)) &&
      message.charCodeAt(0) !== 0x5b
    )
      return deadLetter(
        [record],
        'VCENTER_RECORD_UNKNOWN',
        'Neither an event of vpxd, nor JSON of its API, nor an audit line of the appliance. Is it of another source?',
      );
    return ignoring.ignored('other-program', [record]);
  }

  function json(record: RawRecord, header: RecordHeader, value: Members): Outcome {
    const unwrapped = unwrapCloudEvent(value);
    const { data } = unwrapped;
    if (isVcenterEvent(data)) {
      const read = readJsonEvent(unwrapped, header.host ?? fallbackHost);
      if (read === undefined || !isUsableTime(read.time))
        return deadLetter(
          [record],
          'VCENTER_TIME_UNREADABLE',
          'CreatedTime of the event is no time, or one before 1970 or after 2299.',
        );
      return vcenterEvent([record], read);
    }
    if (isHorizonEvent(data)) {
      const read = readHorizonEvent(record, data);
      if (read === undefined)
        return deadLetter(
          [record],
          'VCENTER_TIME_UNREADABLE',
          'The member time of the Horizon event is no number of milliseconds since 1970.',
        );
      return read.isNoise
        ? ignoring.ignored(read.rule, [record], () => read.make())
        : event(read.rule, [record], read.make());
    }
    if (isSsoAudit(data)) {
      const read = readSsoAudit(record, data, {
        host: header.host ?? fallbackHost,
        time: ownTime(header.message) ?? header.time,
      });
      if (read !== undefined) return event(read.rule, [record], read.event);
      return deadLetter(
        [record],
        'VCENTER_TIME_UNREADABLE',
        'The member timestamp of the Single Sign-On record is not MM/DD/YYYY HH:MM:SS GMT.',
      );
    }
    return deadLetter(
      [record],
      'VCENTER_JSON_UNKNOWN',
      'The object has neither Key and CreatedTime (an event of the API), nor specversion and data (a CloudEvent of one), nor the members of a Horizon or Single Sign-On record.',
    );
  }

  /** The time a program wrote before its text; `:` before the milliseconds is updatemgr's. */
  function ownTime(message: string): ReturnType<typeof exactTime> | undefined {
    const found = OWN_TIME.exec(message.slice(0, 64));
    if (found === null) return undefined;
    const [, second = '', millis = '000', zone] = found;
    const parsed = parseTimestamp(`${second}.${millis}${zone ?? 'Z'}`);
    if (parsed === undefined) return undefined;
    const time =
      zone === undefined ? { epochMs: parsed.epochMs, guessed: 'zone' as const } : exactTime(parsed.epochMs);
    return isUsableTime(time) ? time : undefined;
  }

  return {
    push,
    flush() {
      const rest = split.clear().map(whole);
      removals.clear();
      return rest;
    },
    get held() {
      return split.size + removals.size;
    },
  };
}

function parse(text: string): unknown {
  if (text.length > MAX_JSON) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
