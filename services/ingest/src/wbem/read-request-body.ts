/** The body of a request, within a bound. */
import type { IncomingMessage } from 'node:http';
import type { WbemRefusal } from './wbem-refusal.ts';

/** The sender went away before the body was whole: there is nobody to answer. */
export class BrokenRequestError extends Error {}

/** What the headers alone say of the length. */
export function refuseLength(request: IncomingMessage, maxBytes: number): WbemRefusal | undefined {
  const { 'content-length': length, 'transfer-encoding': transfer } = request.headers;
  if (length === undefined && transfer === undefined)
    return { status: 411, detail: 'Send Content-Length, or the body in chunks.' };
  return Number(length ?? 0) > maxBytes ? tooLarge(maxBytes) : undefined;
}

/** Throws BrokenRequestError. */
export function readRequestBody(request: IncomingMessage, maxBytes: number): Promise<Buffer | WbemRefusal> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= maxBytes) chunks.push(chunk);
      else resolve(tooLarge(maxBytes));
    });
    request.on('end', () => resolve(Buffer.concat(chunks)));
    request.on('close', () => reject(new BrokenRequestError('the connection ended within a message')));
    request.on('error', (error) => reject(new BrokenRequestError(error.message)));
  });
}

function tooLarge(maxBytes: number): WbemRefusal {
  return {
    status: 413,
    detail: `A message has ${maxBytes} bytes at most. Send fewer indications in one, or raise CADF_MAX_EVENT.`,
  };
}
