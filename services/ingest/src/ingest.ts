/** Intake as a part of a process: its routes, and the work beside them. */
import type { Host, ServicePart } from '@cadf-pipeline/service-host';
import { ProblemError } from '@cadf-pipeline/service-kit';
import { createActivityReader, createActivityRecorder } from '@cadf-pipeline/source-activity';
import type { FastifyInstance } from 'fastify';
import { ingestErrors } from './errors.ts';
import { withAuto } from './auto/auto-source.ts';
import type { BodyLimits } from './body/limits.ts';
import type { ingestSettings } from './config.ts';
import { loadCheckpoints } from './follow/checkpoints.ts';
import { createFollowedFiles } from './follow/followed-files.ts';
import { createNetworkIntake } from './network-intake.ts';
import { createImports } from './import/imports.ts';
import { createPressure } from './pressure.ts';
import { createRecordIntake } from './records/record-intake.ts';
import { registerAdmin } from './routes/admin.ts';
import { takeBodiesAsBytes } from './routes/read-request.ts';
import { recordRoutes } from './routes/records.ts';
import { submitRoutes } from './routes/submit.ts';
import { createSilentSources } from './silence/silent-sources.ts';
import { loadSources } from './source-registry.ts';
import { createIdempotencyKeys } from './submission/idempotency.ts';
import { createRecentEvents } from './submission/recent-events.ts';
import { topics } from './topics.ts';
import { createStoreWriting } from './writer/store-writing.ts';

const RETRY_AFTER_SECONDS = 1;
const HOUR_MS = 3_600_000;

/** The intake part. Which of its roles run is a setting. */
export async function createIngest(host: Host<typeof ingestSettings>): Promise<ServicePart> {
  const { config, stream, store, tail, state, router, metrics, logger, now } = host;
  const roles = new Set(config.CADF_INGEST_ROLES);
  const limits: BodyLimits = {
    maxBodyBytes: config.CADF_MAX_BODY,
    maxUnpackedBytes: config.CADF_MAX_UNPACKED_BODY,
    maxEventBytes: config.CADF_MAX_EVENT,
    maxEvents: config.CADF_MAX_EVENTS_PER_REQUEST,
    maxDepth: config.CADF_MAX_DEPTH,
  };
  const idempotency = createIdempotencyKeys({ stream, now });
  const recent = createRecentEvents();
  const sources = withAuto(await loadSources());
  const maskTokens = config.CADF_MASK_TOKENS;
  const writing = createStoreWriting({
    stream,
    store,
    metrics,
    logger,
    settings: {
      maxRows: config.CADF_WRITER_MAX_ROWS,
      maxBytes: config.CADF_WRITER_MAX_BYTES,
      maxWaitMs: config.CADF_WRITER_MAX_WAIT,
    },
    stored: (whole) => tail.stored(whole),
  });
  const activity = createActivityRecorder({ stream, writer: host.instance, now, logger });
  const activityOfAll = createActivityReader({ stream, logger });
  const silent = createSilentSources({ state, stream, activity: activityOfAll, now, logger });
  const intake = createRecordIntake({ activity, stream, recent, router, sources, metrics, maskTokens, now });
  const followed = createFollowedFiles({
    state,
    sources,
    intake,
    metrics,
    logger,
    checkpoints: () => loadCheckpoints(stream),
    directories: config.CADF_FOLLOW_DIRECTORIES,
    maxLineBytes: config.CADF_MAX_EVENT,
    idleMs: config.CADF_RECORDS_IDLE,
  });
  const pressure = createPressure({ stream, metrics, maxLag: config.CADF_MAX_LAG });
  const imports = createImports({
    host,
    sources,
    intake,
    activity,
    pressure,
    limits,
  });
  const network = createNetworkIntake({ host, sources, intake, pressure, activity, roles });

  function intakeRoutes(app: FastifyInstance): void {
    takeBodiesAsBytes(app, limits);
    app.addHook('onRequest', (_request, _reply, done) => {
      const reason = pressure.reason();
      if (reason === undefined) return done();
      done(
        new ProblemError(ingestErrors.INGEST_OVERLOADED, {
          detail: reason,
          retryAfterSeconds: RETRY_AFTER_SECONDS,
        }),
      );
    });
    submitRoutes(app, {
      stream,
      recent,
      limits,
      maskTokens,
      defaultProfile: config.CADF_PROFILE,
      state,
      router,
      idempotency,
      activity,
      metrics,
      now,
    });
    recordRoutes(app, { stream, store, state, sources, intake, limits, metrics, now });
  }

  return {
    name: 'ingest',
    checks: {
      ...network.checks,
      ...(roles.has('import')
        ? { imports: () => ({ ok: imports.trouble() === undefined, reason: imports.trouble() ?? '' }) }
        : {}),
      ...(roles.has('writer')
        ? { writer: () => ({ ok: writing.trouble() === undefined, reason: writing.trouble() ?? '' }) }
        : {}),
    },
    async routes(app) {
      if (!roles.has('http')) return;
      await registerAdmin(app, { stream, state, now });
      if (roles.has('import')) await imports.routes(app);
      await app.register(async (intake: FastifyInstance) => intakeRoutes(intake));
    },
    async start() {
      const embedded = stream.kind === 'lmdb';
      await stream.createTopics(
        topics({
          partitions: config.CADF_STREAM_PARTITIONS ?? (embedded ? 1 : 12),
          retentionMs: config.CADF_STREAM_RETENTION,
          retentionBytes: config.CADF_STREAM_RETENTION_BYTES,
          recordsRetentionMs:
            config.CADF_RECORDS_RETENTION ?? (embedded ? HOUR_MS : config.CADF_STREAM_RETENTION),
        }),
      );
      await idempotency.start();
      await activity.start();
      await activityOfAll.start();
      silent.start();
      pressure.start();
      if (roles.has('writer')) writing.start();
      if (roles.has('follow')) await followed.start();
      await network.start();
      if (roles.has('import')) await imports.start();
    },
    async stop() {
      // What takes records in, then what these need. Side by side: to leave a group of Kafka takes seconds each.
      await Promise.all([network.stop(), imports.stop(), silent.stop(), followed.stop()]);
      pressure.stop();
      await Promise.all([idempotency.close(), activity.stop(), activityOfAll.stop(), writing.stop()]);
    },
  };
}
