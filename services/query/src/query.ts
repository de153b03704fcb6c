/** Reading back as a part of a process. */
import type { Host, ServicePart } from '@cadf-pipeline/service-host';
import type { Settings } from '@cadf-pipeline/service-kit';
import { createPageCursors } from './page-cursor.ts';
import { deadLetterRoutes } from './routes/dead-letters.ts';
import { eventRoutes } from './routes/events.ts';

export function createQuery({ store, signingSecret }: Host<Settings>): ServicePart {
  const cursors = createPageCursors(signingSecret('page cursors'));
  return {
    name: 'query',
    checks: {},
    routes(app) {
      eventRoutes(app, { store, cursors });
      deadLetterRoutes(app, { store });
    },
    start: () => Promise.resolve(),
    stop: () => Promise.resolve(),
  };
}
