/** A document of a provider: asked for again where that may help, redirected within the origin only, read as JSON or XML. */
import { setTimeout as sleep } from 'node:timers/promises';
import { fold, readDocument, textOf } from '../../sources/cimi/document.ts';
import type { CimiDocument } from '../../sources/cimi/document.ts';
import { CimiFailure } from './cimi-failure.ts';
import type { HttpAnswer, HttpGet } from './http-get.ts';
import { resolveHref } from './resolve-href.ts';
import { retryAfterMs, waitBefore } from './retry-delay.ts';

export interface DocumentReaderOptions {
  readonly http: HttpGet;
  readonly origin: string;
  readonly maxAttempts: number;
  /** A longer `Retry-After` is not waited for: the failure has it. */
  readonly maxRetryAfterMs: number;
  readonly now: () => number;
  /** 0 to 1. */
  readonly random: () => number;
  readonly wait?: (ms: number, signal?: AbortSignal) => Promise<void>;
  readonly readTurn?: ReadTurn;
}

/** Says when a document of so many bytes is read; throws the signal's reason. */
export type ReadTurn = <T>(bytes: number, read: () => T, signal: AbortSignal | undefined) => Promise<T>;

/** A document with the words it was written in. */
export interface CimiText extends CimiDocument {
  readonly text: string;
}

export type GetDocument = (url: URL, signal?: AbortSignal) => Promise<CimiText>;

const MAX_REDIRECTS = 3;
const MAX_WORDS = 200;
/** A longer answer to a failed request is no Job. */
const MAX_FAILURE_BYTES = 65_536;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);
const RETRYABLE = new Set([408, 425, 429, 500, 502, 503, 504]);

/** What it makes throws `CimiFailure`, or the signal's reason. */
export function createGetDocument(options: DocumentReaderOptions): GetDocument {
  const { http, origin, maxAttempts, maxRetryAfterMs, now, random } = options;
  const readTurn: ReadTurn = options.readTurn ?? (async (_bytes, read) => read());
  const wait =
    options.wait ??
    ((ms: number, signal?: AbortSignal) => sleep(ms, undefined, { ...(signal && { signal }) }));

  async function getOnce(start: URL, signal?: AbortSignal): Promise<CimiText> {
    let url = start;
    for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
      const answer = await http.get(url, signal);
      if (!REDIRECTS.has(answer.status))
        return readTurn(answer.body.length, () => readAnswer(url, answer), signal);
      const { location } = answer.headers;
      if (location === undefined) break;
      url = resolveHref(location, url, origin);
    }
    throw new CimiFailure(
      'CIMI_REDIRECTS',
      `${start.pathname} is redirected without an end. Configure the entry point by its final address.`,
    );
  }

  function readAnswer(url: URL, { status, headers, body }: HttpAnswer): CimiText {
    if (status < 200 || status > 299) {
      throw new CimiFailure(codeOf(status), `${url.pathname} answers ${status}${wordsOf(body)}.`, {
        status,
        retryable: RETRYABLE.has(status),
        retryAfterMs: retryAfterMs(headers['retry-after'], now()),
      });
    }
    const packing = headers['content-encoding'];
    if (packing !== undefined && packing.toLowerCase() !== 'identity')
      throw notRead(url, `it is packed as ${packing.slice(0, 40)}, which was not asked for`);
    const text = decode(body);
    if (text === undefined) throw notRead(url, 'it is not UTF-8');
    const document = readDocument(text);
    if ('code' in document) throw notRead(url, `${document.code}: ${document.detail}`);
    if (document.rootName?.toLowerCase() === 'html') throw notRead(url, 'it is a page for people');
    if (fold(document.value).size === 0) throw notRead(url, 'it is no resource');
    return { ...document, text };
  }

  return async function getDocument(url, signal) {
    for (let attempt = 1; ; attempt++) {
      try {
        return await getOnce(url, signal);
      } catch (error) {
        if (!(error instanceof CimiFailure) || !error.retryable || attempt >= maxAttempts) throw error;
        if ((error.retryAfterMs ?? 0) > maxRetryAfterMs) throw error;
        await wait(waitBefore(attempt, error.retryAfterMs, random()), signal);
      }
    }
  };
}

function codeOf(status: number): 'CIMI_NOT_ALLOWED' | 'CIMI_GONE' | 'CIMI_STATUS' {
  if (status === 401 || status === 403) return 'CIMI_NOT_ALLOWED';
  return status === 404 || status === 410 ? 'CIMI_GONE' : 'CIMI_STATUS';
}

function notRead(url: URL, why: string): CimiFailure {
  return new CimiFailure('CIMI_DOCUMENT', `${url.pathname} cannot be read: ${why}`);
}

/** Of the Job that a failed request is answered with (DSP0263 4.2.2), or what servers send instead of one. */
function wordsOf(body: Buffer): string {
  if (body.length > MAX_FAILURE_BYTES) return '';
  const text = decode(body);
  const document = text === undefined ? undefined : readDocument(text);
  if (document === undefined || 'code' in document) return '';
  const members = fold(document.value);
  const words = textOf(members.get('statusmessage')) ?? textOf(members.get('message'));
  return words === undefined ? '' : `: ${words.slice(0, MAX_WORDS)}`;
}

function decode(body: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    return undefined;
  }
}
