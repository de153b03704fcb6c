/** One connection to the stream of events. */
import { ClientError, clientCodes } from '../client-error.ts';
import { unreachable } from '../http/requester.ts';
import type { Requester } from '../http/requester.ts';
import { createFrameParser } from './frame-parser.ts';
import type { Frame } from './frame-parser.ts';

export interface StreamRequest {
  /** Where to go on: `Last-Event-ID`. */
  readonly resume: string | undefined;
  readonly compress: boolean;
  /** Nothing for so long, ms: the connection is dead. Counted only while the reader waits. */
  readonly silenceMs: number;
  readonly signal: AbortSignal | undefined;
}

export interface OpenStream {
  /** Ends where the service ends it. Throws ClientError (retryable) where the connection breaks, the signal's reason. */
  readonly frames: AsyncIterable<Frame>;
  /** Lets go of the connection. Idempotent. */
  close(): Promise<void>;
}

/** Throws as Requester.send does. */
export async function openStream(
  requester: Requester,
  path: string,
  { resume, compress, silenceMs, signal }: StreamRequest,
): Promise<OpenStream> {
  const ending = new AbortController();
  const stop = (): void => ending.abort(signal?.reason);
  if (signal?.aborted === true) throw signal.reason;
  signal?.addEventListener('abort', stop, { once: true });
  const parser = createFrameParser();
  let reader: ReadableStreamDefaultReader<Uint8Array> | undefined;

  async function close(): Promise<void> {
    signal?.removeEventListener('abort', stop);
    ending.abort();
    await reader?.cancel().catch(() => {});
  }

  /** Waits for something of the connection; silence breaks it. */
  async function within<T>(work: Promise<T>): Promise<T> {
    const timer = setTimeout(() => ending.abort(silent(silenceMs)), silenceMs);
    try {
      return await work;
    } catch (error) {
      if (signal?.aborted === true) throw signal.reason;
      if (ending.signal.reason instanceof ClientError) throw ending.signal.reason;
      throw error instanceof ClientError ? error : unreachable('The stream broke off', error);
    } finally {
      clearTimeout(timer);
    }
  }

  async function* frames(
    from: ReadableStreamDefaultReader<Uint8Array>,
  ): AsyncGenerator<Frame, void, undefined> {
    const decoder = new TextDecoder();
    for (;;) {
      const { done, value } = await within(from.read());
      if (done) return;
      yield* parser.feed(decoder.decode(value, { stream: true }));
    }
  }

  try {
    const response = await within(
      requester.send(path, {
        headers: {
          accept: 'text/event-stream',
          'accept-encoding': compress ? 'gzip' : 'identity',
          'cache-control': 'no-store',
          ...(resume === undefined ? {} : { 'last-event-id': resume }),
        },
        signal: ending.signal,
      }),
    );
    const type = response.headers.get('content-type') ?? '';
    if (!type.startsWith('text/event-stream') || response.body === null) {
      throw new ClientError(
        clientCodes.CLIENT_ANSWER_UNREADABLE,
        `The service answered ${type === '' ? 'nothing' : type} instead of a stream. Check the URL.`,
      );
    }
    reader = response.body.getReader();
    return { frames: frames(reader), close };
  } catch (error) {
    await close();
    throw error;
  }
}

function silent(silenceMs: number): ClientError {
  return new ClientError(
    clientCodes.CLIENT_UNREACHABLE,
    `Nothing came from the service for ${silenceMs} ms, not even a heartbeat.`,
    { retryable: true },
  );
}
