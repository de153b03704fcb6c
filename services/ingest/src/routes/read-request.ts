/** What the routes that take bodies share: the body as bytes, its media type, its parameters. */
import { ProblemError } from '@cadf-pipeline/service-kit';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { decompress } from '../body/decompress.ts';
import type { BodyLimits } from '../body/limits.ts';
import { ingestErrors } from '../errors.ts';

/** Takes bodies of any media type as bytes; what they are is decided by the route. */
export function takeBodiesAsBytes(app: FastifyInstance, limits: BodyLimits): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    '*',
    { parseAs: 'buffer', bodyLimit: limits.maxBodyBytes },
    (_request, body, done) => done(null, body),
  );
}

/** The unpacked body. Throws the INGEST_BODY_* problem that fits. */
export async function readBodyBytes(request: FastifyRequest, limits: BodyLimits): Promise<Buffer> {
  const { body } = request;
  if (!Buffer.isBuffer(body) || body.length === 0) throw new ProblemError(ingestErrors.INGEST_BODY_EMPTY);
  const unpacked = await decompress(body, request.headers['content-encoding'], limits.maxUnpackedBytes);
  if (unpacked.ok) return unpacked.body;
  const { reason, detail } = unpacked;
  switch (reason) {
    case 'unknown-encoding':
      throw new ProblemError(ingestErrors.INGEST_CONTENT_ENCODING_UNSUPPORTED, { detail });
    case 'too-large':
      throw new ProblemError(ingestErrors.INGEST_BODY_TOO_LARGE, { detail: `The body is ${detail}.` });
    case 'damaged':
      throw new ProblemError(ingestErrors.INGEST_BODY_DAMAGED, { detail });
  }
}

export interface MediaType {
  readonly type: string;
  readonly charset: string;
}

/** The media type of the body, lower case; the charset defaults to UTF-8 (RFC 8259 §8.1). */
export function mediaTypeOf(request: FastifyRequest): MediaType {
  const [type = '', ...parameters] = (request.headers['content-type'] ?? '').toLowerCase().split(';');
  const charset = parameters.map((parameter) => parameter.trim()).find((text) => text.startsWith('charset='));
  return { type: type.trim(), charset: charset?.slice('charset='.length).replaceAll('"', '') ?? 'utf-8' };
}
