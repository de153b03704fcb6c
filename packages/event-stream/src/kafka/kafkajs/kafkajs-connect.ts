import { isIP, connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import kafkajs, {
  type ISocketFactory,
  type ISocketFactoryArgs,
  type Kafka,
  type KafkaConfig,
  type SASLOptions,
} from 'kafkajs';
import { compress, CODEC, decompress } from '../compression.ts';
import type { KafkaSettings } from '../options.ts';
import { repairKafkajs } from './kafkajs-repairs.ts';

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
  repairKafkajs();
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
    socketFactory: member === undefined ? openSocket : gatedSockets(member),
  };
  return new kafkajs.Kafka(config);
}

function toSasl(sasl: NonNullable<KafkaSettings['sasl']>): SASLOptions {
  return { mechanism: sasl.mechanism, username: sasl.username, password: sasl.password };
}

/**
 * The library's default sockets, except that ending one is the end of it. The library makes the next one at once and
 * takes what the last one still hears for the new one's: a broker that was held up and comes back to the end of the last
 * one ended the connection that had replaced it, and with it the request to join that was under way there.
 */
function openSocket({ host, port, ssl, onConnect }: ISocketFactoryArgs): Socket {
  const socket: Socket = ssl
    ? connectTls({ host, port, ...(isIP(host) === 0 ? { servername: host } : {}), ...ssl }, onConnect)
    : connect({ host, port }, onConnect);
  socket.setKeepAlive(true, KEEP_ALIVE_MS);
  socket.end = (): Socket => socket.destroy();
  return socket;
}

/** Sockets that hold a JoinGroup request back until `beforeJoin` has resolved, and can be cut. */
function gatedSockets({ beforeJoin, cut }: MemberConnections): ISocketFactory {
  return (to) => {
    cut.throwIfAborted();
    const socket = openSocket(to);
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
