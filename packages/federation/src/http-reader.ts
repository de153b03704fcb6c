/** A chain behind an address: each file is one GET of its name below it. */
import { PlaceUnreadable } from './segment-reader.ts';
import type { SegmentReader } from './segment-reader.ts';

export interface HttpReaderOptions {
  /** Sent with each request, such as `authorization`. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Most milliseconds without an answer, or without more of it. Default 30,000. */
  readonly idleMs?: number;
}

/**
 * `url` is http or https, with or without a slash at its end; a query in it goes along with each request. Redirects are
 * not followed. 404 and 410 say that there is no such file; other answers than 200 make the place unreadable. It cannot
 * list. How much is read is bounded by who reads.
 */
export function httpReader(
  url: URL,
  { headers = {}, idleMs = 30_000 }: HttpReaderOptions = {},
): SegmentReader {
  const description = `${url.origin}${url.pathname}`;
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
          return chunksOf(response, name, idle);
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
  ): AsyncGenerator<Uint8Array> {
    try {
      for await (const chunk of response.body ?? []) {
        idle.pause();
        yield chunk;
        idle.renew();
      }
    } catch (error) {
      throw unreadable(error, description, name, undefined);
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

function idleSignal(
  idleMs: number,
  outer: AbortSignal | undefined,
): { readonly signal: AbortSignal; renew(): void; pause(): void; end(): void } {
  const late = new AbortController();
  let isPaused = false;
  const timer = setTimeout(() => {
    if (!isPaused) late.abort(new Error(`nothing came for ${idleMs / 1000} seconds`));
  }, idleMs);
  return {
    signal: outer === undefined ? late.signal : AbortSignal.any([late.signal, outer]),
    renew() {
      isPaused = false;
      timer.refresh();
    },
    pause: () => void (isPaused = true),
    end: () => clearTimeout(timer),
  };
}

function unreadable(
  error: unknown,
  description: string,
  name: string,
  signal: AbortSignal | undefined,
): unknown {
  if (signal?.aborted === true || error instanceof PlaceUnreadable || !(error instanceof Error)) return error;
  const cause = error.cause instanceof Error ? error.cause.message : error.message;
  return new PlaceUnreadable(`${description}: ${name} cannot be read: ${cause}`, { cause: error });
}
