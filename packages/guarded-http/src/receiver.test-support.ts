/** A receiver for tests: a real HTTP server on 127.0.0.1 that keeps what it is sent. */
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { IncomingHttpHeaders, IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

export interface Received {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** Of the connection: the same for requests that share one. */
  readonly port: number;
}

export interface Receiver {
  readonly url: string;
  readonly port: number;
  readonly received: readonly Received[];
}

export interface Certificate {
  readonly key: string;
  readonly cert: string;
}

/** Closed when the test ends. `answer` is called after the whole request came; default: 204. */
export async function startReceiver(
  answer: (response: ServerResponse, request: Received) => void = (response) => {
    response.writeHead(204).end();
  },
  certificate?: Certificate,
): Promise<Receiver> {
  const received: Received[] = [];
  const listener: RequestListener = (request, response) => {
    void takeIn(request).then(
      (one) => {
        received.push(one);
        answer(response, one);
      },
      // Its sender has gone.
      () => response.destroy(),
    );
  };
  const server =
    certificate === undefined ? createServer(listener) : createTlsServer({ ...certificate }, listener);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const [scheme, host] = certificate === undefined ? ['http', '127.0.0.1'] : ['https', 'localhost'];
  return { url: `${scheme}://${host}:${port}/hook`, port, received };
}

/** For the name `localhost`, signed by itself. */
export function makeCertificate(): Certificate {
  const folder = mkdtempSync(join(tmpdir(), 'cadf-certificate-'));
  try {
    const request =
      'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost';
    const files = ['-keyout', join(folder, 'key.pem'), '-out', join(folder, 'cert.pem')];
    execFileSync('openssl', [...request.split(' '), '-addext', 'subjectAltName=DNS:localhost', ...files], {
      stdio: 'ignore',
      timeout: 20_000,
    });
    return {
      key: readFileSync(join(folder, 'key.pem'), 'utf8'),
      cert: readFileSync(join(folder, 'cert.pem'), 'utf8'),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function takeIn(request: IncomingMessage): Promise<Received> {
  const parts: Buffer[] = [];
  for await (const part of request) if (Buffer.isBuffer(part)) parts.push(part);
  return {
    method: request.method ?? '',
    path: request.url ?? '',
    headers: request.headers,
    body: Buffer.concat(parts),
    port: request.socket.remotePort ?? 0,
  };
}
