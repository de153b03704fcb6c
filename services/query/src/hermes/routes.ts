/** `/` and `/v1`: a drop-in for clients of the Hermes audit API. */
import type { EventStore, StoredEvent } from '@cadf-pipeline/event-store';
import { principalOf } from '@cadf-pipeline/service-kit';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { callerGone } from '../caller-gone.ts';
import { queryErrors } from '../errors.ts';
import { ownOrigin } from '../own-origin.ts';
import { answerFailuresAsText, notThere } from './answer-failed.ts';
import { attributeValues } from './attribute-values.ts';
import { allowOrigins } from './cross-origin.ts';
import { toDetails } from './event-form.ts';
import { readForm, unusable } from './form.ts';
import type { Form } from './form.ts';
import { listEvents } from './list-events.ts';
import { pageLinks } from './page-links.ts';
import { readReach } from './reach.ts';
import { schemas } from './schemas.ts';
import { versionData } from './version.ts';

export interface HermesRoutesDependencies {
  readonly store: EventStore;
  /** Origins whose pages may ask; `*` any. */
  readonly origins: readonly string[];
}

const config = { role: 'query' } as const;
/** Parameters are read by rules of Hermes; the schemas only describe them. */
const described = { config, attachValidation: true } as const;
const PUBLIC = { public: true } as const;
const UUID = /^(?:urn:uuid:)?\{?[0-9a-f]{8}(?:-?[0-9a-f]{4}){3}-?[0-9a-f]{12}\}?$/i;

/** Registers the routes; but for the versions they need the role `query`, and see only what the caller's tenants may. */
export function hermesRoutes(app: FastifyInstance, dependencies: HermesRoutesDependencies): void {
  app.get('/', { config: PUBLIC, schema: schemas.versions }, (request, reply) =>
    reply.code(300).send({ versions: [versionData(ownOrigin(request))] }),
  );
  void app.register(
    (hermes: FastifyInstance, _options: unknown, done: () => void) => {
      answerFailuresAsText(hermes);
      allowOrigins(hermes, dependencies.origins);
      versionRoutes(hermes);
      eventRoutes(hermes, dependencies);
      done();
    },
    { prefix: '/v1' },
  );
}

function versionRoutes(hermes: FastifyInstance): void {
  for (const prefixTrailingSlash of ['slash', 'no-slash'] as const)
    hermes.get(
      prefixTrailingSlash === 'slash' ? '/' : '',
      {
        config: PUBLIC,
        prefixTrailingSlash,
        schema: { ...schemas.version, hide: prefixTrailingSlash === 'no-slash' },
      },
      (request) => ({ version: versionData(ownOrigin(request)) }),
    );
}

function eventRoutes(hermes: FastifyInstance, { store }: HermesRoutesDependencies): void {
  hermes.get('/events', { ...described, schema: schemas.events }, async (request, reply) => {
    const form = formOf(request);
    const reach = readReach(principalOf(request), form);
    const { events, total, window } = await listEvents(store, reach, form, callerGone(reply));
    const links = Object.entries(pageLinks(request, window, total)).map(
      ([name, link]) => `${JSON.stringify(name)}:${JSON.stringify(link)},`,
    );
    return reply
      .type('application/json')
      .send(Buffer.from(`{${links.join('')}"events":[${events.join(',')}],"total":${total}}`));
  });

  hermes.get<{ Params: { id: string } }>(
    '/events/:id',
    { ...described, schema: schemas.event },
    async (request, reply) => {
      const { id } = request.params;
      const { scope, name } = readReach(principalOf(request), formOf(request));
      const found = newest(await store.event(scope, id, { versions: 'merged' }, callerGone(reply)));
      if (found !== undefined)
        return reply.type('application/json').send(Buffer.from(JSON.stringify(toDetails(found.text))));
      if (!UUID.test(id)) throw unusable('Invalid event ID format');
      throw notThere(queryErrors.QUERY_EVENT_NOT_FOUND, 'event', id, name);
    },
  );

  hermes.get<{ Params: { name: string } }>(
    '/attributes/:name',
    { ...described, schema: schemas.attributes },
    async (request, reply) => {
      const form = formOf(request);
      const reach = readReach(principalOf(request), form);
      const attribute = request.params.name;
      const values = await attributeValues(store, reach, attribute, form, callerGone(reply));
      if (values.length === 0)
        throw notThere(queryErrors.QUERY_HERMES_ATTRIBUTE_NOT_FOUND, 'attribute', attribute, reach.name);
      return reply.type('application/json').send(Buffer.from(JSON.stringify(values)));
    },
  );
}

function formOf(request: FastifyRequest): Form {
  return readForm(request.query);
}

/** Several sources may have an event of this id; a client of Hermes cannot say which it means. */
function newest(events: readonly StoredEvent[]): StoredEvent | undefined {
  return events.toSorted((a, b) => b.timeMs - a.timeMs)[0];
}
