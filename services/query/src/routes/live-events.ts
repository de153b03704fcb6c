/** `GET /cadf/v1/events/stream`: events as they are accepted, as server-sent events. */
import type { EventTail, TailCursors } from '@cadf-pipeline/event-tail';
import { credentialOf, principalOf, ProblemError, scopeOf } from '@cadf-pipeline/service-kit';
import type { PipelineMetrics } from '@cadf-pipeline/service-kit';
import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import { negotiate } from '../event-query/media-type.ts';
import { createStreamGate } from '../event-query/stream-gate.ts';
import { queryErrors } from '../errors.ts';
import { openLiveAnswer } from '../live/live-answer.ts';
import { readLiveQuestion, startOf } from '../live/live-question.ts';
import { createLiveStreams } from '../live/live-streams.ts';
import type { SavedQueries } from '../saved-query/saved-queries.ts';
import { liveSchema } from './live-schema.ts';
import type { LiveHeaders, LiveQuery } from './live-schema.ts';

export interface LiveEventRoutesDependencies {
  readonly tail: EventTail;
  readonly cursors: TailCursors;
  /** The queries that `saved` may name. */
  readonly saved: SavedQueries;
  readonly logger: FastifyBaseLogger;
  readonly metrics: PipelineMetrics;
  readonly bounds: {
    /** Readers at a time, and of one principal. */
    readonly most: number;
    readonly mostOfOne: number;
    /** Milliseconds after which something is told though nothing happened. */
    readonly heartbeatMs: number;
    /** Milliseconds after which a reader that takes nothing is disconnected. */
    readonly stallMs: number;
  };
}

/** Registers the route. Its answers end before the server waits for requests to end. */
export function liveEventRoutes(
  app: FastifyInstance,
  { bounds, cursors, logger, metrics, saved, tail }: LiveEventRoutesDependencies,
): void {
  const { heartbeatMs, most, mostOfOne, stallMs } = bounds;
  const gate = createStreamGate({ most, mostOfOne, problem: queryErrors.QUERY_TOO_MANY_LIVE });
  const streams = createLiveStreams({ tail, logger, metrics, heartbeatMs });
  app.addHook('preClose', (done) => {
    streams.close();
    done();
  });

  app.get<{ Querystring: LiveQuery; Headers: LiveHeaders }>(
    '/cadf/v1/events/stream',
    { config: { role: 'query' }, schema: liveSchema },
    async (request, reply) => {
      if (negotiate(request.headers.accept, { events: ['text/event-stream'] }) === undefined)
        throw new ProblemError(queryErrors.QUERY_STREAM_NOT_ACCEPTABLE);
      const principal = principalOf(request);
      const { cursor, from, ...selection } = request.query;
      const filled = saved.fill(principal, selection);
      scopeOf(principal, filled.asked.tenant);
      const lastEventId = request.headers['last-event-id'];
      const place = {
        ...(cursor === undefined ? {} : { cursor }),
        ...(from === undefined ? {} : { from }),
        ...(lastEventId === undefined || lastEventId === '' ? {} : { lastEventId }),
      };
      const question = readLiveQuestion(filled, place, cursors);
      const leave = gate.enter(request);
      try {
        const start = await startOf(question, tail);
        if (request.method === 'HEAD' || reply.raw.destroyed) {
          openLiveAnswer(request, reply, { stallMs, gone: () => undefined }).end('');
          return leave();
        }
        const credential = credentialOf(request);
        const open = (gone: () => void) => openLiveAnswer(request, reply, { gone, stallMs });
        await streams.serve({ question, start, credential, principal, open });
      } finally {
        leave();
      }
    },
  );
}
