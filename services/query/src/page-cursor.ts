/**
 * Cursors of event pages: opaque to the client, signed so that nobody can forge a place or move a cursor to
 * another question, and free of state on the server, so that any process can go on where another stopped.
 *
 * A cursor holds the place after which to go on, the snapshot (highest stored offsets) that keeps pages stable while
 * events arrive, and a digest of the question it was issued for.
 */
import { createHmac, hash, timingSafeEqual } from 'node:crypto';
import type { EventPlace } from '@cadf-pipeline/event-store';

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
const MAC_BYTES = 16;
const MAX_CURSOR_CHARS = 16_384;

/** `secret`: 32 bytes or more, the same in every query process. */
export function createPageCursors(secret: Buffer): PageCursors {
  const sign = (payload: Buffer): Buffer =>
    createHmac('sha256', secret).update(payload).digest().subarray(0, MAC_BYTES);
  return {
    issue(question, { after, asOf }) {
      const payload = Buffer.from(
        JSON.stringify([
          VERSION,
          digestOf(question),
          after.timeMs,
          after.partition,
          after.offset,
          ...[...asOf].flat(),
        ]),
      );
      return Buffer.concat([sign(payload), payload]).toString('base64url');
    },
    read(text, question) {
      if (text.length > MAX_CURSOR_CHARS) return 'damaged';
      const bytes = Buffer.from(text, 'base64url');
      const payload = bytes.subarray(MAC_BYTES);
      if (bytes.length <= MAC_BYTES || !timingSafeEqual(sign(payload), bytes.subarray(0, MAC_BYTES)))
        return 'damaged';
      const fields: unknown = JSON.parse(payload.toString());
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
