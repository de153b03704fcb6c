/** What all routes of feeds share: finding one, who may do what with it, changing it, showing it. */
import { auditedChange, etagOf, requireCurrent } from '@cadf-pipeline/control-state';
import type { AdminDeps, ControlAction, Feed, IdParams, Versioned } from '@cadf-pipeline/control-state';
import { principalOf, ProblemError } from '@cadf-pipeline/service-kit';
import type { Principal } from '@cadf-pipeline/service-kit';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { SegmentManifest } from '@cadf-pipeline/federation';
import type { ExportRights } from '../exports/export-rights.ts';
import type { FederationIdentity } from '../identity/federation-identity.ts';
import { administers, ownerOf, owns, sinceOf } from '../subscription/visibility.ts';
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

/** `own`: only its owner; `see`: also an admin of all its tenants. */
export type May = 'own' | 'see';
type OfOne = FastifyRequest<{ Params: IdParams }>;

export interface Feeds {
  all(principal: Principal): readonly Versioned<'feed'>[];
  /** Throws FEED_NOT_FOUND, FEED_NOT_YOURS and CONTROL_VERSION. */
  current(request: OfOne, may: May): Versioned<'feed'>;
  /** Throws FEED_NEEDS_KEY. */
  ownerOf(principal: Principal): Feed['owner'];
  /** Makes what `to` makes of it, with its audit event. Throws what `current` throws, and what a change of the control state throws. */
  change(
    request: OfOne,
    may: May,
    action: ControlAction,
    to: (before: Feed) => Feed,
  ): Promise<Versioned<'feed'>>;
  /** Throws FEED_RIGHTS where its owner may not read any more what the feed gives, or what the segment was cut of. */
  requireRights(feed: Feed, segment?: SegmentManifest): void;
  view(principal: Principal, feed: Feed): { readonly id: string };
  /** Answers with the feed, its version as entity tag, and `told` beside. */
  send(reply: FastifyReply, feed: Versioned<'feed'>, told?: object): FastifyReply;
}

export function createFeeds(deps: FeedDeps): Feeds {
  const { rights, state, work } = deps;
  const isOwn = (principal: Principal, feed: Feed): boolean =>
    owns(principal, sinceOf(state, principal), feed);

  function current(request: OfOne, may: May): Versioned<'feed'> {
    const principal = principalOf(request);
    const { id } = request.params;
    const found = state.get('feed', id);
    const own = found !== undefined && isOwn(principal, found.entity);
    if (found === undefined || !(own || administers(principal, found.entity)))
      throw new ProblemError(feedErrors.FEED_NOT_FOUND);
    if (may === 'own' && !own) throw new ProblemError(feedErrors.FEED_NOT_YOURS);
    return requireCurrent('feed', id, found, request.headers['if-match']);
  }

  function view(principal: Principal, feed: Feed): { readonly id: string } {
    return {
      id: feed.id,
      ...feedView({
        feed,
        record: work.record(feed),
        mine: isOwn(principal, feed),
        lagSeconds: work.lagSeconds(feed),
      }),
    };
  }

  return {
    all: (principal) =>
      state.list('feed').filter(({ entity }) => isOwn(principal, entity) || administers(principal, entity)),
    current,
    ownerOf(principal) {
      const owner = ownerOf(state, principal);
      if (owner === undefined) throw new ProblemError(feedErrors.FEED_NEEDS_KEY);
      return owner;
    },
    async change(request, may, action, to) {
      const { id } = request.params;
      const made = await auditedChange(deps, request, {
        action,
        kind: 'feed',
        id,
        plan: () => {
          const before = current(request, may);
          return { before, after: to(before.entity) };
        },
      });
      return requireCurrent('feed', id, made, undefined);
    },
    requireRights(feed, segment) {
      const scope = rights.scopeOf(segment === undefined ? feed : cutOf(feed, segment));
      if (typeof scope === 'string') throw new ProblemError(feedErrors.FEED_RIGHTS, { detail: scope });
    },
    view,
    send: (reply, feed, told = {}) =>
      reply.header('etag', etagOf(feed)).send({ ...view(principalOf(reply.request), feed.entity), ...told }),
  };
}
