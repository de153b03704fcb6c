/** An answer that stays open: text is sent as it comes, compressed where asked, at the pace of the reader. */
import type { ServerResponse } from 'node:http';
import type { Writable } from 'node:stream';
import { constants, createGzip, createZstdCompress } from 'node:zlib';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { acceptedEncoding } from '../event-query/content-encoding.ts';
import type { ContentEncoding } from '../event-query/content-encoding.ts';

export interface LiveAnswer {
  /** Hands text over; what the reader does not take at once waits, which `taken` waits for. */
  send(text: string): void;
  /** Whether something waits. */
  readonly full: boolean;
  /** Resolves when there is room again, when the reader is gone or when `signal` aborts. */
  taken(signal: AbortSignal): Promise<void>;
  /** The last text. A reader that does not take it soon is disconnected. */
  end(text: string): void;
}

/** For the last words. */
const END_MS = 1000;
/** Windows are small: a compressor is kept for each reader, and events repeat what the ones just before had. */
const GZIP = { level: 1, windowBits: 12, memLevel: 3, chunkSize: 4096, flush: constants.Z_SYNC_FLUSH };
const ZSTD = {
  chunkSize: 4096,
  flush: constants.ZSTD_e_flush,
  params: {
    [constants.ZSTD_c_compressionLevel]: 1,
    [constants.ZSTD_c_windowLog]: 14,
    [constants.ZSTD_c_hashLog]: 12,
  },
};

/** Sends the head of the answer; Fastify has no part in it from then on. `gone` is called when the connection closes. */
export function openLiveAnswer(
  request: FastifyRequest,
  reply: FastifyReply,
  { gone, stallMs }: { readonly gone: () => void; readonly stallMs: number },
): LiveAnswer {
  const { raw } = reply;
  const encoding = acceptedEncoding(request.headers['accept-encoding']);
  void reply
    .headers({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      // A proxy that gathers answers would hold events back.
      'x-accel-buffering': 'no',
      vary: 'accept-encoding',
      connection: 'close',
      ...(encoding === undefined ? {} : { 'content-encoding': encoding }),
    })
    .hijack();
  for (const [name, value] of Object.entries(reply.getHeaders()))
    if (value !== undefined) raw.setHeader(name, value);
  raw.once('close', gone);
  // A reader that resets its connection is gone like any other.
  raw.on('error', () => undefined);
  const sink = encoding === undefined ? raw : compressing(raw, encoding);
  return {
    send: (text) => void sink.write(text),
    get full() {
      return sink.writableNeedDrain;
    },
    async taken(signal) {
      if (!sink.writableNeedDrain || raw.destroyed || signal.aborted) return;
      const { promise, resolve } = Promise.withResolvers<void>();
      const stalled = setTimeout(() => raw.destroy(), stallMs);
      const done = (): void => resolve();
      sink.once('drain', done);
      raw.once('close', done);
      signal.addEventListener('abort', done, { once: true });
      await promise;
      clearTimeout(stalled);
      sink.off('drain', done);
      raw.off('close', done);
      signal.removeEventListener('abort', done);
    },
    end(text) {
      if (raw.destroyed) return;
      const late = setTimeout(() => raw.destroy(), END_MS);
      raw.once('close', () => clearTimeout(late));
      sink.end(text);
    },
  };
}

function compressing(raw: ServerResponse, encoding: ContentEncoding): Writable {
  const compressor = encoding === 'gzip' ? createGzip(GZIP) : createZstdCompress(ZSTD);
  compressor.on('error', () => raw.destroy());
  raw.once('close', () => compressor.destroy());
  compressor.pipe(raw);
  return compressor;
}
