import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';

import { frameworkErrors } from './framework-errors.ts';
import { PROBLEM_MEDIA_TYPE, ProblemError, toProblemDocument } from './problem.ts';

/**
 * Answers what is wrong below HTTP (malformed, headers too large, too slow), where there is no request yet, and
 * closes the connection.
 */
export function answerClientError(error: { readonly code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed || !socket.writable) {
    socket.destroy();
    return;
  }
  const definition =
    error.code === 'HPE_HEADER_OVERFLOW'
      ? frameworkErrors.HEADERS_TOO_LARGE
      : error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
        ? frameworkErrors.REQUEST_TIMEOUT
        : frameworkErrors.HTTP_MALFORMED;
  const body = JSON.stringify(toProblemDocument(new ProblemError(definition)));
  socket.end(
    `HTTP/1.1 ${definition.status} ${STATUS_CODES[definition.status] ?? ''}\r\n` +
      `Content-Type: ${PROBLEM_MEDIA_TYPE}\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}
