/**
 * Syslog over TCP (RFC 6587) and TLS (RFC 5425). A connection is *reading*, or *paused* while the lane is full: then
 * the kernel's buffer fills and TCP makes the sender wait. It ends when its sender ends it, at garbage, after a long
 * silence, or at a stop: then it is told to end, and what it sends meanwhile is still read for a moment.
 */
import { createServer } from 'node:net';
import type { Server, Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { createServer as createTlsServer } from 'node:tls';
import type { RecordLane } from '../records/record-lane.ts';
import { createFrameReader } from './frames.ts';
import type { ListenAddress } from '../listen-address.ts';
import { listening } from '../listening-server.ts';
import { createReception } from './reception.ts';
import type { ReceptionDependencies } from './reception.ts';
import { normalizeAddress } from './sender-sources.ts';
import type { CloseReason } from './syslog-metrics.ts';

export interface ListenerLogger {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

export interface Listener {
  readonly port: number;
  /** Why nothing is taken any more; undefined when it is. */
  trouble(): string | undefined;
  /** Takes nothing new, reads what is on its way, ends every connection. What was read is in the lane then. */
  stop(): Promise<void>;
}

/** PEM texts. */
export interface SyslogTls {
  readonly cert: string;
  readonly key: string;
  /** Authority of client certificates; with it, a client without one is refused. */
  readonly clientCa?: string;
}

export interface TcpListenerOptions extends ReceptionDependencies {
  readonly listen: ListenAddress;
  readonly lane: RecordLane;
  readonly tls?: SyslogTls;
  readonly maxMessageBytes: number;
  readonly maxConnections: number;
  /** A connection without a byte for so long is ended, ms. */
  readonly idleMs: number;
  readonly logger: ListenerLogger;
}

/** Notices senders that are gone without a word, long before the idle time. */
const KEEP_ALIVE_MS = 60_000;
const HANDSHAKE_MS = 10_000;
/** What senders have on its way at a stop is read for so long; they do not learn what arrived. */
const DRAIN_MS = 500;

/** Rejects where the address cannot be listened on or the TLS files cannot be used. */
export async function listenTcp(options: TcpListenerOptions): Promise<Listener> {
  const { listen, lane, metrics, logger, maxMessageBytes, idleMs } = options;
  const transport = options.tls === undefined ? 'tcp' : 'tls';
  const reception = createReception(transport, lane, options);
  const open = new Set<Socket>();
  const paused = new Set<Socket>();
  let isStopping = false;
  lane.onRoom(() => {
    for (const socket of paused) socket.resume();
    paused.clear();
  });

  function accept(socket: Socket): void {
    const address = normalizeAddress(socket.remoteAddress ?? 'unknown');
    const frames = createFrameReader(maxMessageBytes);
    let reason: CloseReason | undefined;
    open.add(socket);
    metrics.connections(transport, open.size);
    socket.setKeepAlive(true, KEEP_ALIVE_MS);
    socket.setTimeout(idleMs, () => {
      // A paused connection is silent because of us.
      if (paused.has(socket)) return;
      reason ??= 'idle';
      socket.destroy();
    });
    socket.on('data', (chunk: Buffer) => {
      const found = frames.push(chunk);
      reception.receive(address, found);
      if (found.at(-1)?.kind === 'garbage') {
        reason ??= 'framing';
        logger.warn({ address, transport }, 'a syslog connection sent what is no frame, it was closed');
        socket.destroy();
      } else if (lane.full) {
        paused.add(socket);
        socket.pause();
      }
    });
    socket.on('end', () => {
      reason ??= isStopping ? 'shutdown' : 'ended';
      reception.receive(address, frames.end(!isStopping));
    });
    socket.on('error', (error) => {
      reason ??= 'error';
      logger.info({ err: error, address, transport }, 'a syslog connection broke');
    });
    socket.on('close', () => {
      reception.receive(address, frames.end(false));
      open.delete(socket);
      paused.delete(socket);
      metrics.connections(transport, open.size);
      metrics.closed(transport, reason ?? (isStopping ? 'shutdown' : 'error'));
    });
  }

  const server = options.tls === undefined ? createServer(accept) : secured(options.tls, accept);
  server.maxConnections = options.maxConnections;
  // Those still shaking hands, too.
  const raw = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    raw.add(socket);
    socket.once('close', () => raw.delete(socket));
  });
  server.on('drop', (dropped) => {
    metrics.closed(transport, 'too-many');
    logger.warn(
      { address: dropped?.remoteAddress, transport },
      'a syslog connection was refused: too many are open',
    );
  });
  server.on('tlsClientError', (error, socket) => {
    metrics.closed(transport, 'handshake');
    logger.warn({ err: error, address: socket.remoteAddress }, 'a TLS handshake of a syslog sender failed');
  });
  const place = await listening(server, listen, (error) =>
    logger.error({ err: error, transport }, 'the syslog listener failed'),
  );
  return {
    ...place,
    async stop() {
      isStopping = true;
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of open) socket.end();
      await Promise.race([closed, sleep(DRAIN_MS)]);
      for (const socket of [...open, ...raw]) socket.destroy();
      await closed;
    },
  };
}

function secured({ cert, key, clientCa }: SyslogTls, accept: (socket: Socket) => void): Server {
  return createTlsServer(
    {
      cert,
      key,
      minVersion: 'TLSv1.2',
      handshakeTimeout: HANDSHAKE_MS,
      ...(clientCa === undefined ? {} : { ca: clientCa, requestCert: true, rejectUnauthorized: true }),
    },
    accept,
  );
}
