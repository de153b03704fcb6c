/** The content of a file on its way into a place. */
import { createHash } from 'node:crypto';
import type { FileContent, PutOptions } from './file-place.ts';
import { FilePlaceError } from './file-place-error.ts';
import { shownName } from './file-name.ts';

export interface CheckedContent {
  /** Throws at its end where the content is not what was announced, so that nothing is kept of it. */
  readonly parts: AsyncIterable<Uint8Array>;
  /** What the content itself threw, or why it was broken off or is not what was announced. */
  fault(): { readonly error: unknown } | undefined;
}

/** Ends at once with the reason of the signal, also while the content is waited for. */
export function checkedContent(name: string, content: FileContent, options: PutOptions): CheckedContent {
  let failed: { readonly error: unknown } | undefined;

  async function* parts(): AsyncGenerator<Uint8Array> {
    const { signal } = options;
    const hash = options.sha256 === undefined ? undefined : createHash('sha256');
    const source =
      Symbol.asyncIterator in content ? content[Symbol.asyncIterator]() : content[Symbol.iterator]();
    const broken = Promise.withResolvers<never>();
    broken.promise.catch(() => undefined);
    const abort = (): void => broken.reject(signal?.reason);
    signal?.addEventListener('abort', abort, { once: true });
    let bytes = 0;
    let ended = false;
    let taking = true;
    try {
      signal?.throwIfAborted();
      for (;;) {
        // oxlint-disable-next-line no-await-in-loop -- one part after the other is what it is for
        const next = await Promise.race([source.next(), broken.promise]);
        if (next.done === true) break;
        const part = next.value;
        bytes += part.byteLength;
        if (options.bytes !== undefined && bytes > options.bytes) throw differs(name, 'more bytes than');
        hash?.update(part);
        taking = false;
        yield part;
        taking = true;
      }
      ended = true;
      if (options.bytes !== undefined && bytes < options.bytes) throw differs(name, 'fewer bytes than');
      if (hash !== undefined && hash.digest('hex') !== options.sha256)
        throw differs(name, 'another SHA-256 than');
    } catch (error) {
      // Whoever reads this may throw in here, too: a stream that is destroyed does.
      if (taking) failed = { error };
      throw error;
    } finally {
      signal?.removeEventListener('abort', abort);
      // Not waited for: what hangs in `next` hangs here, too.
      if (!ended) void Promise.resolve(source.return?.()).catch(() => undefined);
    }
  }

  return { parts: parts(), fault: () => failed };
}

function differs(name: string, what: string): FilePlaceError {
  return new FilePlaceError(
    'content-differs',
    `The content of ${shownName(name)} has ${what} announced; nothing was kept.`,
  );
}
