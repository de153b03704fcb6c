/** `/cadf/v1/imports`: making, listing, reading, changing and deleting what brings events in as files. */
import {
  changeProblems,
  controlErrors,
  createdAnswer,
  etagOf,
  IdParams,
  IfMatch,
  MAX_IMPORT_BYTES,
  MAX_IMPORTS_OF_ONE,
  page,
  pageOf,
  PageQuery,
  taggedAnswer,
} from '@cadf-pipeline/control-state';
import type { Versioned } from '@cadf-pipeline/control-state';
import { principalOf, ProblemError } from '@cadf-pipeline/service-kit';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { ingestErrors } from '../errors.ts';
import type { ImportAccess } from './import-access.ts';
import { importExample, ImportView, importView } from './import-view.ts';
import type { ImportWork } from './import-work.ts';
import { changedImport, makeImport, newImportId } from './make-import.ts';
import type { MakeDependencies } from './make-import.ts';
import { ChangedImport, NewImport, Resume } from './new-import.ts';

export interface ImportRoutesDependencies extends MakeDependencies {
  readonly access: ImportAccess;
  readonly work: Pick<ImportWork, 'get' | 'nudge'>;
}

export const IMPORTS_PATH = '/cadf/v1/imports';
export const ImportParams = Type.Object({
  id: { ...IdParams.properties.id, examples: [importExample.id] },
});
/** Who makes imports, and who sends files to them. */
export const IMPORTING = { config: { role: ['submit', 'admin'] } } as const;

const tags = ['imports'];
const IMPORT_ANSWER = taggedAnswer('The import', ImportView, importExample);
const ofOneProblems = [
  ingestErrors.IMPORT_NOT_FOUND,
  ingestErrors.IMPORT_NOT_YOURS,
  controlErrors.CONTROL_UNKNOWN,
  controlErrors.CONTROL_VERSION,
  ...changeProblems,
];

