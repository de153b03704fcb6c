import type { FastifyInstance, FastifyRequest } from 'fastify';
import Type from 'typebox';
import type { Static } from 'typebox';

import { createKeyId, createToken, hashKey, principalOf, ProblemError } from '@cadf-pipeline/service-kit';
import type { Principal } from '@cadf-pipeline/service-kit';

import { controlErrors } from '../control-errors.ts';
import type { Versioned } from '../control-record.ts';
import { ApiKey } from '../entities.ts';
import { BOOTSTRAP_KEY_ID } from '../key-verifier.ts';
import { SYSTEM_SOURCE } from '../resolve-source.ts';
import type { AdminDeps } from './audited-change.ts';
import { mayTouch, requireWithinOwn } from './authority.ts';
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
import { auditedCreation, auditedDeletion, auditedUpdate } from './entity-changes.ts';
import { keyExample } from './examples.ts';

const { id, name, roles, tenants, source, expires, created, revoked } = ApiKey.properties;

const { id: _id, ...CHANGED } = keyExample.body;
const KeyParams = Type.Object({
  id: { ...IdParams.properties.id, examples: [keyExample.body.id] },
});

const NewKey = Type.Object(
  { id: Type.Optional(id), name, roles, tenants, source, expires },
  { additionalProperties: false, examples: [keyExample.body] },
);
type NewKey = Static<typeof NewKey>;

const ChangedKey = Type.Object(
  { name, roles, tenants, source, expires },
  { additionalProperties: false, examples: [CHANGED] },
);
type ChangedKey = Static<typeof ChangedKey>;

/** A key as shown: never its hash. */
const KeyView = Type.Object(
  { id, name, roles, tenants, source, created, expires, revoked, version: Type.Integer() },
  { description: 'The key, without its token' },
);

const MadeKey = Type.Object(
  { ...KeyView.properties, token: Type.String({ description: 'The token: shown now and never again' }) },
  { description: 'The key with its token' },
);

const KEY_ANSWER = taggedAnswer('The key, without its token', KeyView, keyExample.view);
const KEY_PROBLEMS = [
  controlErrors.CONTROL_UNKNOWN,
  controlErrors.CONTROL_VERSION,
  controlErrors.FORBIDDEN_BEYOND_OWN,
  ...changeProblems,
];

/**
 * API keys. An admin that does not reach all tenants sees and manages only keys within its own tenants, and gives
 * no role, tenant or source that it has not itself.
 */
