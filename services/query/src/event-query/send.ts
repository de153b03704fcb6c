/** Sends answers that are made of events: compressed as accepted, at the caller's pace, and ended with the caller. */
import { pipeline, Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { acceptedEncoding, compressed, compressor } from './content-encoding.ts';

/** A caller that takes nothing for so long is given up. */
const STALLED_MS = 120_000;

export async function sendText(
  request: FastifyRequest,
  reply: FastifyReply,
  type: string,
  text: string,
): Promise<FastifyReply> {
  const { bytes, encoding } = await compressed(text, request.headers['accept-encoding']);
  if (encoding !== undefined) void reply.header('content-encoding', encoding);
  return reply.header('vary', 'accept, accept-encoding').type(type).send(bytes);
}

/**
 * Sends pieces as they are made, the next one when the one before has been taken. What goes wrong before the first is a
 * problem document; what goes wrong later ends the connection, so that a cut answer is never taken for a whole one.
 */
export async function sendPieces(
  request: FastifyRequest,
  reply: FastifyReply,
  type: string,
  pieces: AsyncGenerator<string | Buffer>,
): Promise<FastifyReply> {
  const first = await pieces.next();
  const source = Readable.from(watched(first, pieces, reply), { objectMode: false, highWaterMark: 1 });
  const encoding = acceptedEncoding(request.headers['accept-encoding']);
  if (encoding !== undefined) void reply.header('content-encoding', encoding);
  void reply.header('vary', 'accept, accept-encoding').type(type);
  if (encoding === undefined) return reply.send(source);
  // Errors reach the reply through the compressor.
  return reply.send(pipeline(source, compressor(encoding), () => undefined));
}

async function* watched(
  first: IteratorResult<string | Buffer>,
  pieces: AsyncGenerator<string | Buffer>,
  reply: FastifyReply,
): AsyncGenerator<string | Buffer> {
  let timer: NodeJS.Timeout | undefined;
  try {
    for (let piece = first; piece.done !== true; piece = await pieces.next()) {
      if (piece.value.length === 0) continue;
      timer = setTimeout(() => reply.raw.destroy(), STALLED_MS);
      yield piece.value;
      clearTimeout(timer);
    }
  } finally {
    clearTimeout(timer);
    await pieces.return(undefined);
  }
}
