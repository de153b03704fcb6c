/**
 * A connection to a syslog receiver: TCP with octet counting (RFC 6587 3.4.1) or TLS (RFC 5425).
 *
 * Syslog has no answers. What was written may be lost in a receiver that ends, or on the way there, and nobody says so.
 * What can be known is: a receiver that had closed the connection, or ended, refuses what comes; that refusal needs one
 * round trip. So after a batch has left, the connection is watched for some round trips more (`SETTLE_…`); one that is
 * still open then has most likely taken it.
 */
import { connect, isIP, type Socket } from 'node:net';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { connect as connectTls } from 'node:tls';
import {
  AddressRefused,
  checkHost,
  createGuardedLookup,
  refusalOfAddress,
} from '@cadf-pipeline/guarded-http';
import type { AddressRules, ResolveName } from '@cadf-pipeline/guarded-http';

export interface SyslogReceiver {
  /** Name or address. */
  readonly host: string;
  readonly port: number;
  /** Left out: no TLS. Certificates are always verified. */
  readonly tls?: {
    /** PEM; whom a certificate of the receiver is believed from. Left out: the authorities that Node.js knows. */
    readonly ca?: string;
  };
}

export interface SyslogConnection {
  /** Nothing was heard of its end. */
  readonly isOpen: boolean;
  /** Writes frames and watches what becomes of them. Rejects where the connection ends before; then all may be lost. */
  write(frames: Buffer, signal: AbortSignal): Promise<void>;
  close(): void;
}

export interface ConnectOptions {
  readonly receiver: SyslogReceiver;
  readonly rules: AddressRules;
  /** Milliseconds until the connection stands. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** For tests; default: the resolver of the system. */
  readonly resolve?: ResolveName;
}

/** Notices receivers that are gone without a word while nothing is sent. */
const KEEP_ALIVE_MS = 30_000;
/** Round trips a connection is watched after a batch, and the bounds of that in milliseconds. */
const SETTLE_ROUND_TRIPS = 2;
const SETTLE_LEAST_MS = 10;
const SETTLE_MOST_MS = 500;
/** In so many parts: what was received while this process was busy has to be heard before the time is over. */
const SETTLE_PARTS = 4;

/** Rejects with what the network says, AddressRefused included. */
export async function connectSyslog(options: ConnectOptions): Promise<SyslogConnection> {
  const { receiver, rules, signal } = options;
  checkHost(receiver.host, rules);
  const socket = open(options);
  const roundTripMs = measureRoundTrip(socket);
  const state: { ended?: Error } = {};
  // Whatever ends it is remembered, also between batches.
  socket.on('error', (error) => (state.ended ??= error));
  socket.on('end', () => (state.ended ??= new Error('the receiver closed the connection')));
  socket.on('close', () => (state.ended ??= new Error('the connection was closed')));
  // What a receiver says is of no meaning; it must be read for its end to be heard.
  socket.resume();
  await established(socket, receiver.tls !== undefined, options.timeoutMs, signal);
  const { remoteAddress } = socket;
  // None: it was closed again before it could be used.
  if (remoteAddress === undefined) throw state.ended ?? new Error('the receiver closed the connection');
  const refusal = refusalOfAddress(remoteAddress, rules);
  if (refusal !== undefined) {
    socket.destroy();
    throw new AddressRefused(refusal);
  }
  const settleMs = settleTime(roundTripMs());

  return {
    get isOpen() {
      return state.ended === undefined;
    },
    async write(frames, writeSignal) {
      const failed = Promise.withResolvers<never>();
      failed.promise.catch(() => undefined);
      const fail = (): void => failed.reject(state.ended ?? new Error('the connection was closed'));
      const abort = (): void => {
        state.ended ??= new Error('the attempt was broken off before the receiver had taken all of it');
        socket.destroy();
        fail();
      };
      socket.on('error', fail).on('end', fail).on('close', fail);
      writeSignal.addEventListener('abort', abort, { once: true });
      try {
        if (writeSignal.aborted) abort();
        if (state.ended !== undefined) fail();
        await Promise.race([failed.promise, drained(socket, frames)]);
        await Promise.race([failed.promise, settled(settleMs)]);
      } finally {
        socket.off('error', fail).off('end', fail).off('close', fail);
        writeSignal.removeEventListener('abort', abort);
      }
    },
    close() {
      state.ended ??= new Error('the connection was closed');
      socket.destroySoon();
    },
  };
}

function open({ receiver, rules, resolve }: ConnectOptions): Socket {
  const { host, port, tls } = receiver;
  const bare = host.replace(/^\[|\]$/g, '');
  const target = {
    host: bare,
    port,
    lookup: createGuardedLookup(rules, resolve),
    keepAlive: true,
    keepAliveInitialDelay: KEEP_ALIVE_MS,
    noDelay: true,
  };
  if (tls === undefined) return connect(target);
  return connectTls({
    ...target,
    ...(isIP(bare) === 0 ? { servername: bare } : {}),
    ...(tls.ca === undefined ? {} : { ca: tls.ca }),
    rejectUnauthorized: true,
    minVersion: 'TLSv1.2',
  });
}

async function established(
  socket: Socket,
  isTls: boolean,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const abort = (): void => reject(new Error('the attempt was broken off'));
  const timer = setTimeout(() => {
    reject(Object.assign(new Error(`no connection within ${timeoutMs} ms`), { code: 'ETIMEDOUT' }));
  }, timeoutMs);
  socket.once(isTls ? 'secureConnect' : 'connect', resolve);
  socket.once('error', reject);
  socket.once('close', () => reject(new Error('the receiver closed the connection')));
  signal.addEventListener('abort', abort, { once: true });
  try {
    if (signal.aborted) abort();
    await promise;
  } catch (error) {
    socket.destroy();
    throw error;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', abort);
    socket.off('error', reject);
  }
}

/** Resolves when the kernel has all of it. */
function drained(socket: Socket, frames: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.write(frames, (error) => {
      if (error === null || error === undefined) resolve();
      else reject(error);
    });
  });
}

/** Of TCP alone: neither the look-up of the name nor the handshake of TLS counts. What keeps this process busy does. */
function measureRoundTrip(socket: Socket): () => number {
  let began = performance.now();
  let roundTripMs = SETTLE_MOST_MS;
  socket.on('connectionAttempt', () => (began = performance.now()));
  socket.once('connect', () => (roundTripMs = performance.now() - began));
  return () => roundTripMs;
}

async function settled(ms: number): Promise<void> {
  for (let part = 0; part < SETTLE_PARTS; part++) {
    await sleep(ms / SETTLE_PARTS);
    await nextTurn();
  }
}

function settleTime(roundTripMs: number): number {
  return Math.min(Math.max(roundTripMs * SETTLE_ROUND_TRIPS, SETTLE_LEAST_MS), SETTLE_MOST_MS);
}
