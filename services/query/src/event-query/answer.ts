/** Answers a query for events: a page, or the whole result as it is read. */
import type { EventStore, StreamQuery } from '@cadf-pipeline/event-store';
import { ProblemError } from '@cadf-pipeline/service-kit';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { queryErrors } from '../errors.ts';
import { acceptedFormat, CONTENT_TYPES, createFormat } from './formats.ts';
import type { EventFormat, FormatName } from './formats.ts';
import type { EventQuestion } from './question.ts';
import { callerSignal, sendPieces, sendText } from './send.ts';
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
  const signal = callerSignal(reply);
  const asOf = question.from?.asOf ?? (await store.snapshot());
  const from = { asOf, ...(question.from === undefined ? {} : { after: question.from.after }) };
  const format = createFormat(name, question.fields, now());
  if (question.limit === 'all') {
    if (name === 'json') throw new ProblemError(queryErrors.QUERY_ALL_AS_JSON);
    const leave = gate.enter(request);
    const pieces = wholeResult(store, question, { ...question.query, ...from }, name, format, signal, leave);
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

async function* wholeResult(
  store: EventStore,
  { fields, scope }: EventQuestion,
  query: StreamQuery,
  name: FormatName,
  format: EventFormat,
  signal: AbortSignal,
  leave: () => void,
): AsyncGenerator<string | Buffer> {
  try {
    let head = format.head;
    for await (const { lines } of store.stream(scope, query, signal)) {
      if (head !== '') yield head;
      head = '';
      // Whole events as NDJSON are sent as the store gives them.
      if (name === 'ndjson' && fields === undefined) yield lines;
      else yield* inParts(lines, format);
    }
    yield head + format.tail({});
  } finally {
    leave();
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
