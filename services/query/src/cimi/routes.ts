/** `/cimi`: the events as the event logs of a CIMI provider (DSP0263), to read only. */
import type { ControlState } from '@cadf-pipeline/control-state';
import type { EventStore } from '@cadf-pipeline/event-store';
import { principalOf, scopeOf } from '@cadf-pipeline/service-kit';
import type { ActivityReader } from '@cadf-pipeline/source-activity';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { callerGone } from '../caller-gone.ts';
import { answerFailuresAsJobs, nothingHere } from './answer-failed.ts';
import { baseUri, readForm, sendCimi } from './answer-form.ts';
import { entryPoint, metadata, metadataCollection } from './entry-point.ts';
import { readEventKey } from './event-id.ts';
import { readLog, readLogs } from './event-logs.ts';
import type { LogReader } from './event-logs.ts';
import { findEvent, listEvents } from './events.ts';
import { expands, readListOptions, readNames } from './list-options.ts';
import type { CollectionParameters, ResourceParameters } from './list-options.ts';
import { schemas } from './schemas.ts';
import { selectCollection, selectResource, wantsItems } from './select.ts';
import { createVisibleLogs, logHref, reachOf } from './visible-logs.ts';
import type { EventLog } from './visible-logs.ts';

export interface CimiRoutesDependencies {
  readonly store: EventStore;
  readonly state: ControlState;
  readonly activity: ActivityReader;
  /** Milliseconds since 1970 UTC. */
  readonly now: () => number;
}

const config = { role: 'query' } as const;
const DEFAULTS = readListOptions({});

/** Registers the routes; they need the role `query` and see only what the caller's tenants may. */
export function cimiRoutes(app: FastifyInstance, dependencies: CimiRoutesDependencies): void {
  void app.register(
    (cimi: FastifyInstance, _options: unknown, done: () => void) => {
      answerFailuresAsJobs(cimi, dependencies.now);
      resourceRoutes(cimi, dependencies);
      done();
    },
    { prefix: '/cimi' },
  );
}

function resourceRoutes(cimi: FastifyInstance, { activity, state, store }: CimiRoutesDependencies): void {
  const logs = createVisibleLogs({ activity, state, store });
  const readerOf = (request: FastifyRequest, reply: FastifyReply): LogReader => ({
    store,
    principal: principalOf(request),
    signal: callerGone(reply),
  });

  async function findLog({ principal, signal }: LogReader, key: string): Promise<EventLog> {
    const log = await logs.find(principal, key, signal);
    if (log === undefined) throw nothingHere();
    return log;
  }

  async function sendEntryPoint(
    request: FastifyRequest<{ Querystring: ResourceParameters }>,
    reply: FastifyReply,
  ): Promise<FastifyReply> {
    const form = readForm(request);
    const { $expand, $select } = request.query;
    const reader = readerOf(request, reply);
    const expanded = expands($expand, 'eventLogs')
      ? await readLogs(reader, await logs.list(reader.principal, reader.signal), DEFAULTS, {
          names: undefined,
          expandEvents: false,
        })
      : undefined;
    const described = expands($expand, 'resourceMetadata')
      ? metadataCollection(form.version, DEFAULTS)
      : undefined;
    const point = entryPoint(baseUri(request), expanded, described);
    return sendCimi(reply, selectResource(point, readNames($select)), form);
  }
  for (const path of ['', '/', '/cloudEntryPoint'])
    cimi.get<{ Querystring: ResourceParameters }>(
      path,
      {
        config,
        prefixTrailingSlash: path === '/' ? 'slash' : 'no-slash',
        schema: { ...schemas.entryPoint, hide: path === '/' },
      },
      sendEntryPoint,
    );

  cimi.get<{ Querystring: CollectionParameters }>(
    '/resourceMetadata',
    { config, schema: schemas.metadataList },
    (request, reply) => {
      const form = readForm(request);
      const found = metadataCollection(form.version, readListOptions(request.query));
      return sendCimi(reply, selectCollection(found, readNames(request.query.$select)), form);
    },
  );

  cimi.get<{ Querystring: ResourceParameters }>(
    '/resourceMetadata/CloudEntryPoint',
    { config, schema: schemas.metadata },
    (request, reply) => {
      const form = readForm(request);
      return sendCimi(reply, selectResource(metadata(form.version), readNames(request.query.$select)), form);
    },
  );

  cimi.get<{ Querystring: CollectionParameters }>(
    '/eventLogs',
    { config, schema: schemas.logs },
    async (request, reply) => {
      const form = readForm(request);
      const options = readListOptions(request.query);
      const names = readNames(request.query.$select);
      const reader = readerOf(request, reply);
      // Names of the collection itself, or of the whole items, leave nothing of an item out.
      const isWhole = names === undefined || names.has('eventLogs');
      const found = await readLogs(
        reader,
        await logs.list(reader.principal, reader.signal),
        wantsItems(names, 'eventLogs') ? options : { ...options, limit: 0 },
        {
          names: isWhole ? undefined : names,
          expandEvents: expands(request.query.$expand, 'events'),
        },
      );
      return sendCimi(reply, selectCollection(found, names), form);
    },
  );

  cimi.get<{ Params: { log: string }; Querystring: ResourceParameters }>(
    '/eventLogs/:log',
    { config, schema: schemas.log },
    async (request, reply) => {
      const form = readForm(request);
      const names = readNames(request.query.$select);
      const reader = readerOf(request, reply);
      const log = await findLog(reader, request.params.log);
      const found = await readLog(reader, log, {
        names,
        expandEvents: expands(request.query.$expand, 'events'),
      });
      return sendCimi(reply, selectResource(found, names), form);
    },
  );

  cimi.get<{ Params: { log: string }; Querystring: CollectionParameters }>(
    '/eventLogs/:log/events',
    { config, schema: schemas.events },
    async (request, reply) => {
      const form = readForm(request);
      const options = readListOptions(request.query);
      const names = readNames(request.query.$select);
      const reader = readerOf(request, reply);
      const log = await findLog(reader, request.params.log);
      const found = await listEvents(
        store,
        `${logHref(log)}/events`,
        reachOf(log, reader.principal),
        options,
        wantsItems(names, 'events'),
        reader.signal,
      );
      return sendCimi(reply, selectCollection(found, names), form);
    },
  );

  cimi.get<{ Params: { event: string }; Querystring: ResourceParameters }>(
    '/events/:event',
    { config, schema: schemas.event },
    async (request, reply) => {
      const form = readForm(request);
      const key = readEventKey(request.params.event);
      const scope = scopeOf(principalOf(request));
      const found = key === undefined ? undefined : await findEvent(store, scope, key, callerGone(reply));
      if (found === undefined) throw nothingHere();
      return sendCimi(reply, selectResource(found, readNames(request.query.$select)), form);
    },
  );
}
