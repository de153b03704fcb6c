/** Files that are sent to an import: one by one, by hand or by the feed of a peer. */
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { HEAD_NAME, isContentName, sequenceOfManifest } from '@cadf-pipeline/federation';
import { FilePlaceError } from '@cadf-pipeline/file-places';
import type { ImportDefinition } from '@cadf-pipeline/control-state';
import { ProblemError } from '@cadf-pipeline/service-kit';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { Static } from 'typebox';
import { ingestErrors } from '../errors.ts';
import type { ImportAccess } from './import-access.ts';
import type { ImportFiles } from './import-files.ts';
import { inboxName } from './inbox-name.ts';
import { createInboxRoom } from './inbox-room.ts';
import type { ImportWork } from './import-work.ts';
import { IMPORTING, ImportParams, IMPORTS_PATH } from './import-routes.ts';

export interface ReceiveDependencies {
  readonly access: ImportAccess;
  readonly files: ImportFiles;
  readonly work: Pick<ImportWork, 'get' | 'nudge'>;
  /** Of all files that wait in one import. */
  readonly maxBytes: number;
}

const RETRY_AFTER_SECONDS = 10;

const FileQuery = Type.Object(
  {
    name: Type.String({
      minLength: 1,
      maxLength: 200,
      pattern: '^[^/\\u0000]+$',
      description: 'Name of the file: of a segment as its manifest has it',
      examples: ['events-2026-11-01.ndjson.gz'],
    }),
  },
  { additionalProperties: false },
);
type FileQuery = Static<typeof FileQuery>;
const SegmentParams = Type.Object({
  ...ImportParams.properties,
  name: Type.String({
    pattern: '^(head\\.jws|[0-9]{12}\\.[A-Za-z0-9][A-Za-z0-9._-]{0,114})$',
    description: 'Name of the file in the chain',
    examples: ['000000000001.manifest.json'],
  }),
});
type SegmentParams = Static<typeof SegmentParams>;

const EXAMPLE = {
  name: 'events-2026-11-01.ndjson.gz',
  bytes: 98_765,
  sha256: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  known: false,
};
const ReceivedFile = Type.Object(
  {
    name: Type.String(),
    bytes: Type.Integer({ minimum: 0 }),
    sha256: Type.String({ description: 'Hexadecimal' }),
    known: Type.Boolean({ description: 'Whether its segment was taken before: then it is not kept' }),
  },
  { description: 'The file is durable; it is taken soon', examples: [EXAMPLE] },
);

const body = {
  required: true,
  content: {
    'application/octet-stream': {
      schema: {
        type: 'string',
        minLength: 1,
        description: 'The file as it is, packed or not; a Content-Encoding is not undone.',
        examples: ['{}'],
      },
    },
  },
};
const problems = [
  ingestErrors.IMPORT_NOT_FOUND,
  ingestErrors.IMPORT_TAKES_NO_FILES,
  ingestErrors.IMPORT_FILE_REFUSED,
  ingestErrors.IMPORT_INBOX_FULL,
  ingestErrors.INGEST_BODY_TOO_LARGE,
];
const access =
  'Its owner may, an admin of its tenants, and a key that is bound to the source that is its prefix; where it takes what is unsigned, only with all its tenants.';

