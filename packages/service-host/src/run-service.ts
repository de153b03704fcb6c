/**
 * What every process does around its own work: settings → key → stream → store → control state → HTTP → shutdown.
 * A service is its parts; the standalone process has the parts of all services.
 */
import { hkdfSync, randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  createControlState,
  createKeyVerifier,
  createTenantRouter,
  ensureBootstrapKey,
} from '@cadf-pipeline/control-state';
import type { BootstrapKey, ControlState, TenantRouter } from '@cadf-pipeline/control-state';
import type { EventStore } from '@cadf-pipeline/event-store';
import type { EventStream } from '@cadf-pipeline/event-stream';
import { createEventTail } from '@cadf-pipeline/event-tail';
import type { EventTail } from '@cadf-pipeline/event-tail';
import { checkKeystoneSettings, keystoneSettings, openKeystone } from '@cadf-pipeline/keystone';
import {
  createHealth,
  createHttpServer,
  createLogger,
  createPipelineMetrics,
  describeConfig,
  installShutdown,
  listenSettings,
  loadConfig,
  resolveListen,
  unknownSettings,
} from '@cadf-pipeline/service-kit';
import type {
  Checks,
  Config,
  Environment,
  ErrorTable,
  PipelineMetrics,
  Settings,
  ShutdownStep,
} from '@cadf-pipeline/service-kit';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { backendSettings, checkBackendSettings } from './backend-settings.ts';
import type { BackendConfig } from './backend-settings.ts';
import { hostSettings } from './host-settings.ts';
import { openStore } from './open-store.ts';
import { openStream } from './open-stream.ts';
import { verifyByEach } from './verify-by-each.ts';

/** What a part gets to work with. */
export interface Host<S extends Settings> {
  readonly config: Config<S> & BackendConfig;
  readonly stream: EventStream;
  readonly store: EventStore;
  /** Events as they are stored; one for all subscriptions of the process. Reads nothing before it is first asked. */
  readonly tail: EventTail;
  readonly state: ControlState;
  readonly router: TenantRouter;
  readonly metrics: PipelineMetrics;
  readonly logger: Logger;
  /** Milliseconds since 1970 UTC. */
  readonly now: () => number;
  /** Names this process among all of a deployment, the same after a restart: host and port. */
  readonly instance: string;
  /** 32 bytes for signing `purpose`, the same in every process that has the same bootstrap key. */
  readonly signingSecret: (purpose: string) => Buffer;
}

/** A part of a service: its routes and what it does beside them. */
export interface ServicePart {
  /** For the log of the shutdown. */
  readonly name: string;
  /** Named reasons to be (not) ready. */
  readonly checks: Checks;
  routes(app: FastifyInstance): void | Promise<void>;
  /** Before the server listens. */
  start(): Promise<void>;
  /** After the server answered its last request: ends what `start` began, writing out what was accepted. */
  stop(): Promise<void>;
}

export interface ServiceDefinition<S extends Settings> {
  readonly name: string;
  readonly settings: S;
  /** What the settings must agree on; one sentence per fault. */
  readonly check: (config: Config<S>) => readonly string[];
  /** Services of a scaled deployment share a stream and a store, so theirs cannot be the embedded ones. */
  readonly needsSharedBackends: boolean;
  readonly errors: readonly ErrorTable[];
  readonly parts: (host: Host<S>) => Promise<readonly ServicePart[]>;
}

export interface RunningService {
  /** Where it listens, such as `http://127.0.0.1:8080`. */
  readonly url: string;
  readonly bootstrapKey: BootstrapKey;
  /** Stops in order and exits the process. */
  stop(reason: string): Promise<void>;
}

const VERSION = '0.1.0';