/** Registers the routes. Each change is an audit event of the system, as changes under `/cadf/v1/admin` are. */
export function importRoutes(app: FastifyInstance, deps: ImportRoutesDependencies): void {
  const { access, work } = deps;

  const view = (request: FastifyRequest, found: Versioned<'import'>): object =>
    importView(found, work.get(found.entity.id), access.isOwn(principalOf(request), found.entity));
  const send = (reply: FastifyReply, found: Versioned<'import'>): FastifyReply =>
    reply.header('etag', etagOf(found)).send(view(reply.request, found));

  app.post<{ Body: NewImport }>(
    IMPORTS_PATH,
    {
      ...IMPORTING,
      bodyLimit: 2 * MAX_IMPORT_BYTES,
      schema: {
        tags,
        summary: 'Import events',
        description: `Signed segments of a peer, CADF Logs and Reports of others, NDJSON, and log files of AWS CloudTrail: verified first, then taken as submitted events are, under sources of their own. What is refused goes to quarantine with its reason. With an invitation, the provider of the feed is asked now. At most ${MAX_IMPORTS_OF_ONE} of one owner. See docs/imports.md.`,
        body: NewImport,
        problems: [
          ingestErrors.IMPORT_INVALID,
          ingestErrors.IMPORT_EXISTS,
          ingestErrors.IMPORT_NEEDS_KEY,
          ingestErrors.IMPORT_TOO_MANY,
          ingestErrors.IMPORT_INVITATION_REFUSED,
          ingestErrors.IMPORT_PEER_UNREACHABLE,
          ...changeProblems,
        ],
        response: { 201: createdAnswer('The import', ImportView, importExample) },
      },
    },
    async (request, reply) => {
      const principal = principalOf(request);
      const owner = access.ownerOf(principal);
      const id = request.body.id ?? newImportId();
      // Before anything is recorded: a mistake in the body is no event, and an invitation counts once.
      const made = await access.create(request, id, (requireNew) =>
        makeImport(deps, id, request.body, principal, owner, requireNew),
      );
      void reply.code(201).header('location', `${IMPORTS_PATH}/${id}`);
      return send(reply, made);
    },
  );

  app.get<{ Querystring: PageQuery }>(
    IMPORTS_PATH,
    {
      ...IMPORTING,
      schema: {
        tags,
        summary: 'List imports',
        description: 'Those of the caller; an admin also finds those of its tenants.',
        querystring: PageQuery,
        response: { 200: pageOf(ImportView, importExample) },
      },
    },
    (request) =>
      page(access.all(principalOf(request)), request.query, (definition) => view(request, definition)),
  );

  app.get<{ Params: IdParams }>(
    `${IMPORTS_PATH}/:id`,
    {
      ...IMPORTING,
      schema: {
        tags,
        summary: 'Read an import',
        description: 'What it is, without its secrets, how far it has come, and what it refused and why.',
        params: ImportParams,
        problems: [ingestErrors.IMPORT_NOT_FOUND],
        response: { 200: IMPORT_ANSWER },
      },
    },
    (request, reply) => send(reply, access.current(request, 'see')),
  );

  app.patch<{ Params: IdParams; Body: ChangedImport }>(
    `${IMPORTS_PATH}/:id`,
    {
      ...IMPORTING,
      bodyLimit: 2 * MAX_IMPORT_BYTES,
      schema: {
        tags,
        summary: 'Change an import',
        description:
          'What the body names is replaced as a whole, null takes away, all else stays. Only its owner may. Where it is from, its content and its prefix are for good.',
        params: ImportParams,
        headers: IfMatch,
        body: ChangedImport,
        problems: [ingestErrors.IMPORT_INVALID, ...ofOneProblems],
        response: { 200: IMPORT_ANSWER },
      },
    },
    async (request, reply) => {
      const { body } = request;
      const principal = principalOf(request);
      // Seen and allowed before it is checked: faults tell of what it is.
      const found = access.current(request, 'own');
      const after = await changedImport(found.entity, body, principal);
      const tenants = principal.tenants === '*' ? ('*' as const) : [...principal.tenants];
      const made = await access.change(request, 'own', 'update', (before) => {
        if (before !== found.entity)
          throw new ProblemError(controlErrors.CONTROL_CONFLICT, { detail: 'It was changed meanwhile.' });
        return { ...after, tenants };
      });
      return send(reply, made);
    },
  );

  app.post<{ Params: IdParams; Body: Resume }>(
    `${IMPORTS_PATH}/:id/resume`,
    {
      ...IMPORTING,
      schema: {
        tags,
        summary: 'Let an import go on',
        description:
          'Looks at once, also at what was refused. With `accept`, what stopped it is passed over: said in its status and in an audit event. Also ends a pause. Its owner may, and an admin of all its tenants.',
        params: ImportParams,
        headers: IfMatch,
        body: Resume,
        problems: ofOneProblems,
        response: { 200: IMPORT_ANSWER },
      },
    },
    async (request, reply) => {
      const { accept } = request.body;
      const made = await access.change(request, 'see', 'enable', ({ accepted: _before, ...before }) => ({
        ...before,
        paused: false,
        resumed: before.resumed + 1,
        ...(accept === undefined ? {} : { accepted: accept }),
      }));
      return send(reply, made);
    },
  );

  app.delete<{ Params: IdParams }>(
    `${IMPORTS_PATH}/:id`,
    {
      ...IMPORTING,
      schema: {
        tags,
        summary: 'Delete an import',
        description:
          'Nothing more is taken; its quarantine and what was sent to it and not taken are removed. Events that were taken stay. Its owner may, and an admin of all its tenants.',
        params: ImportParams,
        headers: IfMatch,
        problems: ofOneProblems,
        response: { 204: Type.Null({ description: 'It is gone' }) },
      },
    },
    async (request, reply) => {
      await access.remove(request);
      return reply.code(204).send();
    },
  );
}
