/** The listener for CIM indications of this process, and the watch over their sequences, started and stopped together. */
import { readFile } from 'node:fs/promises';
import { createKeyVerifier } from '@cadf-pipeline/control-state';
import type { ControlState } from '@cadf-pipeline/control-state';
import type { EventStream } from '@cadf-pipeline/event-stream';
import type { PipelineMetrics } from '@cadf-pipeline/service-kit';
import { parseListenAddress } from '../listen-address.ts';
import type { ListenerLogger } from '../syslog/tcp-listener.ts';
import { createRefusalLog } from './refusal-log.ts';
import { createSenders } from './sender.ts';
import { createSequenceWatch } from './sequence-watch.ts';
import { createTakeExport } from './take-export.ts';
import { listenWbem } from './wbem-listener.ts';
import type { WbemListener, WbemTls } from './wbem-listener.ts';
import { createWbemMetrics } from './wbem-metrics.ts';
import type { WbemConfig } from './wbem-settings.ts';

export interface WbemIntakeDependencies {
  readonly stream: EventStream;
  readonly state: ControlState;
  readonly config: WbemConfig;
  /** Longest message, bytes. */
  readonly maxMessageBytes: number;
  readonly metrics: Pick<PipelineMetrics, 'registry' | 'refused'>;
  readonly pressure: () => string | undefined;
  readonly logger: ListenerLogger;
  /** Milliseconds since 1970 UTC. */
  readonly now: () => number;
  /** Names this process among all. */
  readonly instance: string;
}

export interface WbemIntake {
  /** Does nothing where CADF_WBEM_PORT is not set. Rejects where it cannot listen there or a file cannot be read. */
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Why nothing is taken any more; undefined when it is. */
  trouble(): string | undefined;
  /** Where it listens; undefined: it does not. */
  port(): number | undefined;
}

export function createWbemIntake(dependencies: WbemIntakeDependencies): WbemIntake {
  const { stream, state, config, metrics, logger, now } = dependencies;
  const address = config.CADF_WBEM_PORT === undefined ? undefined : parseListenAddress(config.CADF_WBEM_PORT);
  const ways = new Set(config.CADF_WBEM_AUTH);
  const counts = createWbemMetrics(metrics.registry);
  const sequences = createSequenceWatch({
    stream,
    state,
    writer: dependencies.instance,
    lifetimeMs: config.CADF_WBEM_SEQUENCE_LIFETIME,
    now,
    logger,
    onMissing: (numbers) => counts.missing(numbers),
  });
  const senders = createSenders({
    state,
    verify: createKeyVerifier({ state, now }),
    ways,
    onRefused: (reason) => metrics.refused(reason),
    ...(config.CADF_WBEM_SOURCE === undefined ? {} : { defaultSource: config.CADF_WBEM_SOURCE }),
  });
  let listener: WbemListener | undefined;

  return {
    async start() {
      if (address === undefined) return;
      const tls = await readTls(config, ways);
      await sequences.start();
      listener = await listenWbem({
        listen: address,
        take: createTakeExport({
          stream,
          senders,
          metrics: counts,
          pressure: dependencies.pressure,
          noteNumbers: (source, numbers) => sequences.note(source, numbers),
          tellRefusal: createRefusalLog({ logger, now }),
          now,
          maxBodyBytes: dependencies.maxMessageBytes,
        }),
        metrics: counts,
        logger,
        maxConnections: config.CADF_WBEM_MAX_CONNECTIONS,
        timeoutMs: config.CADF_WBEM_TIMEOUT,
        idleMs: config.CADF_WBEM_IDLE,
        ...(tls === undefined ? {} : { tls }),
      });
      logger.info(
        { transport: tls === undefined ? 'http' : 'https', host: address.host, port: listener.port },
        'listening for CIM indications',
      );
    },
    async stop() {
      await listener?.stop();
      await sequences.stop();
    },
    trouble: () => listener?.trouble(),
    port: () => listener?.port,
  };
}

async function readTls(config: WbemConfig, ways: ReadonlySet<string>): Promise<WbemTls | undefined> {
  const { CADF_WBEM_TLS_CERT: cert, CADF_WBEM_TLS_KEY: key, CADF_WBEM_TLS_CLIENT_CA: clientCa } = config;
  if (cert === undefined || key === undefined) return undefined;
  return {
    cert: await readFile(cert, 'utf8'),
    key: await readFile(key, 'utf8'),
    needsCertificate: ways.size === 1 && ways.has('certificate'),
    ...(clientCa === undefined || !ways.has('certificate')
      ? {}
      : { clientCa: await readFile(clientCa, 'utf8') }),
  };
}
