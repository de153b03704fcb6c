/**
 * Sends requests to one receiver: one connection, one request at a time, everything bounded. No redirects, no proxies of
 * the environment, no cookies; only to addresses that the rules allow.
 */
import { createGuardedConnector, explainFault, isBrokenConnection } from '@cadf-pipeline/guarded-http';
import type { AddressRules, ResolveName } from '@cadf-pipeline/guarded-http';
import { Client } from 'undici';
import type { Dispatcher } from 'undici';

export interface WebhookClientOptions {
  readonly url: URL;
  readonly rules: AddressRules;
  /** Milliseconds for all of a request: name, connection, sending, answer. */
  readonly timeoutMs: number;
  /** Certificates (PEM) that are trusted in the place of the system's. */
  readonly ca?: string;
  /** For tests; default: the resolver of the system. */
  readonly resolve?: ResolveName;
}

export type PostResult =
  | {
      readonly answered: true;
      readonly status: number;
      /** The beginning of the body, at most MAX_ANSWER_CHARACTERS; empty where it is compressed or not text. */
      readonly text: string;
      readonly retryAfter?: string;
      readonly location?: string;
    }
  | {
      readonly answered: false;
      /** One sentence. */
      readonly reason: string;
    };

export interface WebhookClient {
  /** Never throws for what the receiver or the way to it did. */
  post(headers: Readonly<Record<string, string>>, body: Buffer, signal: AbortSignal): Promise<PostResult>;
  close(): Promise<void>;
}

/** Of an answer that is read; after that the connection is closed. */
export const MAX_ANSWER_BYTES = 64 * 1024;
export const MAX_ANSWER_CHARACTERS = 1024;
/** A connection nobody uses is closed after this, or what the receiver says up to the second. */
const IDLE_MS = 10_000;
const MAX_IDLE_MS = 60_000;
const MAX_HEADER_BYTES = 16 * 1024;
/** How a reason names what is sent to, and what to mend. */
const RECEIVER = { peer: 'receiver', entered: 'the url of the subscription' };

export function createWebhookClient(options: WebhookClientOptions): WebhookClient {
  const { url, timeoutMs } = options;
  const client = new Client(url.origin, {
    connect: createGuardedConnector(options),
    pipelining: 1,
    allowH2: false,
    maxHeaderSize: MAX_HEADER_BYTES,
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    keepAliveTimeout: IDLE_MS,
    keepAliveMaxTimeout: MAX_IDLE_MS,
  });
  let connections = 0;
  client.on('connect', () => {
    connections += 1;
  });

  async function once(
    headers: Readonly<Record<string, string>>,
    body: Buffer,
    signal: AbortSignal,
  ): Promise<PostResult> {
    const answer = await client.request({
      path: url.pathname + url.search,
      method: 'POST',
      headers,
      body,
      signal,
    });
    const text = await beginningOf(answer);
    const retryAfter = oneOf(answer.headers['retry-after']);
    const location = oneOf(answer.headers['location']);
    return {
      answered: true,
      status: answer.statusCode,
      text,
      ...(retryAfter === undefined ? {} : { retryAfter }),
      ...(location === undefined ? {} : { location }),
    };
  }

  return {
    async post(headers, body, signal) {
      const deadline = AbortSignal.timeout(timeoutMs);
      const either = AbortSignal.any([signal, deadline]);
      const before = connections;
      try {
        try {
          return await once(headers, body, either);
        } catch (error) {
          // The receiver closed a connection it had kept while we were about to use it again: that is no failure of its.
          if (before === 0 || before !== connections || either.aborted || !isBrokenConnection(error))
            throw error;
          return await once(headers, body, either);
        }
      } catch (error) {
        if (signal.aborted) return { answered: false, reason: 'The attempt was broken off by a stop.' };
        if (deadline.aborted)
          return {
            answered: false,
            reason: `The receiver did not answer within ${timeoutMs / 1000} seconds: let it answer first and work afterwards.`,
          };
        return { answered: false, reason: explainFault(error, url, RECEIVER) };
      }
    },
    close: () => client.destroy(),
  };
}

/** What the receiver says is for people; the status alone counts, so a body that breaks off changes nothing. */
async function beginningOf({ body, headers }: Dispatcher.ResponseData): Promise<string> {
  const parts: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const part of body) {
      if (!Buffer.isBuffer(part)) break;
      parts.push(part);
      bytes += part.length;
      if (bytes >= MAX_ANSWER_BYTES) break;
    }
  } catch {
    // As much as came.
  }
  const encoding = oneOf(headers['content-encoding']) ?? 'identity';
  if (encoding !== 'identity') return '';
  const text = Buffer.concat(parts)
    .subarray(0, 4 * MAX_ANSWER_CHARACTERS)
    .toString('utf8');
  // oxlint-disable-next-line no-control-regex -- they are what must not get into logs and terminals
  return text.replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, ' ').slice(0, MAX_ANSWER_CHARACTERS);
}

function oneOf(header: string | readonly string[] | undefined): string | undefined {
  return typeof header === 'string' ? header : header?.[0];
}
