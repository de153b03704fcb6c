import { createRequire } from 'node:module';
import { isIP, connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import kafkajs, { type ISocketFactory, type Kafka, type KafkaConfig, type SASLOptions } from 'kafkajs';
import { compress, CODEC, decompress } from '../compression.ts';
import type { KafkaSettings } from '../options.ts';

const CONNECT_TIMEOUT_MS = 5_000;
const MAX_RETRY_MS = 1_000;
const JOIN_GROUP = 11;
const AT_API_KEY = 4;
const KEEP_ALIVE_MS = 60_000;

/** What a member of a group does at its connections, where the library has no place for it. */
export interface MemberConnections {
  /** Waited for before each request to join: between losing partitions and asking for new ones. */
  readonly beforeJoin: () => Promise<void>;
  /** Ends all connections and makes no more: the library itself goes on waiting for an answer to a request to join. */
  readonly cut: AbortSignal;
}

/** A kafkajs client with the settings. */
export function connectKafkajs(settings: KafkaSettings, member?: MemberConnections): Kafka {
  registerZstd();
  stopIdleTimers();
  const config: KafkaConfig = {
    clientId: settings.clientId,
    brokers: [...settings.brokers],
    connectionTimeout: Math.min(CONNECT_TIMEOUT_MS, settings.requestTimeoutMs),
    authenticationTimeout: Math.min(CONNECT_TIMEOUT_MS * 2, settings.requestTimeoutMs),
    requestTimeout: settings.requestTimeoutMs,
    // Every failure reaches a caller or health(); the library would write them to stdout as well.
    logLevel: kafkajs.logLevel.NOTHING,
    retry: {
      initialRetryTime: 100,
      maxRetryTime: MAX_RETRY_MS,
      retries: Math.ceil(settings.deliveryTimeoutMs / MAX_RETRY_MS),
    },
    ...(settings.tls === undefined ? {} : { ssl: settings.tls }),
    ...(settings.sasl === undefined ? {} : { sasl: toSasl(settings.sasl) }),
    ...(member === undefined ? {} : { socketFactory: gatedSockets(member) }),
  };
  return new kafkajs.Kafka(config);
}

function toSasl(sasl: NonNullable<KafkaSettings['sasl']>): SASLOptions {
  return { mechanism: sasl.mechanism, username: sasl.username, password: sasl.password };
}

/** The library's default sockets, which hold a JoinGroup request back until `beforeJoin` has resolved, and can be cut. */
function gatedSockets({ beforeJoin, cut }: MemberConnections): ISocketFactory {
  return ({ host, port, ssl, onConnect }) => {
    cut.throwIfAborted();
    const socket: Socket = ssl
      ? connectTls({ host, port, ...(isIP(host) === 0 ? { servername: host } : {}), ...ssl }, onConnect)
      : connect({ host, port }, onConnect);
    socket.setKeepAlive(true, KEEP_ALIVE_MS);
    // The library hears of an error, and of nothing else that ends a connection from here.
    const onCut = (): void => void socket.destroy(new Error('the group was left'));
    cut.addEventListener('abort', onCut);
    socket.once('close', () => cut.removeEventListener('abort', onCut));
    const write = socket.write.bind(socket);
    socket.write = (data: string | Uint8Array): boolean => {
      if (!(data instanceof Uint8Array) || !isJoinGroup(data)) return write(data);
      beforeJoin().then(
        () => write(data),
        (error: unknown) => socket.destroy(error instanceof Error ? error : new Error(String(error))),
      );
      return true;
    };
    return socket;
  };
}

/** A request is its length (i32), the API's key (i16), … */
function isJoinGroup(request: Uint8Array): boolean {
  return (
    request.length > AT_API_KEY + 1 && request[AT_API_KEY] === 0 && request[AT_API_KEY + 1] === JOIN_GROUP
  );
}

/** kafkajs leaves zstd to its users. */
function registerZstd(): void {
  kafkajs.CompressionCodecs[kafkajs.CompressionTypes.ZSTD] = () => ({
    compress: async (encoder: { readonly buffer: Buffer }) => compress('zstd', encoder.buffer),
    decompress: async (bytes: Buffer) => decompress(CODEC.zstd, bytes),
  });
}

let timersStopped = false;

/**
 * kafkajs 2.2.4 sets a timer of a negative time after every response, again and again while a connection idles:
 * Node 24 warns of it (TimeoutNegativeWarning) and runs it every millisecond. There is nothing to wait for
 * when no request is queued and the broker asked for no pause (tulios/kafkajs issue 1751).
 */
function stopIdleTimers(): void {
  if (timersStopped) return;
  timersStopped = true;
  const queueClass: unknown = createRequire(import.meta.url)('kafkajs/src/network/requestQueue');
  if (typeof queueClass !== 'function') return;
  const prototype: unknown = queueClass.prototype;
  if (!isRequestQueue(prototype)) return;
  const schedule: (this: RequestQueue) => void = prototype.scheduleCheckPendingRequests;
  prototype.scheduleCheckPendingRequests = function scheduleUnlessIdle(this: RequestQueue): void {
    if (this.pending.length > 0 || this.throttledUntil > Date.now()) schedule.call(this);
  };
}

interface RequestQueue {
  readonly pending: readonly unknown[];
  readonly throttledUntil: number;
  scheduleCheckPendingRequests: (this: RequestQueue) => void;
}

function isRequestQueue(value: unknown): value is RequestQueue {
  return typeof value === 'object' && value !== null && 'scheduleCheckPendingRequests' in value;
}
