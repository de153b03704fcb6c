/** Reading back as a part of a process. */
import type { Host, ServicePart } from '@cadf-pipeline/service-host';
import { createActivityReader } from '@cadf-pipeline/source-activity';
import { cimiRoutes } from './cimi/routes.ts';
import type { querySettings } from './config.ts';
import { hermesRoutes } from './hermes/routes.ts';
import { createPageCursors } from './page-cursor.ts';
import { deadLetterRoutes } from './routes/dead-letters.ts';
import { eventRoutes } from './routes/events.ts';
import { sourceRoutes } from './routes/sources.ts';

export function createQuery({
  config,
  logger,
  now,
  signingSecret,
  state,
  store,
  stream,
}: Host<typeof querySettings>): ServicePart {
  const activity = createActivityReader({ stream, logger });
  const cursors = createPageCursors(signingSecret('page cursors'));
  return {
    name: 'query',
    checks: {},
    routes(app) {
      eventRoutes(app, { store, cursors });
      deadLetterRoutes(app, { store });
      sourceRoutes(app, { state, activity, now });
      cimiRoutes(app, { state, activity, now, store });
      hermesRoutes(app, { store, origins: config.CADF_HERMES_ORIGINS ?? [] });
    },
    start: () => activity.start(),
    stop: () => activity.stop(),
  };
}
