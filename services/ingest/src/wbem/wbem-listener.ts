/**
 * The listener that CIM servers export indications to: CIM-XML over HTTP or HTTPS (DSP0200). What it takes is a raw
 * record of the source that the path names. A server that sends an indication again, because the answer did not reach
 * it, gives the same event again.
 */
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerOptions, ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ListenAddress } from '../listen-address.ts';
import { listening } from '../listening-server.ts';
import type { ListenerLogger } from '../syslog/tcp-listener.ts';
import { createConnections } from './connections.ts';
import { CIM_EXTENSION } from './export-headers.ts';
import { BrokenRequestError } from './read-request-body.ts';
import type { ExportAnswered, TakeExport } from './take-export.ts';
import type { WbemMetrics } from './wbem-metrics.ts';
import type { WbemRefusal } from './wbem-refusal.ts';

export interface WbemTls {
  /** PEM texts. */
  readonly cert: string;
  readonly key: string;
  /** Authority of the senders' certificates. */
  readonly clientCa?: string;
  /** No connection without such a certificate. */
  readonly needsCertificate: boolean;
}

export interface WbemListenerOptions {
  readonly listen: ListenAddress;
  readonly tls?: WbemTls;
  readonly take: TakeExport;
  readonly metrics: WbemMetrics;
  readonly logger: ListenerLogger;
  readonly maxConnections: number;
  /** Longest time for a message to come, ms. */
  readonly timeoutMs: number;
  /** A connection without a request for so long is closed, ms. */
  readonly idleMs: number;
}

export interface WbemListener {
  readonly port: number;
  /** Why nothing is taken any more; undefined when it is. */
  trouble(): string | undefined;
  /** Takes nothing new and answers what was taken. */
  stop(): Promise<void>;
}

const ALLOW = 'POST, M-POST, OPTIONS';
const MAX_HEADER_BYTES = 16 * 1024;
/** Messages under way at a stop have so long to be answered. */
const DRAIN_MS = 3000;
/** What is refused while it is being sent is still taken in for so long, that its sender reads the answer. */
const LINGER_MS = 1000;

