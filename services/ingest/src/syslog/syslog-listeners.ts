/** The syslog listeners of this process, started and stopped together. Each has a lane of its own into the stream. */
import { readFile } from 'node:fs/promises';
import type { ControlState } from '@cadf-pipeline/control-state';
import type { EventStream } from '@cadf-pipeline/event-stream';
import type { Config } from '@cadf-pipeline/service-kit';
import { createRecordLane } from '../records/record-lane.ts';
import type { RecordLane } from '../records/record-lane.ts';
import type { recordSettings } from '../record-settings.ts';
import { parseListenAddress } from '../listen-address.ts';
import { createSenderSources } from './sender-sources.ts';
import type { SyslogMetrics, SyslogTransport } from './syslog-metrics.ts';
import { listenTcp } from './tcp-listener.ts';
import type { Listener, ListenerLogger, SyslogTls } from './tcp-listener.ts';
import { listenUdp } from './udp-listener.ts';

export interface SyslogListenersDependencies {
  readonly stream: Pick<EventStream, 'append'>;
  readonly state: Pick<ControlState, 'list' | 'onChange'>;
  readonly config: Config<typeof recordSettings>;
  readonly maxMessageBytes: number;
  readonly metrics: SyslogMetrics;
  readonly logger: ListenerLogger;
  /** Milliseconds since 1970 UTC. */
  readonly now: () => number;
}

export interface SyslogListeners {
  /** Rejects where an address cannot be listened on or a file cannot be read; then none listens. */
  start(): Promise<void>;
  /** Resolves when what was read is durable. */
  stop(): Promise<void>;
  /** Why one of them takes nothing any more; undefined when all do. */
  trouble(): string | undefined;
  /** The port of each that listens. */
  ports(): ReadonlyMap<SyslogTransport, number>;
}

interface Running {
  readonly transport: SyslogTransport;
  readonly listener: Listener;
  readonly lane: RecordLane;
}

export function createSyslogListeners(dependencies: SyslogListenersDependencies): SyslogListeners {
  const { stream, state, config, maxMessageBytes, metrics, logger, now } = dependencies;
  const fallback = config.CADF_SYSLOG_SOURCE;
  const senders = createSenderSources({
    state,
    logger,
    ...(fallback === undefined ? {} : { fallback }),
  });
  const running: Running[] = [];

  async function listen(transport: SyslogTransport, text: string | undefined): Promise<void> {
    const address = text === undefined ? undefined : parseListenAddress(text);
    if (address === undefined) return;
    const lane = createRecordLane({ stream, logger, maxPendingBytes: config.CADF_SYSLOG_MAX_PENDING });
    const shared = { senders, metrics, logger, now, lane, maxMessageBytes, listen: address };
    const bounds = { maxConnections: config.CADF_SYSLOG_MAX_CONNECTIONS, idleMs: config.CADF_SYSLOG_IDLE };
    const listener =
      transport === 'udp'
        ? await listenUdp({
            ...shared,
            bufferBytes: config.CADF_SYSLOG_UDP_BUFFER,
            maxPendingBytes: config.CADF_SYSLOG_MAX_PENDING,
          })
        : transport === 'tcp'
          ? await listenTcp({ ...shared, ...bounds })
          : await listenTcp({ ...shared, ...bounds, tls: await readTls(config) });
    running.push({ transport, listener, lane });
    logger.info({ transport, host: address.host, port: listener.port }, 'listening for syslog');
  }

  async function stop(): Promise<void> {
    await Promise.all(running.map(({ listener }) => listener.stop()));
    await Promise.all(running.map(({ lane }) => lane.close()));
    running.length = 0;
    senders.close();
  }

  return {
    async start() {
      try {
        await listen('udp', config.CADF_SYSLOG_UDP);
        await listen('tcp', config.CADF_SYSLOG_TCP);
        await listen('tls', config.CADF_SYSLOG_TLS);
      } catch (error) {
        await stop();
        throw error;
      }
    },
    stop,
    trouble() {
      for (const { transport, listener } of running) {
        const trouble = listener.trouble();
        if (trouble !== undefined) return `${transport}: ${trouble}`;
      }
      return undefined;
    },
    ports: () => new Map(running.map(({ transport, listener }) => [transport, listener.port])),
  };
}

async function readTls(config: Config<typeof recordSettings>): Promise<SyslogTls> {
  const read = async (path: string | undefined): Promise<string | undefined> =>
    path === undefined ? undefined : readFile(path, 'utf8');
  const cert = await read(config.CADF_SYSLOG_TLS_CERT);
  const key = await read(config.CADF_SYSLOG_TLS_KEY);
  const clientCa = await read(config.CADF_SYSLOG_TLS_CLIENT_CA);
  return { cert: cert ?? '', key: key ?? '', ...(clientCa === undefined ? {} : { clientCa }) };
}
