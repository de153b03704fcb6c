/** Turns OpenStack's notifications into CADF events (README.md tells the mapping). */
import { parseTimestamp } from '@cadf-pipeline/cadf-model';
import { exactTime, isUsableTime } from '../../src/normalize/event-time.ts';
import type { EventTime } from '../../src/normalize/event-time.ts';
import { readHeader } from '../../src/normalize/header.ts';
import type { RecordHeader } from '../../src/normalize/header.ts';
import { createLocalClock } from '../../src/normalize/local-clock.ts';
import { createOpenOperations } from '../../src/normalize/open-operations.ts';
import { createIgnoring, deadLetter, event } from '../../src/normalize/outcomes.ts';
import { withText } from '../../src/normalize/redact-secrets.ts';
import type { Normalizer, NormalizerContext, Outcome, RawRecord } from '../../src/source.ts';
import { embeddedEvent, isCadfEvent } from './embedded-event.ts';
import { meaningOf } from './event-type.ts';
import type { Meaning } from './event-type.ts';
import { readNotifications } from './notification.ts';
import type { Notification } from './notification.ts';
import { subjectOf } from './payload.ts';
import type { Subject } from './payload.ts';
import { redactMembers } from './secrets.ts';
import { identityOf, operationKey, publisherOf, toEvent } from './to-event.ts';

/** Options: `keep`. */
export function createNormalizer(context: NormalizerContext): Normalizer {
  const clock = createLocalClock(context.options?.['timezone']);
  const ignoring = createIgnoring(context);
  /** Beginnings whose end can only be told by the request, or only by the thing. */
  const operations = createOpenOperations<readonly string[]>();

  function push(record: RawRecord): Outcome[] {
    const header = readHeader(record, clock);
    if (header.message.trim() === '') return [ignoring.ignored('blank-line', [record])];
    const read = readNotifications(header.message);
    if ('code' in read) return [deadLetter([record], read.code, read.detail)];
    if (read.notifications.length === 0) return [ignoring.ignored('empty-list', [record])];
    const isOne = read.notifications.length === 1;
    // A record is in one outcome: with several notifications in it, in the first one's.
    return read.notifications.map((notification, index) => {
      const text = isOne ? record.text : JSON.stringify(notification.message);
      const source: RawRecord = isOne ? record : { text, receivedMs: record.receivedMs };
      return outcomeOf(notification, index === 0 ? [record] : [], source, header);
    });
  }

  function outcomeOf(
    notification: Notification,
    records: readonly RawRecord[],
    source: RawRecord,
    header: RecordHeader,
  ): Outcome {
    const redacted = redactMembers(source.text, notification.message);
    if (isCadfEvent(notification.payload)) return embedded(notification, records, redacted.text);
    const time = timeOf(notification, header);
    if (time === undefined || !isUsableTime(time))
      return deadLetter(
        records,
        'OPENSTACK_TIME_UNREADABLE',
        `"${(notification.timestamp ?? '').slice(0, 60)}" in timestamp is no time between 1970 and 2299. Send the message as it was on the queue.`,
      );
    if (notification.eventType === '')
      return deadLetter(
        records,
        'OPENSTACK_EVENT_TYPE_MISSING',
        'event_type is empty. Send the message as it was on the queue.',
      );
    const meaning = meaningOf(notification.eventType, notification.priority);
    const attached = redacted.isRedacted ? withText(source, redacted.text) : source;
    operations.expire(time.epochMs);
    const publisher = publisherOf(notification);
    const subject = subjectOf(meaning.resource, notification.payload, publisher.family);
    const identity = joined(notification, meaning, subject, time);
    const make = (): ReturnType<typeof toEvent> =>
      toEvent([attached], {
        notification,
        meaning,
        publisher,
        subject,
        time,
        identity,
        host: header.host ?? context.host ?? context.sourceName,
        isRedacted: redacted.isRedacted,
      });
    return meaning.isNoise
      ? ignoring.ignored(meaning.rule, records, make)
      : event(meaning.rule, records, make());
  }

  function embedded(
    { payload, publisher }: Notification,
    records: readonly RawRecord[],
    text: string,
  ): Outcome {
    const made = embeddedEvent(payload, text, publisher);
    if ('event' in made) return event(made.isChanged ? 'cadf-repaired' : 'cadf', records, made.event);
    const [fault] = made.faults;
    return deadLetter(
      records,
      'OPENSTACK_CADF_INVALID',
      `The payload is a CADF event that cannot be put right: ${fault?.pointer ?? ''}: ${fault?.message ?? 'no id or action'}.`,
    );
  }

  /** Identity of the operation: beginnings often lack the id of what they make, or the request. */
  function joined(
    notification: Notification,
    meaning: Meaning,
    subject: Subject,
    time: EventTime,
  ): readonly string[] {
    const own = identityOf({ notification, meaning, subject });
    const { phase, base } = meaning;
    if (phase === undefined) return own;
    const { id } = subject;
    const { requestId } = notification.context;
    if (id === undefined && requestId === undefined) return own;
    const exact = operationKey(notification, meaning, { id });
    const byRequest = `${base} ${requestId ?? ''}`;
    if (phase === 'start') {
      // With both, beginning and end have the same identity by themselves.
      if (id === undefined || requestId === undefined) operations.begin(exact, own, time.epochMs);
      return own;
    }
    return operations.end(exact) ?? (requestId === undefined ? undefined : operations.end(byRequest)) ?? own;
  }

  /** UTC by definition (oslo.utils timeutils.utcnow). */
  function timeOf({ timestamp }: Notification, header: RecordHeader): EventTime | undefined {
    if (timestamp === undefined) return header.time;
    const parsed = parseTimestamp(timestamp);
    return parsed === undefined ? undefined : exactTime(parsed.epochMs);
  }

  return {
    push,
    flush() {
      operations.clear();
      return [];
    },
    get held() {
      return operations.size;
    },
  };
}
