/** Events as lines of NDJSON. */
import { ClientError, clientCodes } from '../client-error.ts';
import type { CadfEvent } from '../query/query-events.ts';

/**
 * The JSON of an event in one line, UTF-8, without its end. A text is kept as it is; line breaks, which JSON has between
 * its tokens only, become spaces. Throws CLIENT_EVENT_UNUSABLE for what is empty, no JSON value, or past `maxBytes`.
 */
export function toLine(event: CadfEvent | string, maxBytes: number): Buffer {
  const text: string | undefined = typeof event === 'string' ? event : JSON.stringify(event);
  if (text === undefined || text.trim() === '') throw unusable('it is empty');
  const line = Buffer.from(/[\r\n]/.test(text) ? text.replaceAll(/[\r\n]/g, ' ') : text);
  if (line.length > maxBytes) throw unusable(`it has ${line.length} bytes, and a batch at most ${maxBytes}`);
  return line;
}

function unusable(why: string): ClientError {
  return new ClientError(clientCodes.CLIENT_EVENT_UNUSABLE, `The event cannot be submitted: ${why}.`);
}
