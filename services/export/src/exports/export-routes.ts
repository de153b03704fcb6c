/** `/cadf/v1/exports`: asking for exports, listing, reading, cancelling and deleting them. */
import { randomUUID } from 'node:crypto';
import {
  changeProblems,
  controlErrors,
  IdParams,
  IfMatch,
  MAX_EXPORT_BYTES,
  MAX_EXPORTS_OF_ONE,
  page,
  pageOf,
  PageQuery,
  taggedAnswer,
  etagOf,
} from '@cadf-pipeline/control-state';
import type { ExportJob } from '@cadf-pipeline/control-state';
import { frameworkErrors, principalOf } from '@cadf-pipeline/service-kit';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { Type } from 'typebox';
import { exportErrors } from '../errors.ts';
import { requireAllowed } from './destination-rules.ts';
import { fromPositions } from './export-question.ts';
import { hasEnded } from './export-record.ts';
import { exportExample, ExportStatus, ExportView } from './export-view.ts';
import { EXPORTS_PATH } from './exports.ts';
import type { ExportDeps, Exports } from './exports.ts';
import { invalid, NewExport, readContent, readRange, sealDestination } from './new-export.ts';

export const EXPORT_PARAMS = Type.Object({
  id: { ...IdParams.properties.id, examples: [exportExample.id] },
});
/** Who exports. */
export const EXPORTING = { config: { role: 'export' } } as const;
/** An admin of the tenants sees to what was left behind, and need not be one who may read events. */
export const SEEING = { config: { role: ['export', 'admin'] } } as const;
/** What is kept, with all its characters escaped. */
export const BODY_LIMIT = 6 * MAX_EXPORT_BYTES;
export const askingProblems = [
  exportErrors.EXPORT_FILTER_INVALID,
  exportErrors.EXPORT_INVALID,
  exportErrors.EXPORT_NEEDS_KEY,
  exportErrors.EXPORT_TOO_MANY,
  frameworkErrors.FORBIDDEN_TENANT,
  ...changeProblems,
];
const ofOneProblems = [
  exportErrors.EXPORT_NOT_FOUND,
  controlErrors.CONTROL_UNKNOWN,
  controlErrors.CONTROL_VERSION,
  ...changeProblems,
];

const Accepted = Type.Object({ id: Type.String(), status: ExportStatus }, { description: 'It was taken' });
const ANSWER = taggedAnswer('The export', ExportView, exportExample);

export function exportRoutes(app: FastifyInstance, deps: ExportDeps, exports: Exports): void {
  const { box, destinations, now, store, work } = deps;
  const tags = ['exports'];

  app.post<{ Body: NewExport }>(
    EXPORTS_PATH,
    {
      ...EXPORTING,
      bodyLimit: BODY_LIMIT,
      schema: {
        tags,
        summary: 'Ask for an export',
        description: `Events that pass the filter are written to files: exactly those that are stored now and that the calling key may read, counted before. The rights of the key are looked up again when it runs. At most ${MAX_EXPORTS_OF_ONE} of one owner are kept.`,
        body: NewExport,
        problems: [...askingProblems, exportErrors.EXPORT_QUOTA],
        response: {
          202: {
            description: 'It was taken; `Location` tells how far it is',
            headers: { Location: { type: 'string', description: 'Where it is' } },
            content: {
              'application/json': { schema: Accepted, example: { id: exportExample.id, status: 'queued' } },
            },
          },
        },
      },
    },
    async (request, reply) => {
      const { body } = request;
      const principal = principalOf(request);
      // Before anything is recorded: a mistake in a filter is no event.
      const owner = exports.ownerOf(principal);
      const content = readContent(body, principal);
      requireAllowed(body.destination, destinations);
      work.requireQuota(owner.id);
      const id = randomUUID();
      const after: ExportJob = {
        id,
        ...content,
        ...readRange(body),
        destination: sealDestination(box, id, body.destination),
        owner,
        created: new Date(now()).toISOString(),
        asOf: fromPositions(await store.snapshot()),
      };
      requireFit(after);
      await exports.create(request, id, () => after);
      return reply.code(202).header('location', `${EXPORTS_PATH}/${id}`).send({ id, status: 'queued' });
    },
  );

  app.get<{ Querystring: PageQuery }>(
    EXPORTS_PATH,
    {
      ...SEEING,
      schema: {
        tags,
        summary: 'List exports',
        description: 'Those of the caller, without their files; an admin also finds those of its tenants.',
        querystring: PageQuery,
        response: { 200: pageOf(ExportView, exportExample) },
      },
    },
    (request) => {
      const principal = principalOf(request);
      return page(exports.all(principal), request.query, ({ entity }) => exports.view(principal, entity));
    },
  );

  app.get<{ Params: IdParams }>(
    `${EXPORTS_PATH}/:id`,
    {
      ...SEEING,
      schema: {
        tags,
        summary: 'Read an export',
        description: 'What was asked for, without secrets, how far it has come, and its files.',
        params: EXPORT_PARAMS,
        problems: [exportErrors.EXPORT_NOT_FOUND],
        response: { 200: ANSWER },
      },
    },
    async (request, reply) => {
      const found = exports.current(request, 'see');
      const entries = await exports.entries(found.entity);
      void reply.header('etag', etagOf(found));
      return reply.send(exports.view(principalOf(request), found.entity, entries));
    },
  );

  app.post<{ Params: IdParams }>(
    `${EXPORTS_PATH}/:id/cancel`,
    {
      ...SEEING,
      schema: {
        tags,
        summary: 'Cancel an export',
        description:
          'It ends, and nothing of it is kept; one that has ended stays as it is. Its owner may, and an admin of all its tenants.',
        params: EXPORT_PARAMS,
        headers: IfMatch,
        problems: ofOneProblems,
        response: { 200: ANSWER },
      },
    },
    async (request, reply) => {
      const found = exports.current(request, 'see');
      if (hasEnded(work.record(found.entity.id))) return sendOne(reply, found.entity);
      const made = await exports.change(request, 'see', 'stop', (before) => ({
        ...before,
        cancelled: before.cancelled ?? new Date(now()).toISOString(),
      }));
      return sendOne(reply, made.entity);
    },
  );

  app.delete<{ Params: IdParams }>(
    `${EXPORTS_PATH}/:id`,
    {
      ...SEEING,
      schema: {
        tags,
        summary: 'Delete an export',
        description:
          'With its files here; what was put elsewhere stays there. One that runs ends. Its owner may, and an admin of all its tenants.',
        params: EXPORT_PARAMS,
        headers: IfMatch,
        problems: ofOneProblems,
        response: { 204: Type.Null({ description: 'It is gone' }) },
      },
    },
    async (request, reply) => {
      await exports.remove(request);
      await work.discard(request.params.id);
      return reply.code(204).send();
    },
  );

  function sendOne(reply: FastifyReply, job: ExportJob): FastifyReply {
    return reply.send(exports.view(principalOf(reply.request), job));
  }
}

/** Throws EXPORT_INVALID for what is too large to be kept. */
export function requireFit(kept: object): void {
  const bytes = Buffer.byteLength(JSON.stringify(kept));
  if (bytes > MAX_EXPORT_BYTES)
    throw invalid('/', `is kept in ${bytes} bytes, the most is ${MAX_EXPORT_BYTES}`);
}
