/** What all routes of feeds share: finding one, who may do what with it, changing it, showing it. */
import { createKeyOwned, etagOf, MAX_FEEDS_OF_ONE } from '@cadf-pipeline/control-state';
import type { AdminDeps, Feed, KeyOwned, Versioned } from '@cadf-pipeline/control-state';
import { principalOf, ProblemError } from '@cadf-pipeline/service-kit';
import type { Principal } from '@cadf-pipeline/service-kit';
import type { FastifyReply } from 'fastify';
import type { SegmentManifest } from '@cadf-pipeline/federation';
import type { ExportRights } from '../exports/export-rights.ts';
import type { FederationIdentity } from '../identity/federation-identity.ts';
import { feedErrors } from './feed-errors.ts';
import { cutOf } from './cut-of.ts';
import type { FeedEvents } from './feed-events.ts';
import { feedView } from './feed-view.ts';
import type { FeedWork } from './feed-work.ts';
import type { NewFeedDependencies } from './new-feed.ts';

export const FEEDS_PATH = '/cadf/v1/feeds';

export interface FeedDeps extends AdminDeps, NewFeedDependencies {
  readonly rights: ExportRights;
  readonly identity: FederationIdentity;
  readonly work: FeedWork;
  readonly events: FeedEvents;
  /** Of the files of all feeds. */
  readonly root: string;
}

export interface Feeds extends KeyOwned<'feed'> {
  /** Throws FEED_RIGHTS where its owner may not read any more what the feed gives, or what the segment was cut of. */
  requireRights(feed: Feed, segment?: SegmentManifest): void;
  view(principal: Principal, feed: Feed): { readonly id: string };
  /** Answers with the feed, its version as entity tag, and `told` beside. */
  send(reply: FastifyReply, feed: Versioned<'feed'>, told?: object): FastifyReply;
}

export function createFeeds(deps: FeedDeps): Feeds {
  const { rights, work } = deps;
  const owned = createKeyOwned(deps, {
    kind: 'feed',
    most: MAX_FEEDS_OF_ONE,
    problems: {
      notFound: feedErrors.FEED_NOT_FOUND,
      notYours: feedErrors.FEED_NOT_YOURS,
      needsKey: feedErrors.FEED_NEEDS_KEY,
      tooMany: feedErrors.FEED_TOO_MANY,
      exists: feedErrors.FEED_EXISTS,
    },
  });

  function view(principal: Principal, feed: Feed): { readonly id: string } {
    return {
      id: feed.id,
      ...feedView({
        feed,
        record: work.record(feed),
        mine: owned.isOwn(principal, feed),
        lagSeconds: work.lagSeconds(feed),
        trouble: work.clockTrouble(feed),
      }),
    };
  }

  return {
    ...owned,
    requireRights(feed, segment) {
      const scope = rights.scopeOf(segment === undefined ? feed : cutOf(feed, segment));
      if (typeof scope === 'string') throw new ProblemError(feedErrors.FEED_RIGHTS, { detail: scope });
    },
    view,
    send: (reply, feed, told = {}) =>
      reply.header('etag', etagOf(feed)).send({ ...view(principalOf(reply.request), feed.entity), ...told }),
  };
}
