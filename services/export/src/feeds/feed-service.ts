/** Feeds as a part of the service. */
import { join, resolve } from 'node:path';
import type { Audit } from '@cadf-pipeline/control-state';
import { createGuardedHttp } from '@cadf-pipeline/guarded-http';
import type { Host } from '@cadf-pipeline/service-host';
import type { FastifyInstance } from 'fastify';
import type { exportSettings } from '../config.ts';
import { createExportRights } from '../exports/export-rights.ts';
import type { FederationIdentity } from '../identity/federation-identity.ts';
import type { SecretBox } from '../subscription/secret-box.ts';
import { createOpenFeedCarrier } from './deliver-segments.ts';
import { createFeedEvents } from './feed-events.ts';
import { feedRoutes } from './feed-routes.ts';
import { createFeedWork } from './feed-work.ts';
import type { FeedWorkDependencies } from './feed-work.ts';
import { createFeeds } from './feeds.ts';
import { invitationRoutes } from './invitation-routes.ts';
import { pullRoutes } from './pull-routes.ts';

export interface FeedService {
  routes(app: FastifyInstance): void;
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Why feeds are not cut; undefined: they are. */
  trouble(): string | undefined;
}

export interface FeedServiceDependencies {
  readonly host: Pick<
    Host<typeof exportSettings>,
    'config' | 'logger' | 'metrics' | 'now' | 'state' | 'store' | 'stream' | 'tail'
  >;
  readonly box: SecretBox;
  readonly identity: FederationIdentity;
  readonly audit: Audit;
  /** For tests. */
  readonly more?: Partial<Pick<FeedWorkDependencies, 'most' | 'pollMs'>>;
}

export function createFeedService({
  audit,
  box,
  host,
  identity,
  more,
}: FeedServiceDependencies): FeedService {
  const { config, logger, metrics, now, state, store, stream, tail } = host;
  const root = join(resolve(config.CADF_EXPORT_DIR ?? join(config.CADF_DATA_DIR, 'exports')), 'feeds');
  const rights = createExportRights(state, now);
  const events = createFeedEvents(audit, now);
  const addresses = {
    allowPrivate: config.CADF_EXPORT_ALLOW_PRIVATE,
    allowedBy: 'CADF_EXPORT_ALLOW_PRIVATE',
  };
  const destinations = { directories: config.CADF_EXPORT_DIRECTORIES ?? [], addresses };
  const shared = { state, tail, box, destinations, identity, rights, events, root, now };
  const openCarrier = createOpenFeedCarrier({
    box,
    rules: destinations,
    http: () => createGuardedHttp({ rules: addresses, peer: 'recipient' }),
  });
  const work = createFeedWork({
    ...shared,
    openCarrier,
    store,
    stream,
    registry: metrics.registry,
    logger,
    ...more,
  });
  return {
    routes(app) {
      const deps = { ...shared, audit, work };
      const feeds = createFeeds(deps);
      feedRoutes(app, deps, feeds);
      pullRoutes(app, deps, feeds);
      invitationRoutes(app, deps, feeds);
    },
    start: () => work.start(),
    stop: () => work.stop(),
    trouble: () => work.trouble(),
  };
}
