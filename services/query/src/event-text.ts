/** Stored events put into answers as the text they are, without parsing. */
import type { StoredEvent } from '@cadf-pipeline/event-store';

/** `{"events":[…]}`. */
export function toJsonPage(events: readonly StoredEvent[]): string {
  return `{"events":[${events.map(({ text }) => text).join(',')}]}`;
}
