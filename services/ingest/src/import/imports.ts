/** Imports as a part of intake: their routes, and the work beside them. */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { appendOwnEvent, FEDERATION_ID } from '@cadf-pipeline/control-state';
import type { Audit } from '@cadf-pipeline/control-state';
import type { Host } from '@cadf-pipeline/service-host';
import type { Config } from '@cadf-pipeline/service-kit';
import type { FastifyInstance } from 'fastify';
import type { ActivityRecorder } from '@cadf-pipeline/source-activity';
import type { BodyLimits } from '../body/limits.ts';
import type { ingestSettings } from '../config.ts';
import type { Pressure } from '../pressure.ts';
import type { RecordIntake } from '../records/record-intake.ts';
import type { SourceRegistry } from '../source-registry.ts';
import { createRecentEvents } from '../submission/recent-events.ts';
import { createImportAccess } from './import-access.ts';
import { createImportEvents } from './import-events.ts';
import { createImportFiles } from './import-files.ts';
import { createImportMetrics } from './import-metrics.ts';
import { importRoutes } from './import-routes.ts';
import type { importSettings } from './import-settings.ts';
import { createImportSecrets, IMPORT_SECRETS_PURPOSE } from './import-secrets.ts';
import { createImportWork } from './import-work.ts';
import { receiveRoutes } from './receive-routes.ts';

export interface ImportsDependencies {
  readonly host: Pick<
    Host<typeof ingestSettings>,
    'logger' | 'metrics' | 'now' | 'router' | 'signingSecret' | 'state' | 'stream'
  > & { readonly config: ImportConfig };
  readonly sources: SourceRegistry;
  readonly intake: RecordIntake;
  readonly activity: ActivityRecorder;
  readonly pressure: Pressure;
  readonly limits: BodyLimits;
}

type ImportConfig = Config<typeof importSettings> &
  Pick<Host<typeof ingestSettings>['config'], 'CADF_DATA_DIR' | 'CADF_MASK_TOKENS'>;

export interface Imports {
  /** Below an instance whose JSON bodies are parsed. */
  routes(app: FastifyInstance): Promise<void>;
  start(): Promise<void>;
  stop(): Promise<void>;
  trouble(): string | undefined;
}

/** How often what deleted imports kept is looked for. */
const SWEEP_MS = 5 * 60_000;

export function createImports({
  activity,
  host,
  intake,
  limits,
  pressure,
  sources,
}: ImportsDependencies): Imports {
  const { config, logger, metrics, now, router, signingSecret, state, stream } = host;
  const maxBytes = config.CADF_IMPORT_MAX_BYTES;
  const files = createImportFiles(resolve(config.CADF_IMPORT_DIR ?? join(config.CADF_DATA_DIR, 'imports')));
  const audit: Audit = (event, tenants) => appendOwnEvent(stream, event, tenants, now());
  const caFile = config.CADF_FEDERATION_CA_FILE;
  const shared = {
    files,
    sources,
    secrets: createImportSecrets(signingSecret(IMPORT_SECRETS_PURPOSE)),
    rules: {
      allowPrivate: config.CADF_FEDERATION_ALLOW_PRIVATE,
      allowedBy: 'CADF_FEDERATION_ALLOW_PRIVATE',
    },
    ca: caFile === undefined ? undefined : readFileSync(caFile, 'utf8'),
    directories: config.CADF_IMPORT_DIRECTORIES ?? [],
    maxBytes,
    state,
    now,
  };
  const work = createImportWork({
    ...shared,
    stream,
    // Of its own: what imports bring in masses would have what clients send again forgotten.
    take: {
      stream,
      recent: createRecentEvents(),
      state,
      router,
      metrics,
      activity,
      intake,
      maskTokens: config.CADF_MASK_TOKENS,
    },
    events: createImportEvents(audit, now),
    metrics: createImportMetrics(metrics.registry),
    limits,
    logger,
    quarantineBytes: config.CADF_IMPORT_QUARANTINE_BYTES,
    running: config.CADF_IMPORT_RUNNING,
    ready: () => pressure.reason(),
  });
  const access = createImportAccess({ state, audit, now });
  let sweeping: NodeJS.Timeout | undefined;

  const sweep = (): void => {
    files
      .sweep(
        state.list('import').map(({ entity }) => entity),
        now(),
      )
      .catch((error: unknown) => logger.warn({ err: error }, 'what deleted imports kept was not removed'));
  };

  return {
    async routes(app) {
      importRoutes(app, {
        ...shared,
        access,
        work,
        issuer: () => state.get('federation', FEDERATION_ID)?.entity.issuer,
      });
      await app.register(async (receiving: FastifyInstance) =>
        receiveRoutes(receiving, { access, files, work, maxBytes }),
      );
    },
    async start() {
      await files.start();
      await work.start();
      sweep();
      sweeping = setInterval(sweep, SWEEP_MS);
    },
    async stop() {
      clearInterval(sweeping);
      await work.stop();
    },
    trouble: () => work.trouble(),
  };
}
