/** `GET /cadf/v1/dead-letters`: what could not be taken in, with reason and bytes. */
import type { DeadLetter, EventStore } from '@cadf-pipeline/event-store';
import { principalOf, ProblemError, scopeOf } from '@cadf-pipeline/service-kit';
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import type { Static } from 'typebox';
import { callerGone } from '../caller-gone.ts';
import { queryErrors } from '../errors.ts';

const DeadLettersQuery = Type.Object(
  {
    source: Type.Optional(Type.String({ maxLength: 128, description: 'Only of this source.' })),
    code: Type.Optional(Type.String({ maxLength: 128, description: 'Only with this reason code.' })),
    status: Type.Optional(Type.Union([Type.Literal('open'), Type.Literal('replayed')])),
    after: Type.Optional(Type.String({ maxLength: 64, description: 'Go on behind the letter of this id.' })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, description: 'Default 100.' })),
  },
  { additionalProperties: false },
);

const Letter = Type.Object({
  id: Type.String(),
  received: Type.String({ description: 'RFC 3339, ms.' }),
  source: Type.String(),
  sourceType: Type.String(),
  submitter: Type.String(),
  tenants: Type.Array(Type.String()),
  stage: Type.String({ description: '`decode`, `normalize`, `validate` or `store`.' }),
  code: Type.String({ description: 'Why; see docs/errors.md.' }),
  detail: Type.String(),
  status: Type.String({ description: '`open` or `replayed`.' }),
  outcome: Type.Optional(Type.String({ description: 'What the replay gave.' })),
  text: Type.Optional(Type.String({ description: 'The original record, where it is UTF-8.' })),
  base64: Type.String({ description: 'The original bytes.' }),
});

const role = ['admin', 'query'] as const;

export function deadLetterRoutes(app: FastifyInstance, { store }: { readonly store: EventStore }): void {
  app.get<{ Querystring: Static<typeof DeadLettersQuery> }>(
    '/cadf/v1/dead-letters',
    {
      config: { role },
      schema: {
        tags: ['dead letters'],
        summary: 'List records that could not be taken in, newest first',
        querystring: DeadLettersQuery,
        response: {
          200: Type.Object({
            deadLetters: Type.Array(Letter),
            next: Type.Optional(
              Type.String({ description: 'Path and query of the next page; absent on the last.' }),
            ),
          }),
        },
      },
    },
    async (request, reply) => {
      const { limit = 100, ...filters } = request.query;
      const letters = await store.deadLetters(
        scopeOf(principalOf(request)),
        { ...filters, limit },
        callerGone(reply),
      );
      const last = letters.at(-1);
      const more = last !== undefined && letters.length === limit;
      return {
        deadLetters: letters.map(toAnswer),
        ...(more ? { next: nextPath({ ...filters, limit: String(limit), after: last.id }) } : {}),
      };
    },
  );

  app.get<{ Params: { id: string } }>(
    '/cadf/v1/dead-letters/:id',
    {
      config: { role },
      schema: {
        tags: ['dead letters'],
        summary: 'One dead letter',
        params: Type.Object({ id: Type.String() }),
        response: { 200: Letter },
      },
    },
    async (request) => {
      const letter = await store.deadLetter(scopeOf(principalOf(request)), request.params.id);
      if (letter === undefined) throw new ProblemError(queryErrors.QUERY_DEAD_LETTER_NOT_FOUND);
      return toAnswer(letter);
    },
  );
}

function toAnswer({ receivedMs, record, ...letter }: DeadLetter): object {
  const text = decodeUtf8(record);
  return {
    ...letter,
    received: new Date(receivedMs).toISOString(),
    ...(text === undefined ? {} : { text }),
    base64: record.toString('base64'),
  };
}

function decodeUtf8(bytes: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function nextPath(query: Readonly<Record<string, string>>): string {
  return `/cadf/v1/dead-letters?${new URLSearchParams(query)}`;
}
