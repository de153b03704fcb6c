/** Writes files of formats that make a text of each event. */
import { setImmediate } from 'node:timers/promises';
import type { EventBatch, FormatWriter } from './event-format.ts';

export interface TextForm {
  /** Before the first event. */
  readonly head?: string;
  /** Behind the last. */
  readonly tail?: string;
  /** The texts of a batch, one after the other, with what stands between them. */
  readonly texts: (batch: EventBatch) => Iterable<string>;
}

/** Characters put together before they become bytes. */
const PART = 128 * 1024;
/** Of so many characters others wait at most: a tenth of a second at 10 MB a second. */
const TURN = 1024 * 1024;

/** A batch is written in turns: it may take long, and the process has others to answer. */
export function createTextWriter({ head = '', tail = '', texts }: TextForm): FormatWriter {
  let waiting = head;
  return {
    async write(batch) {
      const pieces: Buffer[] = [];
      let part = waiting;
      waiting = '';
      let turn = 0;
      for (const text of texts(batch)) {
        part += text;
        if (part.length < PART) continue;
        pieces.push(Buffer.from(part));
        turn += part.length;
        part = '';
        if (turn < TURN) continue;
        turn = 0;
        await setImmediate();
      }
      if (part !== '') pieces.push(Buffer.from(part));
      return pieces;
    },
    end: () => [Buffer.from(waiting + tail)],
  };
}
