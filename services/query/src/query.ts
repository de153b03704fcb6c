/** Reading back as a part of a process. */
import type { BackendConfig, Host, ServicePart } from '@cadf-pipeline/service-host';
import type { Config } from '@cadf-pipeline/service-kit';
import { join } from 'node:path';
import { appendOwnEvent } from '@cadf-pipeline/control-state';
import { createTailCursors } from '@cadf-pipeline/event-tail';
import { createActivityReader } from '@cadf-pipeline/source-activity';
import { createAsyncQueries } from './async-query/async-queries.ts';
import { createRecordFiles } from './async-query/record-files.ts';
import { cimiRoutes } from './cimi/routes.ts';
import type { querySettings } from './config.ts';
import { hermesRoutes } from './hermes/routes.ts';
import { createPageCursors } from './page-cursor.ts';
import { deadLetterRoutes } from './routes/dead-letters.ts';
import { eventRoutes } from './routes/events.ts';
import { queryRoutes } from './routes/queries.ts';
import { facetRoutes } from './routes/facets.ts';
import { liveEventRoutes } from './routes/live-events.ts';
import { relatedRoutes } from './routes/related.ts';
import { savedQueryRoutes } from './routes/saved-queries.ts';
import { sourceRoutes } from './routes/sources.ts';
import { taxonomyRoutes } from './routes/taxonomy.ts';
import { timelineRoutes } from './routes/timeline.ts';
import { sqlRoutes } from './routes/sql.ts';
import { createSavedQueries } from './saved-query/saved-queries.ts';

export interface QueryDependencies extends Pick<
  Host<typeof querySettings>,
  'logger' | 'metrics' | 'now' | 'signingSecret' | 'state' | 'store' | 'stream' | 'tail'
> {
  readonly config: Config<typeof querySettings> & Pick<BackendConfig, 'CADF_DATA_DIR'>;
}

export function createQuery({
  config,
  logger,
  metrics,
  now,
  signingSecret,
  state,
  store,
  stream,
  tail,
}: QueryDependencies): ServicePart {
  const activity = createActivityReader({ stream, logger });
  const cursors = createPageCursors(signingSecret('page cursors'));
  // Of the same secret as those of webhooks: a cursor of one is good for the other.
  const tailCursors = createTailCursors(signingSecret('tail cursors'));
  const saved = createSavedQueries(state);
  const queries = createAsyncQueries({
    store,
    logger,
    now,
    files: createRecordFiles(join(config.CADF_DATA_DIR, 'queries')),
    bounds: {
      running: config.CADF_QUERY_ASYNC_RUNNING,
      maxMs: config.CADF_QUERY_ASYNC_MAX_TIME,
      maxBytes: config.CADF_QUERY_ASYNC_MAX_BYTES,
      maxDiskBytes: config.CADF_QUERY_ASYNC_DISK,
      keepMs: config.CADF_QUERY_ASYNC_KEEP,
    },
  });
  return {
    name: 'query',
    checks: {},
    routes(app) {
      eventRoutes(app, { store, cursors, queries, saved, now });
      liveEventRoutes(app, {
        tail,
        cursors: tailCursors,
        saved,
        logger,
        metrics,
        bounds: {
          most: config.CADF_LIVE_CONNECTIONS,
          mostOfOne: config.CADF_LIVE_CONNECTIONS_OF_ONE,
          heartbeatMs: config.CADF_LIVE_HEARTBEAT,
          stallMs: config.CADF_LIVE_STALL,
        },
      });
      queryRoutes(app, { cursors, queries, saved, now });
      savedQueryRoutes(app, {
        state,
        saved,
        now,
        audit: (event, tenants) => appendOwnEvent(stream, event, tenants, now()),
      });
      relatedRoutes(app, { store });
      facetRoutes(app, { saved, store });
      timelineRoutes(app, { saved, store });
      taxonomyRoutes(app, { saved, store });
      deadLetterRoutes(app, { store });
      sqlRoutes(app, { store });
      sourceRoutes(app, { state, activity, now });
      cimiRoutes(app, { state, activity, now, store });
      hermesRoutes(app, { store, origins: config.CADF_HERMES_ORIGINS ?? [] });
    },
    async start() {
      await queries.start();
      await activity.start();
    },
    async stop() {
      await queries.stop();
      await activity.stop();
    },
  };
}
