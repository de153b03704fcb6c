/** The files of an export: whole or in parts (RFC 9110 §14), by the owner's key or by a signed link. */
import type { ExportJob, IdParams } from '@cadf-pipeline/control-state';
import { HEAD_NAME, manifestName, signatureName } from '@cadf-pipeline/federation';
import { principalOf, ProblemError } from '@cadf-pipeline/service-kit';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Readable } from 'node:stream';
import { Type } from 'typebox';
import type { Static } from 'typebox';
import { exportErrors } from '../errors.ts';
import { openExportDirectory } from './export-directory.ts';
import { mediaTypeOf } from './export-files.ts';
import { EXPORT_PARAMS, EXPORTING } from './export-routes.ts';
import { exportExample, statusOf } from './export-view.ts';
import { EXPORTS_PATH } from './exports.ts';
import type { ExportDeps, Exports } from './exports.ts';
import { fileAnswers, MANIFEST_TYPE, Range, SIGNATURE_TYPE } from './file-answers.ts';
import { sendFile } from './send-file.ts';

const MANIFEST = manifestName(1);
const SIGNED_FILES: ReadonlyMap<string, string> = new Map([
  [MANIFEST, MANIFEST_TYPE],
  [signatureName(1), SIGNATURE_TYPE],
  [HEAD_NAME, SIGNATURE_TYPE],
]);
const DEFAULT_LINK_SECONDS = 900;
const MAX_LINK_SECONDS = 86_400;

const FileParams = Type.Object({
  ...EXPORT_PARAMS.properties,
  name: Type.String({
    pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$',
    description: 'Of a file, as the export lists it; also of the manifest, its signature and the head',
    examples: [exportExample.files[0].name],
  }),
});
const LinkParams = Type.Object({
  ...FileParams.properties,
  expires: Type.String({
    pattern: '^[0-9]{1,12}$',
    description: 'Seconds since 1970',
    examples: ['1793534400'],
  }),
  signature: Type.String({
    pattern: '^[A-Za-z0-9_-]{43}$',
    description: 'Of the link',
    examples: ['A'.repeat(43)],
  }),
});
type FileParams = Static<typeof FileParams>;
type LinkParams = Static<typeof LinkParams>;

const NewLink = Type.Object(
  {
    seconds: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: MAX_LINK_SECONDS,
        description: `How long it counts; default ${DEFAULT_LINK_SECONDS}`,
      }),
    ),
  },
  { additionalProperties: false },
);
type NewLink = Static<typeof NewLink>;
const NewLinkBody = Type.Union([NewLink, Type.Null()], { examples: [{ seconds: 600 }] });
const Link = Type.Object(
  {
    href: Type.String({
      description: 'Ends with `/`: the name of a file comes behind it. `cadf verify` takes it as it is',
    }),
    expires: Type.String({ description: 'RFC 3339, ms' }),
  },
  { description: 'The link' },
);
const LINK_EXAMPLE = {
  href: `${EXPORTS_PATH}/${exportExample.id}/signed/1793534400/${'A'.repeat(43)}/`,
  expires: '2026-11-01T12:00:00.000Z',
};

const MANIFEST_EXAMPLE = {
  version: 1,
  kind: 'export',
  sequence: 1,
  count: exportExample.progress.events,
  filter: exportExample.filter,
};

const ANSWERS = fileAnswers(MANIFEST_EXAMPLE);
const fileProblems = [
  exportErrors.EXPORT_NOT_FOUND,
  exportErrors.EXPORT_NOT_DONE,
  exportErrors.EXPORT_FILE_NOT_FOUND,
  exportErrors.EXPORT_RIGHTS,
  exportErrors.EXPORT_RANGE,
];

