/** `GET /cadf/v1/dead-letters`: what could not be taken in, with reason and bytes. */
import type { DeadLetter, EventStore } from '@cadf-pipeline/event-store';
import { principalOf, ProblemError, scopeOf } from '@cadf-pipeline/service-kit';
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import type { Static } from 'typebox';
import { callerGone } from '../caller-gone.ts';
import { queryErrors } from '../errors.ts';

const LETTER = {
  id: '7b9e1c52-3d0a-4f7e-8a51-2f6f1a0c9d11',
  received: '2026-11-01T12:00:00.000Z',
  source: 'kvm-1',
  sourceType: 'libvirt-audit',
  submitter: 'bootstrap',
  tenants: [],
  stage: 'normalize',
  code: 'LIBVIRT_NOT_AN_AUDIT_RECORD',
  detail: 'There is no audit record in the line',
  status: 'open',
  text: 'garbage',
  base64: 'Z2FyYmFnZQ==',
};

const DeadLettersQuery = Type.Object(
  {
    source: Type.Optional(
      Type.String({ maxLength: 128, description: 'Only of this source.', examples: ['kvm-1'] }),
    ),
    code: Type.Optional(
      Type.String({ maxLength: 128, description: 'Only with this reason code.', examples: [LETTER.code] }),
    ),
    status: Type.Optional(
      Type.Union([Type.Literal('open'), Type.Literal('replayed')], {
        description: 'Only those that wait, or only those taken again with success.',
        examples: ['open'],
      }),
    ),
    after: Type.Optional(
      Type.String({
        maxLength: 64,
        description: 'Go on behind the letter of this id.',
        examples: [LETTER.id],
      }),
    ),
    limit: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 1000,
        description: 'Letters per page; default 100.',
        examples: [100],
      }),
    ),
  },
  { additionalProperties: false },
);

const Letter = Type.Object(
  {
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
    base64: Type.String({ contentEncoding: 'base64', description: 'The original bytes.' }),
  },
  { description: 'A dead letter', examples: [LETTER] },
);

const role = ['admin', 'query'] as const;

export function deadLetterRoutes(app: FastifyInstance, { store }: { readonly store: EventStore }): void {
  app.get<{ Querystring: Static<typeof DeadLettersQuery> }>(
    '/cadf/v1/dead-letters',
    {
      config: { role },
      schema: {
        tags: ['dead letters'],
        summary: 'List records that could not be taken in, newest first',
        description:
          'Each with the reason and the original bytes. POST /cadf/v1/dead-letters/{id}/replay takes one again.',
        querystring: DeadLettersQuery,
        response: {
          200: Type.Object(
            {
              deadLetters: Type.Array(Letter),
              next: Type.Optional(
                Type.String({ description: 'Path and query of the next page; absent on the last.' }),
              ),
            },
            {
              description: 'A page of dead letters',
              examples: [{ deadLetters: [LETTER], next: `/cadf/v1/dead-letters?limit=1&after=${LETTER.id}` }],
            },
          ),
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
        description: 'With the reason and the original bytes, also after it was taken again.',
        params: Type.Object({
          id: Type.String({ description: 'As listed.', examples: [LETTER.id] }),
        }),
        problems: [queryErrors.QUERY_DEAD_LETTER_NOT_FOUND],
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