/** Rejects where the address cannot be listened on or the TLS files cannot be used. */
export async function listenWbem(options: WbemListenerOptions): Promise<WbemListener> {
  const { listen, tls, take, metrics, logger, timeoutMs, idleMs } = options;
  const connections = createConnections(timeoutMs);
  const bounds: ServerOptions = {
    maxHeaderSize: MAX_HEADER_BYTES,
    headersTimeout: timeoutMs,
    requestTimeout: timeoutMs,
    keepAliveTimeout: idleMs,
    connectionsCheckingInterval: Math.max(50, Math.min(timeoutMs / 4, 5000)),
  };
  const server = tls === undefined ? createServer(bounds) : secured(tls, bounds);
  server.maxConnections = options.maxConnections;
  const open = new Set<Socket>();
  let isStopping = false;
  server.on('connection', (socket: Socket) => {
    open.add(socket);
    metrics.connections(open.size);
    socket.once('close', () => {
      open.delete(socket);
      metrics.connections(open.size);
    });
  });
  beforeHttp(server, tls === undefined ? 'connection' : 'secureConnection', (socket, handOn) =>
    connections.open(socket, handOn),
  );
  server.on('request', (request, response) => void answer(request, response, () => undefined));
  server.on('checkContinue', (request, response) => {
    void answer(request, response, () => response.writeContinue());
  });
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    // Node tells a failed handshake here, too: there is nobody who could read an answer.
    if (!connections.isHandedOn(socket)) return void socket.destroy();
    const status = BAD_REQUESTS[error.code ?? ''] ?? 400;
    metrics.answered(status, undefined);
    // A request before it on this connection may be refused in this very turn: that answer is the one that counts.
    setImmediate(() => {
      if (socket.writable)
        socket.end(`HTTP/1.1 ${status} Refused\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
      // Not at once, that the sender reads the answer; and not left to the sender.
      socket.resume();
      setTimeout(() => socket.destroy(), LINGER_MS);
    });
  });
  server.on('tlsClientError', (error: Error, socket: Socket) => {
    logger.warn({ err: error, address: socket.remoteAddress }, 'a TLS handshake of a CIM server failed');
  });
  server.on('drop', (dropped) => {
    logger.warn(
      { address: dropped?.remoteAddress },
      'a connection of a CIM server was refused: too many are open',
    );
  });

  async function answer(
    request: IncomingMessage,
    response: ServerResponse,
    proceed: () => void,
  ): Promise<void> {
    const isMandatory = connections.isMandatory(request.socket);
    if (isStopping || isMandatory) response.shouldKeepAlive = false;
    response.once('close', () => {
      if (isStopping) setImmediate(() => server.closeIdleConnections());
    });
    try {
      if (request.method === 'OPTIONS') return describe(response);
      if (request.method !== 'POST')
        return await refuse(request, response, {
          status: 405,
          detail: 'Indications are sent with POST or M-POST.',
          headers: { Allow: ALLOW },
        });
      const answered = await take(request, { isMandatory, proceed });
      if ('status' in answered) await refuse(request, response, answered);
      else tell(response, answered);
    } catch (error) {
      if (error instanceof BrokenRequestError) return void response.destroy();
      logger.error({ err: error }, 'an export request could not be handled');
      await refuse(request, response, { status: 500, detail: 'The message could not be handled.' });
    }
  }

  function describe(response: ServerResponse): void {
    metrics.answered(200, undefined);
    response.writeHead(200, {
      Allow: ALLOW,
      Opt: `${CIM_EXTENSION} ; ns=77`,
      '77-CIMProtocolVersion': '1.4',
      '77-CIMSupportedExportGroups': 'Indication',
      '77-CIMSupportsMultipleExports': '',
      '77-CIMValidation': 'loosely-validating',
      'Content-Length': 0,
    });
    response.end();
  }

  function tell(response: ServerResponse, { body, namespace }: ExportAnswered): void {
    metrics.answered(200, undefined);
    const bytes = Buffer.from(body);
    response.writeHead(200, {
      'Content-Type': 'application/xml; charset="utf-8"',
      'Content-Length': bytes.length,
      ...(namespace === undefined
        ? { 'Cache-Control': 'no-cache', CIMExport: 'MethodResponse' }
        : {
            Ext: '',
            'Cache-Control': 'no-cache',
            Man: `${CIM_EXTENSION} ; ns=${namespace}`,
            [`${namespace}-CIMExport`]: 'MethodResponse',
          }),
    });
    response.end(bytes);
  }

  async function refuse(
    request: IncomingMessage,
    response: ServerResponse,
    { status, cimError, detail, headers = {} }: WbemRefusal,
  ): Promise<void> {
    metrics.answered(status, cimError);
    const bytes = Buffer.from(`${detail}\n`);
    const isTooLong = status === 413;
    const isLast = isTooLong || status === 411;
    response.writeHead(status, {
      ...headers,
      'Content-Type': 'text/plain; charset=utf-8',
      'Content-Length': bytes.length,
      CIMExport: 'MethodResponse',
      ...(cimError === undefined ? {} : { CIMError: cimError }),
      CIMErrorDetails: encodeURIComponent(detail.slice(0, 300).toWellFormed()),
      ...(isLast ? { Connection: 'close' } : {}),
    });
    if (!isTooLong) return void response.end(bytes);
    response.write(bytes);
    request.resume();
    await Promise.race([ended(request), sleep(LINGER_MS)]);
    response.end();
  }

  const place = await listening(server, listen, (error) =>
    logger.error({ err: error }, 'the listener for CIM indications failed'),
  );
  return {
    ...place,
    async stop() {
      isStopping = true;
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeIdleConnections();
      for (const socket of connections.waiting()) socket.destroy();
      await Promise.race([closed, sleep(DRAIN_MS)]);
      for (const socket of open) socket.destroy();
      await closed;
    },
  };
}

/** What the parser of HTTP refuses itself; everything else is 400. */
const BAD_REQUESTS: Readonly<Record<string, number>> = {
  HPE_HEADER_OVERFLOW: 431,
  HPE_INVALID_METHOD: 501,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
};

/** Puts a step between a connection and Node's HTTP, which begins with the listener of this event. */
function beforeHttp(
  server: Server,
  event: 'connection' | 'secureConnection',
  open: (socket: Socket, handOn: (socket: Socket) => void) => void,
): void {
  const [begin] = server.listeners(event);
  if (begin === undefined) throw new Error(`Node's HTTP server has no listener of ${event}`);
  server.off(event, begin as (socket: Socket) => void);
  server.on(event, (socket: Socket) => open(socket, (ready) => void Reflect.apply(begin, server, [ready])));
}

function secured({ cert, key, clientCa, needsCertificate }: WbemTls, bounds: ServerOptions): Server {
  return createTlsServer({
    ...bounds,
    cert,
    key,
    minVersion: 'TLSv1.2',
    handshakeTimeout: bounds.headersTimeout,
    ...(clientCa === undefined
      ? {}
      : { ca: clientCa, requestCert: true, rejectUnauthorized: needsCertificate }),
  });
}

function ended(request: IncomingMessage): Promise<void> {
  return new Promise((resolve) => {
    request.once('end', resolve);
    request.once('close', resolve);
  });
}
