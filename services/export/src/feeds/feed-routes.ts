/** `/cadf/v1/feeds`: making, listing, reading, changing and deleting feeds. */
import {
  changeProblems,
  controlErrors,
  createdAnswer,
  IdParams,
  IfMatch,
  MAX_FEED_BYTES,
  MAX_FEEDS_OF_ONE,
  page,
  pageOf,
  PageQuery,
  taggedAnswer,
} from '@cadf-pipeline/control-state';
import { frameworkErrors, principalOf } from '@cadf-pipeline/service-kit';
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { feedErrors } from './feed-errors.ts';
import { feedExample, FeedView } from './feed-view.ts';
import { FEEDS_PATH } from './feeds.ts';
import type { FeedDeps, Feeds } from './feeds.ts';
import { ChangedFeed, changeFeed, makeFeed, NewFeed } from './new-feed.ts';

export const FEED_PARAMS = Type.Object({
  id: { ...IdParams.properties.id, examples: [feedExample.id] },
});
/** Who makes feeds. */
export const FEEDING = { config: { role: 'export' } } as const;
/** An admin of the tenants sees to what was left behind, and need not be one who may read events. */
export const SEEING = { config: { role: ['export', 'admin'] } } as const;
/** What is kept, with all its characters escaped. */
export const BODY_LIMIT = 6 * MAX_FEED_BYTES;
export const FEED_ANSWER = taggedAnswer('The feed', FeedView, feedExample);
export const ofOneProblems = [
  feedErrors.FEED_NOT_FOUND,
  controlErrors.CONTROL_UNKNOWN,
  controlErrors.CONTROL_VERSION,
  ...changeProblems,
];
const writingProblems = [
  feedErrors.FEED_FILTER_INVALID,
  feedErrors.FEED_INVALID,
  frameworkErrors.FORBIDDEN_TENANT,
];

/** Registers the routes. Each change is an audit event of the system. */
export function feedRoutes(app: FastifyInstance, deps: FeedDeps, feeds: Feeds): void {
  const tags = ['feeds'];

  app.post<{ Body: NewFeed }>(
    FEEDS_PATH,
    {
      ...FEEDING,
      bodyLimit: BODY_LIMIT,
      schema: {
        tags,
        summary: 'Make a feed',
        description: `At the end of each period, all that was accepted in it and passes the filter is cut into a signed segment, redacted by its rules; late events into one of their own. Empty periods are said. Each is given away within what the calling key may read at that time. At most ${MAX_FEEDS_OF_ONE} of one owner.`,
        body: NewFeed,
        problems: [
          ...writingProblems,
          feedErrors.FEED_EXISTS,
          feedErrors.FEED_NEEDS_KEY,
          feedErrors.FEED_TOO_MANY,
          ...changeProblems,
        ],
        response: { 201: createdAnswer('The feed', FeedView, feedExample) },
      },
    },
    async (request, reply) => {
      const { body } = request;
      const principal = principalOf(request);
      // Before anything is recorded: a mistake in a filter is no event.
      const owner = feeds.ownerOf(principal);
      const after = await makeFeed(deps, body, principal, owner);
      const made = await feeds.create(request, body.id, () => after);
      void reply.code(201).header('location', `${FEEDS_PATH}/${body.id}`);
      return feeds.send(reply, made);
    },
  );

  app.get<{ Querystring: PageQuery }>(
    FEEDS_PATH,
    {
      ...SEEING,
      schema: {
        tags,
        summary: 'List feeds',
        description: 'Those of the caller; an admin also finds those of its tenants.',
        querystring: PageQuery,
        response: { 200: pageOf(FeedView, feedExample) },
      },
    },
    (request) => {
      const principal = principalOf(request);
      return page(feeds.all(principal), request.query, ({ entity }) => feeds.view(principal, entity));
    },
  );

  app.get<{ Params: IdParams }>(
    `${FEEDS_PATH}/:id`,
    {
      ...SEEING,
      schema: {
        tags,
        summary: 'Read a feed',
        description: 'What it is, without its secrets, and how far it has come.',
        params: FEED_PARAMS,
        problems: [feedErrors.FEED_NOT_FOUND],
        response: { 200: FEED_ANSWER },
      },
    },
    (request, reply) => feeds.send(reply, feeds.current(request, 'see')),
  );

  app.patch<{ Params: IdParams; Body: ChangedFeed }>(
    `${FEEDS_PATH}/:id`,
    {
      ...FEEDING,
      bodyLimit: BODY_LIMIT,
      schema: {
        tags,
        summary: 'Change a feed',
        description:
          'What the body names is replaced as a whole, null takes away, all else stays. Only its owner may. It counts from the next segment on, whose manifest says so; its id, format, source and start are for good. One that had stopped is tried again.',
        params: FEED_PARAMS,
        headers: IfMatch,
        body: ChangedFeed,
        problems: [...writingProblems, feedErrors.FEED_NOT_YOURS, ...ofOneProblems],
        response: { 200: FEED_ANSWER },
      },
    },
    async (request, reply) => {
      const { body } = request;
      const principal = principalOf(request);
      // Seen and allowed before it is checked: faults tell of what it is.
      changeFeed(deps, feeds.current(request, 'own').entity, body, principal);
      const made = await feeds.change(request, 'own', 'update', (before) =>
        changeFeed(deps, before, body, principal),
      );
      return feeds.send(reply, made);
    },
  );

  app.delete<{ Params: IdParams }>(
    `${FEEDS_PATH}/:id`,
    {
      ...SEEING,
      schema: {
        tags,
        summary: 'Delete a feed',
        description:
          'Its segments go with it; who has pulled them can verify them still. Its owner may, and an admin of all its tenants.',
        params: FEED_PARAMS,
        headers: IfMatch,
        problems: ofOneProblems,
        response: { 204: Type.Null({ description: 'It is gone' }) },
      },
    },
    async (request, reply) => {
      const { entity } = feeds.current(request, 'see');
      await feeds.remove(request);
      await deps.work.discard(entity);
      return reply.code(204).send();
    },
  );

  for (const [name, summary, description, paused] of [
    [
      'pause',
      'Pause a feed',
      'Nothing is given away until it is resumed; what comes meanwhile is cut then.',
      true,
    ],
    [
      'resume',
      'Resume a feed',
      'One that is paused or has stopped goes on where it was: nothing was dropped.',
      false,
    ],
  ] as const)
    app.post<{ Params: IdParams }>(
      `${FEEDS_PATH}/:id/${name}`,
      {
        ...SEEING,
        schema: {
          tags,
          summary,
          description: `${description} Its owner may, and an admin of all its tenants.`,
          params: FEED_PARAMS,
          headers: IfMatch,
          problems: ofOneProblems,
          response: { 200: FEED_ANSWER },
        },
      },
      async (request, reply) => {
        const made = await feeds.change(request, 'see', paused ? 'disable' : 'enable', (before) => ({
          ...before,
          paused,
          resumed: paused ? before.resumed : before.resumed + 1,
        }));
        return feeds.send(reply, made);
      },
    );
}
