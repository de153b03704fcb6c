/** Answers a query for events: a page, or the whole result as it is read. */
import type { EventStore } from '@cadf-pipeline/event-store';
import { ProblemError } from '@cadf-pipeline/service-kit';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { callerGone } from '../caller-gone.ts';
import { queryErrors } from '../errors.ts';
import { acceptedFormat, CONTENT_TYPES, createFormat } from './formats.ts';
import type { EventFormat } from './formats.ts';
import type { EventQuestion } from './question.ts';
import { sendPieces, sendText } from './send.ts';
import type { StreamGate } from './stream-gate.ts';

export interface AnswerDependencies {
  readonly store: EventStore;
  readonly gate: StreamGate;
  /** Milliseconds since 1970 UTC. */
  readonly now: () => number;
}

/** `nextOf` makes of a cursor what the JSON form has beside the events, and the Link header where there is one. */
export type NextOf = (cursor: string) => {
  readonly members: Readonly<Record<string, string>>;
  readonly link?: string;
};

export async function answerEvents(
  { gate, now, store }: AnswerDependencies,
  request: FastifyRequest,
  reply: FastifyReply,
  question: EventQuestion,
  nextOf: NextOf,
): Promise<FastifyReply> {
  const name = acceptedFormat(request.headers.accept);
  const signal = callerGone(reply);
  const asOf = question.from?.asOf ?? (await store.snapshot());
  const from = { asOf, ...(question.from === undefined ? {} : { after: question.from.after }) };
  const format = createFormat(name, question.fields, now());
  if (question.limit === 'all') {
    if (name === 'json') throw new ProblemError(queryErrors.QUERY_ALL_AS_JSON);
    const leave = gate.enter(request);
    const blocks = store.stream(question.scope, { ...question.query, ...from }, signal);
    // Whole events as NDJSON are sent as the store gives them.
    const raw = name === 'ndjson' && question.fields === undefined;
    const pieces = formatted(blocks, format, raw, {}, leave);
    return sendPieces(request, reply, CONTENT_TYPES[name], pieces);
  }
  const events = await store.events(
    question.scope,
    { ...question.query, ...from, limit: question.limit },
    signal,
  );
  const last = events.at(-1);
  let members: Readonly<Record<string, string>> = {};
  if (last !== undefined && events.length === question.limit) {
    const cursor = question.cursorAfter(last, asOf);
    const next = nextOf(cursor);
    if (name === 'json') members = next.members;
    else {
      void reply.header('cadf-next-cursor', cursor);
      if (next.link !== undefined) void reply.header('link', `<${next.link}>; rel="next"`);
    }
  }
  const body = format.head + format.events(events.map(({ text }) => text)) + format.tail(members);
  return sendText(request, reply, CONTENT_TYPES[name], body);
}

/**
 * Blocks of lines in a form, piece by piece; `raw` sends the lines as they are. `atEnd` is called at the end, whatever end
 * that is.
 */
export async function* formatted(
  blocks: AsyncIterable<{ readonly lines: Buffer }>,
  format: EventFormat,
  raw: boolean,
  links: Readonly<Record<string, string>>,
  atEnd?: () => void | Promise<void>,
): AsyncGenerator<string | Buffer> {
  try {
    let { head } = format;
    for await (const { lines } of blocks) {
      if (head !== '') yield head;
      head = '';
      if (raw) yield lines;
      else yield* inParts(lines, format);
    }
    yield head + format.tail(links);
  } finally {
    await atEnd?.();
  }
}

/** Texts made of a whole block at once would take several times its memory. */
const PART_LINES = 1000;

function* inParts(lines: Buffer, format: EventFormat): Generator<string> {
  let start = 0;
  let texts: string[] = [];
  for (let end = lines.indexOf(10); end >= 0; end = lines.indexOf(10, start)) {
    texts.push(lines.toString('utf8', start, end));
    start = end + 1;
    if (texts.length < PART_LINES) continue;
    yield format.events(texts);
    texts = [];
  }
  if (texts.length > 0) yield format.events(texts);
}
