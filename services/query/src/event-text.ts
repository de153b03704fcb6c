/** Stored events put into answers as the text they are, without parsing. */
import type { StoredEvent } from '@cadf-pipeline/event-store';

/** `{"events":[…],"next":…}`; `next` is left out on the last page. */
export function toJsonPage(events: readonly StoredEvent[], next: string | undefined): string {
  const tail = next === undefined ? '' : `,"next":${JSON.stringify(next)}`;
  return `{"events":[${events.map(({ text }) => text).join(',')}]${tail}}`;
}

/**
 * One event per line. A line break in a stored text can only stand between tokens (JSON forbids it inside strings),
 * where a blank means the same.
 */
export function toNdjson(events: readonly StoredEvent[]): string {
  return events.map(({ text }) => `${text.replaceAll(/[\r\n]+/g, ' ')}\n`).join('');
}
