/** `/cadf/v1/saved-queries`: queries with a name, an owner, parameters, and those they are shared with. */
import { randomUUID } from 'node:crypto';
import {
  auditedCreation,
  auditedDeletion,
  auditedUpdate,
  changeProblems,
  controlErrors,
  createdAnswer,
  createOwnerRoom,
  etagOf,
  IdParams,
  IfMatch,
  MAX_SAVED_BY_ONE,
  MAX_SAVED_BYTES,
  page,
  pageOf,
  PageQuery,
  requireCurrent,
  taggedAnswer,
} from '@cadf-pipeline/control-state';
import type { AdminDeps, SavedQuery, Versioned } from '@cadf-pipeline/control-state';
import { principalOf, ProblemError, scopeOf } from '@cadf-pipeline/service-kit';
import type { Principal } from '@cadf-pipeline/service-kit';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { queryErrors } from '../errors.ts';
import { checkSavedQuery } from '../saved-query/check.ts';
import type { SavedQueries } from '../saved-query/saved-queries.ts';
import { SavedQueryBody, savedQueryExample, SavedQueryView } from '../saved-query/schemas.ts';
import { finds, mayDelete, owns } from '../saved-query/visibility.ts';

export interface SavedQueryRoutesDependencies extends AdminDeps {
  readonly saved: SavedQueries;
}

const PATH = '/cadf/v1/saved-queries';
/** What is kept, with all its characters escaped. */
const BODY_LIMIT = 6 * MAX_SAVED_BYTES;
const Params = Type.Object({
  id: { ...IdParams.properties.id, examples: [savedQueryExample.id] },
});
const ANSWER = taggedAnswer('The saved query', SavedQueryView, savedQueryExample);
const savingProblems = [
  queryErrors.QUERY_FILTER_INVALID,
  queryErrors.QUERY_TIME_INVALID,
  queryErrors.QUERY_FIELDS_INVALID,
  queryErrors.QUERY_SAVED_INVALID,
  ...changeProblems,
];
const ownProblems = [
  queryErrors.QUERY_SAVED_NOT_FOUND,
  queryErrors.QUERY_SAVED_NOT_YOURS,
  controlErrors.CONTROL_UNKNOWN,
  controlErrors.CONTROL_VERSION,
];
type OfOne = FastifyRequest<{ Params: IdParams }>;

