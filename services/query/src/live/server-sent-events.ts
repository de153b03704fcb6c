/** The messages of an event stream: WHATWG HTML, 9.2.5 "Parsing an event stream". */
import type { ErrorDefinition } from '@cadf-pipeline/service-kit';

/** Milliseconds after which a browser connects again. */
const RETRY_MS = 3000;

/** First of all: a comment that gets through proxies at once, and where to go on if nothing else arrives. */
export function openingText(cursor: string): string {
  return `: live events\nretry: ${RETRY_MS}\n${placeText(cursor)}`;
}

/** One event. It has no name, so that `onmessage` of a browser gets it. */
export function eventText(cursor: string, json: string): string {
  // A line break of a JSON text can only stand between tokens; the parser of a stream puts a line feed back for each.
  const data = /[\r\n]/.test(json) ? json.split(/\r\n|\r|\n/).join('\ndata: ') : json;
  return `id: ${cursor}\ndata: ${data}\n\n`;
}

/** Says that the connection is alive. */
export const HEARTBEAT = ':\n\n';

/** Where to go on, where no event tells it: without data a parser gives nothing and remembers the id. */
export function placeText(cursor: string): string {
  return `id: ${cursor}\n\n`;
}

/** The last message: why no more is sent. */
export function endText(
  cursor: string,
  { code, retryable, title }: ErrorDefinition,
  detail?: string,
): string {
  const data = JSON.stringify({ code, detail: detail ?? title, retryable });
  return `event: end\nid: ${cursor}\ndata: ${data}\n\n`;
}
