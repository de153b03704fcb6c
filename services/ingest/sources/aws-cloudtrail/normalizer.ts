/** Turns records of CloudTrail into CADF events (README.md). Each stands alone. */
import { exactTime, isUsableTime } from '../../src/normalize/event-time.ts';
import { readHeader } from '../../src/normalize/header.ts';
import { createLocalClock } from '../../src/normalize/local-clock.ts';
import { createIgnoring, deadLetter, event } from '../../src/normalize/outcomes.ts';
import type { Normalizer, NormalizerContext, Outcome, RawRecord } from '../../src/source.ts';
import { accountOf, readCloudTrailRecord } from './cloudtrail-record.ts';
import { meaningOf } from './meaning.ts';
import { targetOf } from './target.ts';
import { toEvent } from './to-event.ts';

const FAULTS = {
  'not-json': [
    'AWS_CLOUDTRAIL_JSON_UNREADABLE',
    'It is no whole JSON value. Send the file as CloudTrail wrote it, or one record per line.',
  ],
  'not-a-record': [
    'AWS_CLOUDTRAIL_RECORD_UNREADABLE',
    'It is no object with the texts eventSource and eventName. Send records of CloudTrail, {"Records":[…]}.',
  ],
  'no-time': [
    'AWS_CLOUDTRAIL_TIME_UNREADABLE',
    'Its eventTime is missing, or no time in UTC between 1970 and 2299, such as 2026-11-20T10:00:00Z.',
  ],
} as const;

/** Setting `account`: 12 digits, whose trail it is where a record has no recipientAccountId (before version 1.02). */
export function createNormalizer(context: NormalizerContext): Normalizer {
  const clock = createLocalClock(context.options?.['timezone']);
  const ignoring = createIgnoring(context);
  const account = accountOf(context.options?.['account']);

  function normalize(record: RawRecord): Outcome {
    const text = readHeader(record, clock).message.trim();
    if (text === '') return ignoring.ignored('blank-line', [record]);
    const read = readCloudTrailRecord(text);
    if ('isDigest' in read) return ignoring.ignored('digest-file', [record]);
    if ('fault' in read) return refused(record, read.fault);
    if (!isUsableTime(exactTime(read.record.epochMs))) return refused(record, 'no-time');
    const target = targetOf(read.record);
    const { action, rule } = meaningOf(read.record, target?.kind);
    return event(rule, [record], toEvent(read.record, action, target?.resource, record, account));
  }

  return { push: (record) => [normalize(record)], flush: () => [], held: 0 };
}

function refused(record: RawRecord, fault: keyof typeof FAULTS): Outcome {
  const [code, detail] = FAULTS[fault];
  return deadLetter([record], code, detail);
}
