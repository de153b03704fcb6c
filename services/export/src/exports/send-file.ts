/** The answer to who downloads a file: all of it, or one range of its bytes (RFC 9110 §14). */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { ProblemError } from '@cadf-pipeline/service-kit';
import type { ErrorDefinition } from '@cadf-pipeline/service-kit';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { rangeOf } from './range.ts';

const READ_BYTES = 256 * 1024;

export interface SentFile {
  readonly path: string;
  /** What it is called where it is saved. */
  readonly name: string;
  /** Media type. */
  readonly type: string;
  /** SHA-256 of it, hex: its entity tag. */
  readonly digest: string | undefined;
  /** For a range that it has not. */
  readonly outOfRange: ErrorDefinition;
  /** Resolves when it is written down that the file was taken; before any of it is sent. */
  readonly written: () => Promise<void>;
}

/** Throws `outOfRange`, and what `written` throws. */
export async function sendFile(
  { headers }: FastifyRequest,
  reply: FastifyReply,
  { digest, name, outOfRange, path, type, written }: SentFile,
): Promise<FastifyReply> {
  const { size } = await stat(path);
  const range = rangeOf(headers.range, headers['if-range'], size, digest);
  if (range === 'unsatisfiable')
    throw new ProblemError(outOfRange, { headers: { 'content-range': `bytes */${size}` } });
  const { end, start } = range ?? { start: 0, end: size - 1 };
  await written();
  void reply
    .code(range === undefined ? 200 : 206)
    .type(type)
    .header('accept-ranges', 'bytes')
    .header('content-length', String(end - start + 1))
    .header('content-disposition', `attachment; filename="${name}"`);
  if (digest !== undefined) void reply.header('etag', `"${digest}"`);
  if (range !== undefined) void reply.header('content-range', `bytes ${start}-${end}/${size}`);
  if (size === 0) return reply.send('');
  return reply.send(createReadStream(path, { start, end, highWaterMark: READ_BYTES }));
}
