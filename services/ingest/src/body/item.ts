/** One event of a body, or what stands where one was expected. */
import type { Definitions } from '@cadf-pipeline/cadf-model';
import { ProblemError } from '@cadf-pipeline/service-kit';
import { ingestErrors } from '../errors.ts';
import type { ItemFaultCode } from '../errors.ts';
import { withDefinitions } from './definitions.ts';
import type { BodyLimits } from './limits.ts';

export interface ReadableItem {
  readonly readable: true;
  /** The event's own text in UTF-8, byte for byte as sent (from XML: its JSON form). */
  readonly bytes: Buffer;
  /** What JSON.parse makes of it. */
  readonly value: unknown;
}

export interface UnreadableItem {
  readonly readable: false;
  readonly code: ItemFaultCode;
  /** Where and how to mend it. */
  readonly detail: string;
  /** What stands there, as far as it can be told; of a line that is too large its beginning. */
  readonly bytes?: Buffer;
}

export type BodyItem = ReadableItem | UnreadableItem;

/** Characters that the events of one body got from the definitions they refer to. */
export interface AddedBytes {
  total: number;
}

export function createAddedBytes(): AddedBytes {
  return { total: 0 };
}

/**
 * An event out of a document, with the definitions of the document it refers to; unreadable when it is too large.
 * Throws INGEST_BODY_TOO_LARGE when the definitions make the body larger than one may be when unpacked: ten thousand
 * events may refer to the same large one.
 */
export function readableItem(
  text: string,
  value: unknown,
  definitions: Definitions,
  limits: BodyLimits,
  added: AddedBytes,
): BodyItem {
  const whole = withDefinitions(text, value, definitions);
  added.total += whole.length - text.length;
  if (added.total > limits.maxUnpackedBytes)
    throw new ProblemError(ingestErrors.INGEST_BODY_TOO_LARGE, {
      detail: `With what its Log defines, which is kept with each event that refers to it, the body is more than ${limits.maxUnpackedBytes} bytes.`,
    });
  const bytes = Buffer.from(whole, 'utf8');
  if (bytes.length <= limits.maxEventBytes) return { readable: true, bytes, value };
  return {
    readable: false,
    code: 'INGEST_ITEM_TOO_LARGE',
    bytes: bytes.subarray(0, limits.maxEventBytes),
    detail: `The event has ${bytes.length} bytes; at most ${limits.maxEventBytes} are taken.`,
  };
}

export function tooMany(limits: BodyLimits): ProblemError {
  return new ProblemError(ingestErrors.INGEST_TOO_MANY_EVENTS, {
    detail: `At most ${limits.maxEvents} events are taken in one request.`,
  });
}
