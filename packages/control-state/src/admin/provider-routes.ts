import type { FastifyInstance, FastifyRequest } from 'fastify';
import Type from 'typebox';
import type { TObject } from 'typebox';

import { frameworkErrors, principalOf, ProblemError } from '@cadf-pipeline/service-kit';

import { controlErrors } from '../control-errors.ts';
import type { Versioned } from '../control-record.ts';
import type { Entity, Kind } from '../entities.ts';
import { KEY_SOURCE_PREFIX, SYSTEM_SOURCE } from '../resolve-source.ts';
import { auditedChange } from './audited-change.ts';
import type { AdminDeps } from './audited-change.ts';
import { requireAllTenants } from './authority.ts';
import {
  changeProblems,
  createdAnswer,
  etagOf,
  IdParams,
  IfMatch,
  page,
  pageOf,
  PageQuery,
  requireCurrent,
  taggedAnswer,
} from './entity-http.ts';
import { auditedCreation, auditedDeletion } from './entity-changes.ts';
import type { EntityExample } from './examples.ts';

/** The kinds that belong to the provider: all but keys and saved queries. */
type ProviderKind = Exclude<Kind, 'key' | 'query'>;

interface ProviderResource<K extends ProviderKind> {
  readonly kind: K;
  /** Last part of the path, plural. */
  readonly path: string;
  readonly schema: TObject;
  readonly example: EntityExample;
}

/** Create, list, read, replace and delete for one kind, for admins that reach all tenants. */
export function providerRoutes<K extends ProviderKind>(
  app: FastifyInstance,
  deps: AdminDeps,
  { kind, path, schema, example }: ProviderResource<K>,
): void {
  const { state } = deps;
  const config = { role: 'admin' } as const;
  const tags = ['administration'];
  const Body = Type.Object(schema.properties, {
    additionalProperties: false,
    examples: [example.body],
  });
  const Replacement = Type.Object(
    { ...schema.properties, id: Type.Optional(Type.String({ description: 'As in the path' })) },
    { additionalProperties: false, examples: [example.body] },
  );
  const Params = Type.Object({
    id: { ...IdParams.properties.id, examples: [example.body.id] },
  });
  const View = Type.Object({ ...schema.properties, version: Type.Integer() }, { description: `The ${kind}` });
  const view = (thing: Versioned<K>) => ({ ...thing.entity, id: thing.entity.id, version: thing.version });
  // The schema of the route has been checked against the body before a handler runs.
  const bodyOf = (request: FastifyRequest): Entity<K> => request.body as Entity<K>;

  app.get<{ Querystring: PageQuery }>(
    `/${path}`,
    {
      config,
      schema: {
        tags,
        summary: `List ${path}`,
        description: 'A page, ordered by id; for keys that reach all tenants.',
        querystring: PageQuery,
        problems: [frameworkErrors.FORBIDDEN_TENANT],
        response: { 200: pageOf(View, example.view) },
      },
    },
    (request) => {
      requireAllTenants(principalOf(request));
      return page(state.list(kind), request.query, view);
    },
  );

  app.get<{ Params: IdParams }>(
    `/${path}/:id`,
    {
      config,
      schema: {
        tags,
        summary: `Read a ${kind}`,
        description: 'As it is now, with its version; for keys that reach all tenants.',
        params: Params,
        problems: [frameworkErrors.FORBIDDEN_TENANT, controlErrors.CONTROL_UNKNOWN],
        response: { 200: taggedAnswer(`The ${kind}`, View, example.view) },
      },
    },
    (request, reply) => {
      requireAllTenants(principalOf(request));
      const thing = requireCurrent(kind, request.params.id, state.get(kind, request.params.id), undefined);
      return reply.header('etag', etagOf(thing)).send(view(thing));
    },
  );

  app.post(
    `/${path}`,
    {
      config,
      schema: {
        tags,
        summary: `Create a ${kind}`,
        description:
          'Under an id that is free; for keys that reach all tenants. It holds as soon as it is answered.',
        body: Body,
        problems: [controlErrors.CONTROL_EXISTS, ...changeProblems],
        response: { 201: createdAnswer(`The ${kind}`, View, example.view) },
      },
    },
    async (request, reply) => {
      const after = bodyOf(request);
      const { id } = after;
      const thing = await auditedCreation(deps, request, {
        kind,
        id,
        make: () => {
          requireAllTenants(principalOf(request));
          requireFree(kind, id);
          return after;
        },
      });
      return reply
        .code(201)
        .header('etag', etagOf(thing))
        .header('location', `${request.routeOptions.url}/${encodeURIComponent(id)}`)
        .send(view(thing));
    },
  );

  app.put<{ Params: IdParams }>(
    `/${path}/:id`,
    {
      config,
      schema: {
        tags,
        summary: `Create or replace a ${kind}`,
        description:
          'The body is all of it: what is left out is gone. With If-Match only where it still has that version.',
        params: Params,
        headers: IfMatch,
        body: Replacement,
        problems: [controlErrors.CONTROL_UNKNOWN, controlErrors.CONTROL_VERSION, ...changeProblems],
        response: {
          200: taggedAnswer(`The ${kind} as it is now`, View, example.view),
          201: taggedAnswer(`The ${kind}, which is new`, View, example.view),
        },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const exists = state.get(kind, id) !== undefined;
      const made = await auditedChange(deps, request, {
        action: exists ? 'update' : 'create',
        kind,
        id,
        plan: () => ({ before: replacedBy(request), after: { ...bodyOf(request), id } }),
      });
      const thing = requireCurrent(kind, id, made, undefined);
      return reply
        .code(exists ? 200 : 201)
        .header('etag', etagOf(thing))
        .send(view(thing));
    },
  );

  app.delete<{ Params: IdParams }>(
    `/${path}/:id`,
    {
      config,
      schema: {
        tags,
        summary: `Delete a ${kind}`,
        description:
          'With If-Match only where it still has that version. Events that name it stay as they are.',
        params: Params,
        headers: IfMatch,
        problems: [controlErrors.CONTROL_UNKNOWN, controlErrors.CONTROL_VERSION, ...changeProblems],
        response: { 204: Type.Null({ description: 'It is gone' }) },
      },
    },
    async (request, reply) => {
      await auditedDeletion(deps, request, { kind, current: () => currentOf(request) });
      return reply.code(204).send();
    },
  );

  /** What a PUT replaces; undefined where it creates (RFC 9110 §9.3.4), which an If-Match forbids. */
  function replacedBy(request: FastifyRequest<{ Params: IdParams }>): Versioned<K> | undefined {
    const { id } = request.params;
    if (state.get(kind, id) !== undefined || request.headers['if-match'] !== undefined)
      return currentOf(request);
    requireAllTenants(principalOf(request));
    requireFree(kind, id);
    return undefined;
  }

  /** Whoever may not change the thing is not told whether it is there. */
  function currentOf(request: FastifyRequest<{ Params: IdParams }>): Versioned<K> {
    requireAllTenants(principalOf(request));
    const { id } = request.params;
    return requireCurrent(kind, id, state.get(kind, id), request.headers['if-match']);
  }
}

function requireFree(kind: ProviderKind, id: string): void {
  if (kind !== 'source') return;
  const owner = id.startsWith(KEY_SOURCE_PREFIX)
    ? `Source ids that start with ${KEY_SOURCE_PREFIX} belong to single keys`
    : id === SYSTEM_SOURCE
      ? `The source ${SYSTEM_SOURCE} is the system itself`
      : undefined;
  if (owner !== undefined) throw new ProblemError(controlErrors.CONTROL_INVALID, { detail: owner });
}
