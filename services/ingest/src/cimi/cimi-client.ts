/** What a collector asks a CIMI provider through: documents, what the provider has and can, collections page by page. */
import { CimiFailure } from './cimi-failure.ts';
import type { CimiAuth } from './credentials.ts';
import { discover } from './discover.ts';
import type { CimiDiscovery } from './discover.ts';
import { createGetDocument } from './get-document.ts';
import type { CimiText, ReadTurn } from './get-document.ts';
import { createHttpGet } from './http-get.ts';
import { isLoopback } from './loopback.ts';
import { pagesOf } from './pages.ts';
import type { CimiPage, PageLimits, PagesQuery } from './pages.ts';
import { readEntryPointUrl, resolveHref } from './resolve-href.ts';

export interface CimiClientOptions {
  /** Of the CloudEntryPoint. Nothing outside of its origin is asked. */
  readonly url: string;
  readonly auth: CimiAuth;
  /** PEM of the authorities to trust; those of the system unless told. */
  readonly authorities?: string;
  /** Of one request. 30 s unless told. */
  readonly timeoutMs?: number;
  /** 8 MiB unless told. */
  readonly maxBodyBytes?: number;
  /** Of one poll: 256 MiB unless told. */
  readonly maxPollBytes?: number;
  /** Of one poll: 20 000 unless told. */
  readonly maxPollRequests?: number;
  /** 4 unless told. */
  readonly maxAttempts?: number;
  /** 60 s unless told: a longer `Retry-After` is left to the caller. */
  readonly maxRetryAfterMs?: number;
  /** 100 items a page, 1 000 pages, 100 000 items unless told. */
  readonly limits?: Partial<PageLimits>;
  readonly now?: () => number;
  readonly random?: () => number;
  readonly wait?: (ms: number, signal?: AbortSignal) => Promise<void>;
  /** At once unless told. */
  readonly readTurn?: ReadTurn;
}

/** Each call throws `CimiFailure`, or the signal's reason when it is aborted. */
export interface CimiClient {
  /** Asks anew each time. Call it before the others: references are relative to the baseURI it finds. */
  discover(signal?: AbortSignal): Promise<CimiDiscovery>;
  /** The resource that a reference names. */
  get(href: string, discovery: CimiDiscovery, signal?: AbortSignal): Promise<CimiText>;
  pages(
    collection: URL,
    query: PagesQuery,
    discovery: CimiDiscovery,
    signal?: AbortSignal,
  ): AsyncIterable<CimiPage>;
  /** A poll begins: what one may read and ask is counted anew. */
  beginPoll(): void;
  close(): void;
}

/** Throws `CIMI_URL` where the entry point's URL cannot be used, or would be told credentials in the clear. */
export function createCimiClient(options: CimiClientOptions): CimiClient {
  const entry = readEntryPointUrl(options.url);
  const { origin } = entry;
  if (options.auth.kind !== 'none' && entry.protocol === 'http:' && !isLoopback(entry))
    throw new CimiFailure(
      'CIMI_URL',
      `Credentials are not sent to ${origin} in the clear. Give an https URL.`,
    );
  const http = createHttpGet({
    auth: options.auth,
    authorities: options.authorities,
    timeoutMs: options.timeoutMs ?? 30_000,
    maxBodyBytes: options.maxBodyBytes ?? 8_388_608,
    maxPollBytes: options.maxPollBytes ?? 268_435_456,
    maxPollRequests: options.maxPollRequests ?? 20_000,
  });
  const get = createGetDocument({
    http,
    origin,
    maxAttempts: options.maxAttempts ?? 4,
    maxRetryAfterMs: options.maxRetryAfterMs ?? 60_000,
    now: options.now ?? Date.now,
    random: options.random ?? Math.random,
    ...(options.wait === undefined ? {} : { wait: options.wait }),
    ...(options.readTurn === undefined ? {} : { readTurn: options.readTurn }),
  });
  const limits = { pageSize: 100, maxPages: 1000, maxItems: 100_000, ...options.limits };
  return {
    discover: (signal) => discover(entry, get, signal),
    get: async (href, { base }, signal) => get(resolveHref(href, base, origin), signal),
    pages: (collection, query, discovery, signal) =>
      pagesOf(
        resolveHref(collection.href, discovery.base, origin),
        query,
        { get, discovery, origin, limits },
        signal,
      ),
    beginPoll: () => http.beginPoll(),
    close: () => http.close(),
  };
}
