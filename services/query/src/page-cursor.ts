/**
 * Cursors of event pages: sealed so that nobody can forge a place, move a cursor to another question or read from it
 * how much the system holds of others, and free of state on the server, so that any process can go on where another
 * stopped.
 *
 * A cursor holds the place after which to go on, the snapshot (highest stored offsets) that keeps pages stable while
 * events arrive, and a digest of the question it was issued for.
 */
import { hash } from 'node:crypto';
import type { EventPlace } from '@cadf-pipeline/event-store';
import { openText, sealText } from '@cadf-pipeline/service-kit';

export interface PageCursor {
  readonly after: EventPlace;
  readonly asOf: ReadonlyMap<number, number>;
}

export type CursorFault = 'damaged' | 'other-question';

export interface PageCursors {
  /** `question` is the text of everything that decides which events the pages hold, scope included. */
  issue(question: string, cursor: PageCursor): string;
  read(text: string, question: string): PageCursor | CursorFault;
}

const VERSION = 1;
const MAX_CURSOR_CHARS = 16_384;

/** `secret`: 32 bytes, the same in every query process. */
export function createPageCursors(secret: Buffer): PageCursors {
  return {
    issue(question, { after, asOf }) {
      const { timeMs, partition, offset } = after;
      const fields = [VERSION, digestOf(question), timeMs, partition, offset, ...[...asOf].flat()];
      return sealText(secret, JSON.stringify(fields));
    },
    read(text, question) {
      if (text.length > MAX_CURSOR_CHARS) return 'damaged';
      const payload = openText(secret, text);
      if (payload === undefined) return 'damaged';
      const fields: unknown = JSON.parse(payload);
      if (!Array.isArray(fields) || fields[0] !== VERSION) return 'damaged';
      if (fields[1] !== digestOf(question)) return 'other-question';
      const [timeMs = 0, partition = 0, offset = 0, ...ends] = fields.slice(2).map(Number);
      const asOf = new Map<number, number>();
      for (let at = 0; at + 1 < ends.length; at += 2) asOf.set(ends[at] ?? 0, ends[at + 1] ?? 0);
      return { after: { timeMs, partition, offset }, asOf };
    },
  };
}

function digestOf(question: string): string {
  return hash('sha256', question, 'base64url').slice(0, 16);
}