/** Registers both routes on an instance of their own: bodies are streamed to disk, never held. */
export function receiveRoutes(app: FastifyInstance, deps: ReceiveDependencies): void {
  const room = createInboxRoom(deps.maxBytes);
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, payload, done) => done(null, payload));

  app.post<{ Params: { id: string }; Querystring: FileQuery }>(
    `${IMPORTS_PATH}/:id/files`,
    {
      ...IMPORTING,
      bodyLimit: deps.maxBytes,
      schema: {
        tags: ['imports'],
        summary: 'Send a file to an import',
        description: `Any file of an import from \`upload\`: CADF in JSON, NDJSON or XML, a log file of CloudTrail, or a file of a signed segment; the head of a chain last. The same again does no harm. ${access}`,
        params: ImportParams,
        querystring: FileQuery,
        requestBody: body,
        problems,
        response: { 202: ReceivedFile },
      },
    },
    async (request, reply) => reply.code(202).send(await receive(request, request.query.name)),
  );

  app.put<{ Params: SegmentParams }>(
    `${IMPORTS_PATH}/:id/segments/:name`,
    {
      ...IMPORTING,
      bodyLimit: deps.maxBytes,
      schema: {
        tags: ['imports'],
        summary: 'Put a file of a chain into an import',
        description: `What the feed of a peer calls that pushes: content, manifest, signature, then \`head.jws\`. A file of a segment that was taken is not kept. ${access}`,
        params: SegmentParams,
        requestBody: body,
        problems,
        response: { 202: ReceivedFile },
      },
    },
    async (request, reply) => reply.code(202).send(await receive(request, request.params.name)),
  );

  async function receive(
    request: FastifyRequest<{ Params: { id: string } }>,
    name: string,
  ): Promise<typeof EXAMPLE> {
    const definition = deps.access.receiving(request);
    const { body: stream } = request;
    if (!(stream instanceof Readable)) throw new ProblemError(ingestErrors.INGEST_BODY_EMPTY);
    const known = isTaken(definition, name);
    // Parts of a chain are found by their names, and the same again replaces: they are signed.
    const isPart = definition.content === 'segments' || name === HEAD_NAME || sequenceOf(name) !== undefined;
    const inbox = deps.files.inboxOf(definition);
    const sha256 = createHash('sha256');
    let bytes = 0;
    const arrival = known ? undefined : room(definition.id, () => heldIn(definition));
    const bounded = async function* (): AsyncGenerator<Uint8Array> {
      // Not destroyed where it is refused: it is read to its end then.
      for await (const chunk of stream.iterator({ destroyOnReturn: false }) as AsyncIterable<unknown>) {
        if (!(chunk instanceof Uint8Array)) continue;
        bytes += chunk.length;
        if (bytes > deps.maxBytes)
          throw new ProblemError(ingestErrors.INGEST_BODY_TOO_LARGE, {
            detail: `A file has at most ${deps.maxBytes} bytes here.`,
          });
        if ((await arrival?.piece(chunk.length)) === false)
          throw new ProblemError(ingestErrors.IMPORT_INBOX_FULL, {
            detail: `At most ${deps.maxBytes} bytes wait.`,
            retryAfterSeconds: RETRY_AFTER_SECONDS,
          });
        sha256.update(chunk);
        yield chunk;
      }
    };
    try {
      if (known) for await (const chunk of bounded()) void chunk;
      else await inbox.put(isPart ? name : inboxName(name, Date.now()), bounded());
    } catch (error) {
      // Else the next request on its connection would never be answered: Node.js reads on by itself only where nobody has begun.
      stream.resume();
      if (error instanceof FilePlaceError && error.fault === 'name')
        throw new ProblemError(ingestErrors.IMPORT_FILE_REFUSED, { detail: error.message });
      throw error;
    } finally {
      arrival?.end();
    }
    // A segment is whole when the head that names it is there.
    if (name === HEAD_NAME || sequenceOf(name) === undefined) deps.work.nudge(definition.id);
    return { name, bytes, sha256: sha256.digest('hex'), known };
  }

  function isTaken(definition: ImportDefinition, name: string): boolean {
    const sequence = sequenceOf(name);
    const taken = deps.work.get(definition.id)?.point?.sequence ?? 0;
    return sequence !== undefined && sequence <= taken;
  }

  async function heldIn(definition: ImportDefinition): Promise<number> {
    let held = 0;
    for await (const { bytes } of deps.files.inboxOf(definition).list()) held += bytes;
    return held;
  }
}

function sequenceOf(name: string): number | undefined {
  const manifest = sequenceOfManifest(name);
  if (manifest !== undefined) return manifest;
  const sequence = Number(name.slice(0, 12));
  return Number.isInteger(sequence) && isContentName(name, sequence) ? sequence : undefined;
}