/** Registers the routes. Each change is an audit event of the system, as changes under `/cadf/v1/admin` are. */
export function savedQueryRoutes(app: FastifyInstance, deps: SavedQueryRoutesDependencies): void {
  const { now, saved, state } = deps;
  const tags = ['saved queries'];
  const room = createOwnerRoom(state, 'query', MAX_SAVED_BY_ONE, queryErrors.QUERY_TOO_MANY_SAVED);
  const writing = { config: { role: 'query' }, bodyLimit: BODY_LIMIT } as const;
  // An admin of the tenants sees to what was left behind, and need not be one who may query.
  const finding = { config: { role: ['query', 'admin'] } } as const;

  app.post<{ Body: SavedQueryBody }>(
    PATH,
    {
      ...writing,
      schema: {
        tags,
        summary: 'Save a query',
        description: `It is run by \`saved\` of the routes that select events, within what the caller of the run may see. At most ${MAX_SAVED_BY_ONE} of one owner.`,
        body: SavedQueryBody,
        problems: [...savingProblems, queryErrors.QUERY_TOO_MANY_SAVED],
        response: { 201: createdAnswer('The saved query', SavedQueryView, savedQueryExample) },
      },
    },
    async (request, reply) => {
      const principal = principalOf(request);
      check(principal, request.body);
      const id = randomUUID();
      const made = await room(principal, (requireRoom) =>
        auditedCreation(deps, request, {
          kind: 'query',
          id,
          make: () => {
            requireRoom();
            const created = new Date(now()).toISOString();
            return { id, ...request.body, ...ownedBy(principal), created };
          },
        }),
      );
      void reply.code(201).header('location', `${PATH}/${id}`);
      return send(reply, principal, made);
    },
  );

  app.get<{ Querystring: PageQuery }>(
    PATH,
    {
      ...finding,
      schema: {
        tags,
        summary: 'List the saved queries that the caller owns or that are shared with it',
        description: 'An admin also finds private ones of its tenants.',
        querystring: PageQuery,
        response: { 200: pageOf(SavedQueryView, savedQueryExample) },
      },
    },
    (request) => {
      const principal = principalOf(request);
      const found = state.list('query').filter(({ entity }) => finds(principal, entity));
      return page(found, request.query, (query) => view(principal, query));
    },
  );

  app.get<{ Params: IdParams }>(
    `${PATH}/:id`,
    {
      ...finding,
      schema: {
        tags,
        summary: 'Read a saved query',
        description: 'With its parameters, its owner and its version.',
        params: Params,
        problems: [queryErrors.QUERY_SAVED_NOT_FOUND],
        response: { 200: ANSWER },
      },
    },
    (request, reply) => {
      const principal = principalOf(request);
      return send(reply, principal, saved.find(principal, request.params.id));
    },
  );

  app.put<{ Params: IdParams; Body: SavedQueryBody }>(
    `${PATH}/:id`,
    {
      ...writing,
      schema: {
        tags,
        summary: 'Change a saved query',
        description: 'Only its owner may.',
        params: Params,
        headers: IfMatch,
        body: SavedQueryBody,
        problems: [...savingProblems, ...ownProblems],
        response: { 200: ANSWER },
      },
    },
    async (request, reply) => {
      const principal = principalOf(request);
      check(principal, request.body);
      const made = await auditedUpdate(deps, request, {
        action: 'update',
        kind: 'query',
        current: () => current(request, owns),
        to: ({ id, created }) => ({ id, ...request.body, ...ownedBy(principal), created }),
      });
      return send(reply, principal, made);
    },
  );

  app.delete<{ Params: IdParams }>(
    `${PATH}/:id`,
    {
      ...finding,
      schema: {
        tags,
        summary: 'Delete a saved query',
        description: 'Its owner may, and an admin of all its tenants.',
        params: Params,
        headers: IfMatch,
        problems: [...ownProblems, ...changeProblems],
        response: { 204: Type.Null({ description: 'It is gone' }) },
      },
    },
    async (request, reply) => {
      await auditedDeletion(deps, request, { kind: 'query', current: () => current(request, mayDelete) });
      return reply.code(204).send();
    },
  );

  function current(
    request: OfOne,
    may: (principal: Principal, query: SavedQuery) => boolean,
  ): Versioned<'query'> {
    const principal = principalOf(request);
    const { id } = request.params;
    const query = saved.find(principal, id);
    if (!may(principal, query.entity)) throw new ProblemError(queryErrors.QUERY_SAVED_NOT_YOURS);
    return requireCurrent('query', id, query, request.headers['if-match']);
  }
}

/** Before anything is recorded: a mistake in a filter is no event. */
function check(principal: Principal, body: SavedQueryBody): void {
  checkSavedQuery(body);
  scopeOf(principal, body.tenant);
}

function ownedBy({ id, kind, name, tenants }: Principal): Pick<SavedQuery, 'owner' | 'tenants'> {
  return { owner: { kind, id, name }, tenants: tenants === '*' ? tenants : [...tenants] };
}

function send(reply: FastifyReply, principal: Principal, query: Versioned<'query'>): FastifyReply {
  return reply.header('etag', etagOf(query)).send(view(principal, query));
}

function view(principal: Principal, { changedMs, entity, version }: Versioned<'query'>): SavedQueryView {
  const { tenants: _tenants, ...shown } = entity;
  return {
    ...shown,
    mine: owns(principal, entity),
    changed: new Date(changedMs).toISOString(),
    version,
  };
}
