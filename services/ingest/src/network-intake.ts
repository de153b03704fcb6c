/** The ways in for raw records over the network, and what normalizes them: the parts of a process that its settings name. */
import type { Host } from '@cadf-pipeline/service-host';
import type { Checks } from '@cadf-pipeline/service-kit';
import type { ActivityRecorder } from '@cadf-pipeline/source-activity';
import { createCollectMetrics } from './collect/collect-metrics.ts';
import { createCollector } from './collect/collector.ts';
import { originOf, readCimiCredentials } from './collect/provider-access.ts';
import type { ingestSettings } from './config.ts';
import { readKafkaSecurity } from './kafka/kafka-security.ts';
import { createKafkaSources } from './kafka/kafka-sources.ts';
import type { Pressure } from './pressure.ts';
import type { SourceRegistry } from './source-registry.ts';
import { createSyslogListeners } from './syslog/syslog-listeners.ts';
import { createSyslogMetrics } from './syslog/syslog-metrics.ts';
import { createRecordConsumer } from './records/record-consumer.ts';
import type { RecordIntake } from './records/record-intake.ts';
import { lookUpSource } from './records/registered-source.ts';
import { createWbemIntake } from './wbem/wbem-intake.ts';

export interface NetworkIntakeDependencies {
  readonly host: Host<typeof ingestSettings>;
  readonly sources: SourceRegistry;
  readonly intake: RecordIntake;
  readonly pressure: Pressure;
  readonly activity: ActivityRecorder;
  readonly roles: ReadonlySet<string>;
}

export interface NetworkIntake {
  readonly checks: Checks;
  /** Rejects where a listener cannot listen. */
  start(): Promise<void>;
  /** Takes nothing new, makes durable what was taken, ends. */
  stop(): Promise<void>;
}

export function createNetworkIntake(dependencies: NetworkIntakeDependencies): NetworkIntake {
  const { host, sources, intake, pressure, activity, roles } = dependencies;
  const { config, stream, state, metrics, logger, now } = host;
  const consumer = createRecordConsumer({
    stream,
    intake,
    metrics,
    logger,
    now,
    pressure: () => pressure.reason(),
    sourceOf: lookUpSource(state),
    normalizerFor(resolved) {
      const source = sources.get(resolved.type);
      return source === undefined ? undefined : intake.normalizerFor(source, resolved);
    },
    limits: {
      idleMs: config.CADF_RECORDS_IDLE,
      holdMs: config.CADF_RECORDS_HOLD,
      maxSenders: config.CADF_RECORDS_MAX_SENDERS,
    },
  });
  const syslog = createSyslogListeners({
    stream,
    state,
    config,
    logger,
    now,
    maxMessageBytes: config.CADF_MAX_EVENT,
    metrics: createSyslogMetrics(metrics.registry),
  });
  const wbem = createWbemIntake({
    stream,
    state,
    config,
    maxMessageBytes: config.CADF_MAX_EVENT,
    metrics,
    pressure: () => pressure.reason(),
    logger,
    now,
    instance: host.instance,
  });
  const security = readKafkaSecurity(config.CADF_KAFKA_SOURCES_SECURITY?.reveal());
  const topics = createKafkaSources({
    state,
    stream,
    logger,
    now,
    allowedBrokers: config.CADF_KAFKA_SOURCES_BROKERS ?? [],
    security: 'security' in security ? security.security : new Map(),
    ownBrokers: config.CADF_KAFKA_BROKERS ?? [],
    maxRecordBytes: config.CADF_MAX_EVENT,
  });
  const credentials = readCimiCredentials(config.CADF_CIMI_CREDENTIALS?.reveal());
  const collector = createCollector({
    state,
    stream,
    logger,
    now,
    providers: (config.CADF_CIMI_PROVIDERS ?? []).flatMap((text) => originOf(text) ?? []),
    credentials: 'credentials' in credentials ? credentials.credentials : new Map(),
    metrics: createCollectMetrics(metrics.registry),
    activity,
    maxRecordBytes: config.CADF_MAX_EVENT,
    pressure: () => pressure.reason(),
  });
  return {
    checks: {
      syslog: () => checkOf(syslog.trouble()),
      wbem: () => checkOf(wbem.trouble()),
      ...(roles.has('poll') ? { collector: () => checkOf(collector.trouble()) } : {}),
      ...(roles.has('normalize') ? { normalizer: () => checkOf(consumer.trouble()) } : {}),
    },
    async start() {
      if (roles.has('normalize')) consumer.start();
      if (roles.has('kafka')) topics.start();
      if (roles.has('poll')) collector.start();
      await syslog.start();
      await wbem.start();
    },
    async stop() {
      await Promise.all([syslog.stop(), wbem.stop(), topics.stop(), collector.stop()]);
      await consumer.stop();
    },
  };
}

function checkOf(trouble: string | undefined): { readonly ok: boolean; readonly reason: string } {
  return { ok: trouble === undefined, reason: trouble ?? '' };
}