export function downloadRoutes(app: FastifyInstance, deps: ExportDeps, exports: Exports): void {
  const { events, links, now, root, state, work } = deps;
  const tags = ['exports'];

  app.get<{ Params: FileParams }>(
    `${EXPORTS_PATH}/:id/files/:name`,
    {
      ...EXPORTING,
      schema: {
        tags,
        summary: 'Download a file of an export',
        description:
          'As it is, also in ranges. Only its owner may, while it may read all that is in the export; each download is an audit event.',
        params: FileParams,
        headers: Range,
        problems: [...fileProblems, exportErrors.EXPORT_NOT_YOURS],
        response: ANSWERS,
      },
    },
    (request, reply) => {
      const job = exports.current(request, 'own').entity;
      const { id, name } = principalOf(request);
      return send(request, reply, job, { id, name, byLink: false });
    },
  );

  app.get<{ Params: IdParams }>(
    `${EXPORTS_PATH}/:id/manifest`,
    {
      ...EXPORTING,
      schema: {
        tags,
        summary: 'Read the manifest of an export',
        description:
          'Exactly the bytes that are signed: files with SHA-256 and counts, filter, tenants, cursor range, who asked. docs/federation-format.md describes it.',
        params: EXPORT_PARAMS,
        problems: [...fileProblems, exportErrors.EXPORT_NOT_YOURS],
        response: {
          200: {
            description: 'The manifest',
            content: { [MANIFEST_TYPE]: { schema: { type: 'object' }, example: MANIFEST_EXAMPLE } },
          },
        },
      },
    },
    async (request, reply) => {
      const job = requireDone(exports.current(request, 'own').entity);
      exports.requireRights(job);
      const stream = Readable.from(openExportDirectory(root, job.id).read(MANIFEST));
      return reply.type(MANIFEST_TYPE).send(stream);
    },
  );

  app.post<{ Params: IdParams; Body: NewLink | null }>(
    `${EXPORTS_PATH}/:id/link`,
    {
      ...EXPORTING,
      schema: {
        tags,
        summary: 'Make a link to the files of an export',
        description:
          'Whoever has it can take the files without another credential until it expires, or its owner loses the right to them. Only its owner may.',
        params: EXPORT_PARAMS,
        body: NewLinkBody,
        problems: [exportErrors.EXPORT_NOT_YOURS, ...fileProblems],
        response: {
          200: {
            description: 'The link',
            content: { 'application/json': { schema: Link, example: LINK_EXAMPLE } },
          },
        },
      },
    },
    (request) => {
      const job = requireDone(exports.current(request, 'own').entity);
      exports.requireRights(job);
      const expiresMs = now() + (request.body?.seconds ?? DEFAULT_LINK_SECONDS) * 1000;
      return {
        href: `${EXPORTS_PATH}/${job.id}/${links.sign(job, expiresMs)}`,
        expires: new Date(expiresMs).toISOString(),
      };
    },
  );

  app.get<{ Params: LinkParams }>(
    `${EXPORTS_PATH}/:id/signed/:expires/:signature/:name`,
    {
      config: { public: true },
      schema: {
        tags,
        summary: 'Download a file by a link',
        description: 'As by its owner. Needs no credential but the link; each download is an audit event.',
        params: LinkParams,
        headers: Range,
        problems: [exportErrors.EXPORT_LINK, ...fileProblems.slice(1)],
        response: ANSWERS,
      },
    },
    (request, reply) => {
      const { expires, id, signature } = request.params;
      const job = state.get('export', id)?.entity;
      // The same where there is none: a link tells nothing to who guesses.
      if (job === undefined || !links.counts(job, expires, signature))
        throw new ProblemError(exportErrors.EXPORT_LINK);
      return send(request, reply, job, { id: job.owner.id, name: job.owner.name, byLink: true });
    },
  );

  function requireDone(job: ExportJob): ExportJob {
    const status = statusOf(job, work.record(job.id));
    if (status === 'done') return job;
    throw new ProblemError(exportErrors.EXPORT_NOT_DONE, { detail: `It is ${status}.` });
  }

  async function send(
    request: FastifyRequest<{ Params: FileParams }>,
    reply: FastifyReply,
    job: ExportJob,
    by: { readonly id: string; readonly name: string; readonly byLink: boolean },
  ): Promise<FastifyReply> {
    const { name } = request.params;
    exports.requireRights(job);
    const { digest, kept, type } = await keptFile(job, name);
    return sendFile(request, reply, {
      path: openExportDirectory(root, job.id).pathOf(kept),
      name,
      type,
      digest,
      outOfRange: exportErrors.EXPORT_RANGE,
      written: () => events.downloaded(job, name, { ...by, remoteAddress: request.ip }),
    });
  }

  /** Throws EXPORT_FILE_NOT_FOUND, and EXPORT_NOT_DONE for what is made last. */
  async function keptFile(
    job: ExportJob,
    name: string,
  ): Promise<{ readonly kept: string; readonly type: string; readonly digest?: string }> {
    const signed = SIGNED_FILES.get(name);
    if (signed !== undefined) {
      requireDone(job);
      return { kept: name, type: signed };
    }
    const found = (await exports.entries(job)).find(({ file }) => file.name === name);
    if (found?.kept === undefined) throw new ProblemError(exportErrors.EXPORT_FILE_NOT_FOUND);
    return { kept: found.kept, type: mediaTypeOf(job, found.file), digest: found.file.sha256 };
  }
}