/** Starts a service. Throws `ConfigError` (all faults at once), or what a dependency throws that cannot be reached. */
export async function runService<S extends Settings>(
  definition: ServiceDefinition<S>,
  env: Environment,
): Promise<RunningService> {
  const shared = { ...listenSettings, ...hostSettings, ...backendSettings, ...keystoneSettings };
  const base = loadConfig(shared, env, {
    check: (config) => [
      ...checkBackendSettings(config),
      ...checkKeystoneSettings(config),
      ...(definition.needsSharedBackends
        ? checkSharedBackends(config, config.CADF_BOOTSTRAP_KEY !== undefined)
        : []),
    ],
  });
  const own = loadConfig(definition.settings, env, { check: definition.check });
  const listen = resolveListen(base);
  const configuredKey = base.CADF_BOOTSTRAP_KEY;
  const bootstrapKey = await ensureBootstrapKey({
    dataDir: base.CADF_DATA_DIR,
    ...(configuredKey === undefined ? {} : { configuredKey }),
  });
  const logger = createLogger({
    name: definition.name,
    level: base.CADF_LOG_LEVEL,
    secrets: [
      bootstrapKey.token,
      ...(base.CADF_KEYSTONE_PASSWORD === undefined ? [] : [base.CADF_KEYSTONE_PASSWORD]),
    ],
  });
  logger.info({ settings: describeConfig({ ...base, ...own }) }, 'starting');
  for (const name of unknownSettings([shared, definition.settings], env))
    logger.warn({ name }, 'this setting is not known');

  const keystone = openKeystone(base);
  const stream = openStream(base);
  const store = openStore(base);
  const tail = createEventTail({ stream, store, logger });
  // Grows as things come up, the last one first: a stop during the start closes what is there by then.
  const steps: ShutdownStep[] = [
    { name: 'tail', run: () => tail.close() },
    { name: 'stream', run: () => stream.close() },
    { name: 'store', run: () => store.close() },
    { name: 'keystone', run: () => keystone?.close() },
  ];
  const shutdown = installShutdown({ deadlineMs: base.CADF_SHUTDOWN_TIMEOUT, logger, steps });
  await store.migrate();
  const state = createControlState({ stream, logger });
  steps.unshift({ name: 'control', run: () => state.close() });
  await state.start();
  const metrics = createPipelineMetrics();
  const host: Host<S> = {
    config: { ...own, ...base },
    stream,
    store,
    tail,
    state,
    router: createTenantRouter(state),
    metrics,
    logger,
    now: Date.now,
    instance: `${hostname()}:${listen.port === 0 ? randomUUID() : listen.port}`,
    signingSecret: (purpose) =>
      Buffer.from(hkdfSync('sha256', bootstrapKey.token.reveal(), 'cadf-pipeline', purpose, 32)),
  };
  const parts = await definition.parts(host);
  const health = createHealth({
    checks: {
      stream: () => stream.health(),
      store: () => store.health(),
      control: () => state.health(),
      ...Object.assign({}, ...parts.map((part) => part.checks)),
    },
  });
  const app = await createHttpServer({
    title: 'CADF pipeline',
    version: VERSION,
    logger,
    verify: verifyByEach(
      createKeyVerifier({ state, bootstrap: bootstrapKey.token }),
      ...(keystone === undefined ? [] : [(token: string) => keystone.verify(token)]),
    ),
    health,
    metrics,
    errors: definition.errors,
    trustProxy: base.CADF_TRUST_PROXY ?? false,
    ...(listen.tls === undefined ? {} : { tls: listen.tls }),
  });
  for (const part of parts) await app.register(async (scope: FastifyInstance) => part.routes(scope));
  for (const part of parts) {
    steps.unshift({ name: part.name, run: () => part.stop() });
    await part.start();
  }
  steps.unshift(
    { name: 'readiness', run: () => health.shutDown() },
    { name: 'propagation', run: () => sleep(base.CADF_SHUTDOWN_DELAY) },
    { name: 'server', run: () => closeServer(app, base.CADF_SHUTDOWN_TIMEOUT / 2) },
  );
  await app.listen({ host: listen.host, port: listen.port });
  return {
    url: urlOf(app, listen.tls !== undefined),
    bootstrapKey,
    stop: (reason) => shutdown.begin(reason),
  };
}

function checkSharedBackends(config: BackendConfig, hasKey: boolean): readonly string[] {
  const faults: string[] = [];
  if (config.CADF_KAFKA_BROKERS === undefined || config.CADF_KAFKA_BROKERS.length === 0)
    faults.push(
      'CADF_KAFKA_BROKERS must be set: this service shares its stream with others (`npm start` runs embedded)',
    );
  if (config.CADF_CLICKHOUSE_URL === undefined)
    faults.push('CADF_CLICKHOUSE_URL must be set: this service shares its store with others');
  if (!hasKey) faults.push('CADF_BOOTSTRAP_KEY must be set: all services need the same');
  return faults;
}

/** Lets requests finish, but not longer than `graceMs`: one that trickles in must not keep what was accepted from being stored. */
async function closeServer(app: FastifyInstance, graceMs: number): Promise<void> {
  const timer = setTimeout(() => app.server.closeAllConnections(), graceMs);
  await app.close();
  clearTimeout(timer);
}

function urlOf(app: FastifyInstance, tls: boolean): string {
  const address = app.server.address();
  const {
    address: host,
    port,
    family,
  } = isAddressInfo(address) ? address : { address: '', port: 0, family: '' };
  return `${tls ? 'https' : 'http'}://${family === 'IPv6' ? `[${host}]` : host}:${port}`;
}

function isAddressInfo(address: AddressInfo | string | null): address is AddressInfo {
  return typeof address === 'object' && address !== null;
}
