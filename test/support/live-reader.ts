/** A reader of live events over a socket of its own: what it was sent, parsed and as it came. */
import { request } from 'node:http';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { createParser } from 'eventsource-parser';
import type { EventSourceMessage } from 'eventsource-parser';
import { until } from './service.ts';
import type { TestService } from './service.ts';

export interface LiveReader {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** All messages but the last one of an answer that was ended. */
  readonly messages: readonly EventSourceMessage[];
  /** The last message, where the service ended the answer. */
  readonly end: { readonly code: string; readonly detail: string } | undefined;
  /** The last id, also of what had no data: what a browser sends as Last-Event-ID. */
  readonly lastId: string;
  /** How many comments came. */
  readonly comments: number;
  /** Bytes as they came over the socket. */
  readonly bytes: number;
  readonly closed: boolean;
  /** Ids of the events. */
  ids(): string[];
  /** The body of an answer that was none of events. */
  text(): string;
  /** Waits until `condition` holds. */
  until(condition: () => boolean, what?: string): Promise<void>;
  /** Takes nothing any more; the socket fills. */
  pause(): void;
  resume(): void;
  /** Breaks the connection off. */
  drop(): void;
}

export interface LiveOptions {
  readonly key?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly method?: string;
}

/** Begins to read; resolves with the head of the answer. `path` is what follows `/cadf/v1/events/stream`. */
export async function readLive(
  service: Pick<TestService, 'key' | 'url'>,
  path = '',
  { key = service.key, headers = {}, method = 'GET' }: LiveOptions = {},
): Promise<LiveReader> {
  const asked = request(`${service.url}/cadf/v1/events/stream${path}`, {
    method,
    agent: false,
    headers: { authorization: `Bearer ${key}`, ...headers },
  });
  asked.end();
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    asked.once('response', resolve).once('error', reject);
  });
  asked.on('error', () => undefined);
  answer.on('error', () => undefined);
  const messages: EventSourceMessage[] = [];
  const state = { lastId: '', comments: 0, bytes: 0, closed: false, text: '' };
  let end: LiveReader['end'];
  const isStream = answer.headers['content-type']?.startsWith('text/event-stream') === true;
  const parser = createParser({
    onEvent: (message) => {
      if (message.event === 'end') end = JSON.parse(message.data) as LiveReader['end'];
      else messages.push(message);
    },
    onId: (id) => void (state.lastId = id),
    onComment: () => void state.comments++,
    onError: (error) => {
      if (isStream) throw error;
    },
  });
  answer.on('data', (part: Buffer) => void (state.bytes += part.length));
  const body = decoded(answer);
  body.setEncoding('utf8');
  body.on('data', (part: string) => {
    if (isStream) parser.feed(part);
    else state.text += part;
  });
  body.on('error', () => undefined);
  answer.on('close', () => void (state.closed = true));
  return {
    status: answer.statusCode ?? 0,
    headers: answer.headers,
    messages,
    get end() {
      return end;
    },
    get lastId() {
      return state.lastId;
    },
    get comments() {
      return state.comments;
    },
    get bytes() {
      return state.bytes;
    },
    get closed() {
      return state.closed;
    },
    ids: () => messages.map(({ data }) => (JSON.parse(data) as { id: string }).id),
    text: () => state.text,
    until: (condition, what = 'it did not happen') =>
      until(
        () => Promise.resolve(condition()),
        20_000,
        () => `${what}: ${messages.length} messages, closed ${state.closed}, ended ${JSON.stringify(end)}`,
      ),
    pause: () => void answer.pause(),
    resume: () => void answer.resume(),
    drop: () => void asked.destroy(),
  };
}

function decoded(answer: IncomingMessage): Readable {
  const encoding = answer.headers['content-encoding'];
  if (encoding === undefined) return answer;
  return answer.pipe(encoding === 'gzip' ? createGunzip() : createZstdDecompress());
}