export function keyRoutes(app: FastifyInstance, deps: AdminDeps): void {
  const { state, now } = deps;
  const config = { role: 'admin' } as const;
  const tags = ['administration'];

  app.get<{ Querystring: PageQuery }>(
    '/keys',
    {
      config,
      schema: {
        tags,
        summary: 'List keys',
        description:
          'A page, ordered by id: the keys within the tenants of the calling key, without their tokens.',
        querystring: PageQuery,
        response: { 200: pageOf(KeyView, keyExample.view) },
      },
    },
    (request) => {
      const principal = principalOf(request);
      const visible = state.list('key').filter((key) => mayTouch(principal, key.entity));
      return page(visible, request.query, view);
    },
  );

  app.get<{ Params: IdParams }>(
    '/keys/:id',
    {
      config,
      schema: {
        tags,
        summary: 'Read a key',
        description: 'Who it is for, what it may and until when; never its token.',
        params: KeyParams,
        problems: [controlErrors.CONTROL_UNKNOWN],
        response: { 200: KEY_ANSWER },
      },
    },
    (request, reply) => {
      const key = visibleKey(principalOf(request), request.params.id);
      return reply.header('etag', etagOf(key)).send(view(key));
    },
  );

  app.post<{ Body: NewKey }>(
    '/keys',
    {
      config,
      schema: {
        tags,
        summary: 'Create a key',
        description:
          'Its token is shown only in this answer. It gets no role, tenant or source beyond those of the calling key.',
        body: NewKey,
        problems: [controlErrors.CONTROL_EXISTS, controlErrors.FORBIDDEN_BEYOND_OWN, ...changeProblems],
        response: {
          201: createdAnswer('The key with its token', MadeKey, {
            ...keyExample.view,
            token: 'cadf_auditor-a_EXAMPLEEXAMPLEEXAMPLEEXAMPLEEXAMPLE',
          }),
        },
      },
    },
    async (request, reply) => {
      const keyId = request.body.id ?? createKeyId();
      const token = createToken(keyId);
      const key = await auditedCreation(deps, request, {
        kind: 'key',
        id: keyId,
        make: () => {
          requireWithinOwn(state, principalOf(request), request.body);
          requireSound({ ...request.body, id: keyId });
          return {
            ...request.body,
            id: keyId,
            hash: hashKey(token),
            created: new Date(now()).toISOString(),
          };
        },
      });
      return reply
        .code(201)
        .header('etag', etagOf(key))
        .header('location', `${request.routeOptions.url}/${keyId}`)
        .send({ ...view(key), token });
    },
  );

  app.put<{ Params: IdParams; Body: ChangedKey }>(
    '/keys/:id',
    {
      config,
      schema: {
        tags,
        summary: 'Change a key',
        description: 'The body is all that can be changed of it: what is left out is gone. Its token stays.',
        params: KeyParams,
        headers: IfMatch,
        body: ChangedKey,
        problems: [...KEY_PROBLEMS],
        response: { 200: KEY_ANSWER },
      },
    },
    async (request, reply) => {
      const key = await auditedUpdate(deps, request, {
        action: 'update',
        kind: 'key',
        current: () => currentKey(request),
        to: ({ id, hash, created, revoked }) => {
          requireWithinOwn(state, principalOf(request), request.body);
          requireSound(request.body);
          return { ...request.body, id, hash, created, ...(revoked === undefined ? {} : { revoked }) };
        },
      });
      return reply.header('etag', etagOf(key)).send(view(key));
    },
  );

  app.post<{ Params: IdParams }>(
    '/keys/:id/revoke',
    {
      config,
      schema: {
        tags,
        summary: 'Revoke a key',
        description:
          'For good, from the next request on. It stays listed, so that who used it can still be told.',
        params: KeyParams,
        headers: IfMatch,
        problems: KEY_PROBLEMS,
        response: { 200: KEY_ANSWER },
      },
    },
    async (request, reply) => {
      const key = await auditedUpdate(deps, request, {
        action: 'revoke',
        kind: 'key',
        current: () => currentKey(request),
        to: (before) => ({ ...before, revoked: before.revoked ?? new Date(now()).toISOString() }),
      });
      return reply.header('etag', etagOf(key)).send(view(key));
    },
  );

  app.delete<{ Params: IdParams }>(
    '/keys/:id',
    {
      config,
      schema: {
        tags,
        summary: 'Delete a key',
        description: 'It is no longer listed; events still name it. Where that matters, revoke it.',
        params: KeyParams,
        headers: IfMatch,
        problems: KEY_PROBLEMS,
        response: { 204: Type.Null({ description: 'It is gone' }) },
      },
    },
    async (request, reply) => {
      await auditedDeletion(deps, request, { kind: 'key', current: () => currentKey(request) });
      return reply.code(204).send();
    },
  );

  /** A key beyond the principal's tenants is answered like one that is not there. */
  function visibleKey(principal: Principal, keyId: string, ifMatch?: string): Versioned<'key'> {
    const key = state.get('key', keyId);
    const visible = key !== undefined && mayTouch(principal, key.entity) ? key : undefined;
    return requireCurrent('key', keyId, visible, ifMatch);
  }

  function currentKey(request: FastifyRequest<{ Params: IdParams }>): Versioned<'key'> {
    return visibleKey(principalOf(request), request.params.id, request.headers['if-match']);
  }

  function requireSound(key: Partial<NewKey>): void {
    const fault =
      key.id === BOOTSTRAP_KEY_ID || key.id === SYSTEM_SOURCE
        ? `The id ${key.id} is taken by the system itself`
        : key.expires !== undefined && Number.isNaN(Date.parse(key.expires))
          ? '`expires` is no date'
          : key.source !== undefined && state.get('source', key.source) === undefined
            ? `There is no source ${JSON.stringify(key.source)}`
            : undefined;
    if (fault !== undefined) throw new ProblemError(controlErrors.CONTROL_INVALID, { detail: fault });
  }
}

function view({ entity: { hash: _hash, ...shown }, version }: Versioned<'key'>): Static<typeof KeyView> {
  return { ...shown, version };
}
