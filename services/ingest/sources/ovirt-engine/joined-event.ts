/** An event of the engine, joined with the beginning of its operation where one was told. */
import type { RawRecord } from '../../src/source.ts';
import type { EventMeaning } from './event-meaning.ts';
import type { Operations } from './operations.ts';
import { initiatorOf, subjectOf, targetOfSubject, toEvent } from './to-event.ts';
import type { Begun, Subject, Told } from './to-event.ts';

/** Remembers an operation that begins, and makes of its end a version of the event that began. */
export function joinedEvent(
  operations: Operations,
  records: readonly RawRecord[],
  told: Told,
  meaning: EventMeaning,
): ReturnType<typeof toEvent> {
  const subject = subjectOf(told);
  // A command is not yet an event of the audit log, and one that was refused never is.
  const isJoined = told.label === undefined && (meaning.rule === 'event' || meaning.rule === 'event-by-rule');
  const begun = isJoined ? operations.before(told, meaning, subject) : undefined;
  const initiator = initiatorOf(told, meaning);
  const target = targetOfSubject(told, subject);
  const about = told.correlation === '' ? (subject.name ?? subject.id) : told.correlation;
  const operation = begun?.operation ?? (about === undefined ? undefined : `${about}/${meaning.operation}`);
  const parts = {
    meaning,
    operation,
    initiator: initiator.id === 'unknown' ? (begun?.initiator ?? initiator) : initiator,
    target: begun !== undefined && isLessTold(subject, begun) ? begun.target : target,
    begun,
  };
  const [record] = records;
  if (isJoined && meaning.outcome === 'pending' && operation !== undefined && record !== undefined) {
    const identity = begun?.identity ?? [told.host, ...told.identity];
    operations.remember(told, meaning, subject, {
      identity,
      operation,
      record,
      initiator: parts.initiator,
      target: parts.target,
    });
  }
  return toEvent(records, told, parts);
}

/** The beginning told the same thing by its UUID, or this tells nothing. */
function isLessTold({ name, id }: Subject, begun: Begun): boolean {
  return id === undefined && (name === undefined || name === begun.target.name);
}
