/** What the admin routes of all kinds share: versions as ETags, pages, answers for what is not there. */

import Type from 'typebox';
import type { TObject } from 'typebox';

import { frameworkErrors, ProblemError } from '@cadf-pipeline/service-kit';

import { controlErrors } from '../control-errors.ts';
import type { Versioned } from '../control-record.ts';
import type { Kind } from '../entities.ts';

export const PageQuery = Type.Object(
  {
    limit: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 1000, default: 100, description: 'Most items', examples: [100] }),
    ),
    after: Type.Optional(
      Type.String({
        maxLength: 256,
        description: 'Only items with an id after this one',
        examples: ['kvm-1'],
      }),
    ),
  },
  { additionalProperties: false },
);
export type PageQuery = { readonly limit?: number; readonly after?: string };

export const IdParams = Type.Object({
  id: Type.String({
    minLength: 1,
    maxLength: 256,
    description: 'As listed; percent-encoded',
    examples: ['kvm-1'],
  }),
});
export type IdParams = { readonly id: string };

/** Changes may name the version they start from. */
export const IfMatch = Type.Object({
  'if-match': Type.Optional(
    Type.String({ maxLength: 64, description: 'The ETag it must still have', examples: ['"1793534400000"'] }),
  ),
});

/** The answer schema of a page. */
export const pageOf = (item: TObject, example: object) =>
  Type.Object(
    {
      items: Type.Array(item),
      next: Type.Optional(Type.String({ description: '`after` of the next page' })),
    },
    { description: 'A page, ordered by id', examples: [{ items: [example] }] },
  );

/** One page of things by id; `show` is called only for what is on it. */
export function page<K extends Kind, Shown>(
  all: readonly Versioned<K>[],
  { limit = 100, after }: PageQuery,
  show: (thing: Versioned<K>) => Shown,
): { readonly items: readonly Shown[]; readonly next?: string } {
  const rest = all
    .filter(({ entity }) => after === undefined || entity.id > after)
    .toSorted((a, b) => (a.entity.id < b.entity.id ? -1 : 1));
  const shown = rest.slice(0, limit);
  const items = shown.map(show);
  const last = shown.at(-1);
  return rest.length > shown.length && last !== undefined ? { items, next: last.entity.id } : { items };
}

/** The version as an entity tag (RFC 9110 §8.8.3). */
export function etagOf(thing: Versioned): string {
  return `"${thing.version}"`;
}

/** Throws `CONTROL_UNKNOWN` for what is not there and `CONTROL_VERSION` where If-Match names another version. */
export function requireCurrent<K extends Kind>(
  kind: K,
  id: string,
  thing: Versioned<K> | undefined,
  ifMatch: string | undefined,
): Versioned<K> {
  if (thing === undefined) {
    throw new ProblemError(controlErrors.CONTROL_UNKNOWN, {
      detail: `There is no ${kind} ${JSON.stringify(id)}`,
    });
  }
  if (
    ifMatch !== undefined &&
    ifMatch !== '*' &&
    !ifMatch.split(',').some((tag) => tag.trim() === etagOf(thing))
  ) {
    throw new ProblemError(controlErrors.CONTROL_VERSION, {
      detail: `It is now in version ${etagOf(thing)}`,
    });
  }
  return thing;
}

/** An answer with the version as its entity tag. */
export const taggedAnswer = (description: string, schema: TObject, example: object): object => ({
  description,
  headers: {
    ETag: { type: 'string', description: 'The version, for If-Match', examples: ['"1793534400000"'] },
  },
  content: { 'application/json': { schema, example } },
});

/** The same for what was made: also where it is. */
export const createdAnswer = (description: string, schema: TObject, example: object): object => {
  const answer = taggedAnswer(description, schema, example);
  const headers = Object(Reflect.get(answer, 'headers'));
  return {
    ...answer,
    headers: {
      ...headers,
      Location: { type: 'string', description: 'Where it is' },
    },
  };
};

/** What a change may be refused for. */
export const changeProblems = [
  frameworkErrors.FORBIDDEN_TENANT,
  controlErrors.CONTROL_CONFLICT,
  controlErrors.CONTROL_INVALID,
  controlErrors.CONTROL_FULL,
  controlErrors.CONTROL_LATE,
  controlErrors.CONTROL_BUSY,
];
