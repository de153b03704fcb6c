/** Reading back as a part of a process. */
import type { Host, ServicePart } from '@cadf-pipeline/service-host';
import type { Settings } from '@cadf-pipeline/service-kit';
import { createActivityReader } from '@cadf-pipeline/source-activity';
import { cimiRoutes } from './cimi/routes.ts';
import { createPageCursors } from './page-cursor.ts';
import { deadLetterRoutes } from './routes/dead-letters.ts';
import { eventRoutes } from './routes/events.ts';
import { sourceRoutes } from './routes/sources.ts';
import { sqlRoutes } from './routes/sql.ts';

export function createQuery({
  logger,
  now,
  signingSecret,
  state,
  store,
  stream,
}: Host<Settings>): ServicePart {
  const activity = createActivityReader({ stream, logger });
  const cursors = createPageCursors(signingSecret('page cursors'));
  return {
    name: 'query',
    checks: {},
    routes(app) {
      eventRoutes(app, { store, cursors });
      deadLetterRoutes(app, { store });
      sqlRoutes(app, { store });
      sourceRoutes(app, { state, activity, now });
      cimiRoutes(app, { state, activity, now, store });
    },
    start: () => activity.start(),
    stop: () => activity.stop(),
  };
}
