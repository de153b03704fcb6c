import { once } from 'node:events';
import type { Writable } from 'node:stream';

/** Text for stdout or stderr. */
export interface Output {
  /** Takes text; resolves when more may be given, so that a slow reader slows the command instead of filling memory. */
  write(text: string): Promise<void>;
  /** Hands on what is held back. */
  flush(): Promise<void>;
}

/** Written at once past this many characters. */
const HELD_BACK = 64 * 1024;

/** Collects small writes; waits while the stream is full. Errors of the stream are the stream's owner's to handle. */
export function createOutput(stream: Writable): Output {
  let held = '';
  async function flush(): Promise<void> {
    if (held === '') return;
    const text = held;
    held = '';
    if (!stream.write(text)) await once(stream, 'drain');
  }
  return {
    flush,
    async write(text) {
      held += text;
      if (held.length > HELD_BACK) await flush();
    },
  };
}
