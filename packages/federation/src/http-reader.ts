/** A chain behind an address: each file is one GET of its name below it. */
import { PlaceUnreadable } from './segment-reader.ts';
import type { SegmentReader } from './segment-reader.ts';

/** A file that comes more slowly than this (1 KiB in a second), over `idleMs`, is given up: else it may take for ever. */
const LEAST_BYTES_PER_MS = 1.024;

export interface HttpReaderOptions {
  /** Sent with each request, such as `authorization`. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Most milliseconds without an answer, or with less than 1 KiB of it in each second. Default 30,000. */
  readonly idleMs?: number;
}

/**
 * `url` is http or https, with or without a slash at its end; a query in it goes along with each request. Redirects are
 * not followed. 404 and 410 say that there is no such file; other answers than 200 make the place unreadable. It cannot
 * list. How much is read is bounded by who reads. Throws PlaceUnreadable for a URL with a user or password in it, which
 * `fetch` would refuse with both in its message.
 */
export function httpReader(
  url: URL,
  { headers = {}, idleMs = 30_000 }: HttpReaderOptions = {},
): SegmentReader {
  const description = `${url.origin}${url.pathname}`;
  if (url.username !== '' || url.password !== '') {
    throw new PlaceUnreadable(`${description}: give the user and the password in a header, not in the URL`);
  }
  return {
    description,
    async read(name, signal) {
      const idle = idleSignal(idleMs, signal);
      try {
        const response = await fetch(below(url, name), {
          redirect: 'error',
          headers: { 'accept-encoding': 'identity', ...headers },
          signal: idle.signal,
        });
        if (response.status === 200 && !isEncoded(response)) {
          return chunksOf(response, name, idle, signal);
        }
        idle.end();
        await response.body?.cancel();
        if (response.status === 404 || response.status === 410) return undefined;
        const reason = response.status === 200 ? 'in an encoding that was not asked for' : response.status;
        throw new PlaceUnreadable(`${description}: ${name} was answered ${reason}`);
      } catch (error) {
        idle.end();
        throw unreadable(error, description, name, signal);
      }
    },
  };

  async function* chunksOf(
    response: Response,
    name: string,
    idle: ReturnType<typeof idleSignal>,
    signal: AbortSignal | undefined,
  ): AsyncGenerator<Uint8Array> {
    try {
      for await (const chunk of response.body ?? []) {
        idle.came(chunk.length);
        yield chunk;
        idle.wait();
      }
    } catch (error) {
      throw unreadable(error, description, name, signal);
    } finally {
      idle.end();
    }
  }
}

function below(url: URL, name: string): URL {
  const file = new URL(url);
  file.pathname = `${url.pathname.replace(/\/$/, '')}/${name}`;
  file.hash = '';
  return file;
}

function isEncoded(response: Response): boolean {
  const encoding = response.headers.get('content-encoding');
  return encoding !== null && encoding !== 'identity';
}

interface IdleSignal {
  readonly signal: AbortSignal;
  /** Bytes came: time is not counted while they are worked on. */
  came(bytes: number): void;
  /** More is waited for. */
  wait(): void;
  end(): void;
}

/** Has `idleMs` to wait; waiting uses it up, and what comes fills it again. Waits from the beginning. */
function idleSignal(idleMs: number, outer: AbortSignal | undefined): IdleSignal {
  const late = new AbortController();
  let leftMs = idleMs;
  let since = 0;
  let timer: NodeJS.Timeout | undefined;
  const reason = (): Error => new Error(`nothing, or too little, came for ${idleMs / 1000} seconds`);
  const idle: IdleSignal = {
    signal: outer === undefined ? late.signal : AbortSignal.any([late.signal, outer]),
    came(bytes) {
      clearTimeout(timer);
      leftMs = Math.min(idleMs, leftMs - (performance.now() - since) + bytes / LEAST_BYTES_PER_MS);
    },
    wait() {
      since = performance.now();
      timer = setTimeout(() => late.abort(reason()), leftMs);
    },
    end: () => clearTimeout(timer),
  };
  idle.wait();
  return idle;
}

function unreadable(
  error: unknown,
  description: string,
  name: string,
  signal: AbortSignal | undefined,
): unknown {
  if (signal?.aborted === true) return signal.reason;
  if (error instanceof PlaceUnreadable || !(error instanceof Error)) return error;
  const cause = error.cause instanceof Error ? error.cause.message : error.message;
  return new PlaceUnreadable(`${description}: ${name} cannot be read: ${cause}`, { cause: error });
}
