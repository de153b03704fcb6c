/** Records that cannot be understood, and how to mend them. */
import { deadLetter } from '../../src/normalize/outcomes.ts';
import type { Outcome, RawRecord } from '../../src/source.ts';

export function brokenLine(records: readonly RawRecord[]): Outcome {
  return deadLetter(
    records,
    'OVIRT_ENGINE_LINE_UNREADABLE',
    'The line is of the audit log, or of a command, but breaks off before it says what happened ("EVENT_ID: NAME(CODE), MESSAGE"; "Running command: NAME internal: false."). Look for it in engine.log of the engine.',
  );
}

export function unfinished(records: readonly RawRecord[]): Outcome {
  return deadLetter(
    records,
    'OVIRT_ENGINE_MESSAGE_MISSING',
    'A call stack begins in the line and no ", Message: " comes behind it. Send the lines of the stack too, in order.',
  );
}

export function noTime(record: RawRecord): Outcome {
  return deadLetter(
    [record],
    'OVIRT_ENGINE_TIME_UNUSABLE',
    'The time does not exist, or is before 1970 or after 2299. Look at the record in engine.log, and at the clock of the engine.',
  );
}

export function brokenRow(record: RawRecord): Outcome {
  return deadLetter(
    [record],
    'OVIRT_ENGINE_ROW_UNREADABLE',
    'The row has no time, no type or no message: a row of audit_log has log_time, log_type and message, an event of REST has time, code and description.',
  );
}

export function notARecord(record: RawRecord): Outcome {
  return deadLetter(
    [record],
    'OVIRT_ENGINE_NOT_A_RECORD',
    'The record is neither a line of engine.log ("YYYY-MM-DD HH:MM:SS,mmmZONE LEVEL [class] (thread) [correlation] …") nor a row of audit_log or an event of REST as JSON.',
  );
}
