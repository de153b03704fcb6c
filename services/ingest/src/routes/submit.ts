/** `POST /cadf/v1/events` and `POST /cadf/v1/validate`. */
import { hash } from 'node:crypto';
import { validateEvent } from '@cadf-pipeline/cadf-model';
import type { ProfileName } from '@cadf-pipeline/cadf-model';
import { resolveSource } from '@cadf-pipeline/control-state';
import type { ControlState, ResolvedSource, TenantRouter } from '@cadf-pipeline/control-state';
import { principalOf } from '@cadf-pipeline/service-kit';
import type { PipelineMetrics, Principal } from '@cadf-pipeline/service-kit';
import type { ActivityRecorder } from '@cadf-pipeline/source-activity';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { BodyItem } from '../body/item.ts';
import type { BodyLimits } from '../body/limits.ts';
import { readBody } from '../body/read-body.ts';
import type { IdempotencyKeys, KeptAnswer } from '../submission/idempotency.ts';
import { eventTenants } from '../submission/event-tenants.ts';
import { summarize } from '../submission/outcome.ts';
import { submitEvents } from '../submission/submit-events.ts';
import type { SubmitDependencies } from '../submission/submit-events.ts';
import { mediaTypeOf, readBodyBytes } from './read-request.ts';
import { submitSchema, validateSchema } from './schemas.ts';
import type { SubmitQuery, ValidateQuery } from './schemas.ts';

export interface SubmitRoutesDependencies extends SubmitDependencies {
  readonly limits: BodyLimits;
  readonly maskTokens: boolean;
  readonly defaultProfile: ProfileName;
  readonly state: ControlState;
  readonly router: TenantRouter;
  readonly idempotency: IdempotencyKeys;
  readonly metrics: PipelineMetrics;
  readonly activity: ActivityRecorder;
  /** Milliseconds since 1970 UTC. */
  readonly now: () => number;
}

/** Registers both routes on an instance whose bodies are taken as bytes. */
export function submitRoutes(app: FastifyInstance, dependencies: SubmitRoutesDependencies): void {
  const { limits, defaultProfile, idempotency, state, router } = dependencies;

  app.post<{ Querystring: SubmitQuery }>(
    '/cadf/v1/events',
    { config: { role: 'submit' }, schema: submitSchema },
    async (request, reply) => {
      const started = performance.now();
      const principal = principalOf(request);
      const source = resolveSource(state, principal, request.query.source);
      const profile = request.query.profile ?? source.definition?.profile ?? defaultProfile;
      const listed = request.query.results ?? 'refused';
      const body = await readBodyBytes(request, limits);
      const work = async (): Promise<KeptAnswer> => {
        const items = readBody(mediaTypeOf(request), body, limits);
        return submit(principal, source, profile, items, listed);
      };
      const key = request.headers['idempotency-key'];
      const answer =
        typeof key === 'string'
          ? await idempotency.once(principal.id, key, fingerprint(request, body), work)
          : await work();
      dependencies.metrics.observeAck((performance.now() - started) / 1000);
      return reply.code(answer.status).type('application/json').send(answer.body);
    },
  );

  async function submit(
    principal: Principal,
    source: ResolvedSource,
    profile: ProfileName,
    items: Iterable<BodyItem>,
    listed: 'refused' | 'all',
  ): Promise<KeptAnswer> {
    const { activity, maskTokens, metrics, now } = dependencies;
    const results = await submitEvents(
      items,
      { source: source.id, sourceType: source.type, submitter: principal.id, profile, receivedMs: now() },
      {
        profile,
        source: source.id,
        maskTokens,
        tenantsOf: eventTenants(router.finderFor(source, principal)),
      },
      dependencies,
    );
    metrics.received(source.id, results.length);
    const answer = summarize(results, listed);
    metrics.ended('accepted', source.id, answer.accepted);
    metrics.ended('duplicate', source.id, answer.duplicates);
    metrics.ended('rejected', source.id, answer.rejected);
    activity.ended(source.id, 'accepted', answer.accepted);
    activity.ended(source.id, 'duplicate', answer.duplicates);
    activity.ended(source.id, 'rejected', answer.rejected);
    const taken = answer.accepted + answer.duplicates;
    return { status: taken === 0 && answer.rejected > 0 ? 422 : 202, body: JSON.stringify(answer) };
  }

  app.post<{ Querystring: ValidateQuery }>(
    '/cadf/v1/validate',
    { config: { role: ['submit', 'query', 'admin'] }, schema: validateSchema },
    async (request) => {
      const profile = request.query.profile ?? defaultProfile;
      const items = [...readBody(mediaTypeOf(request), await readBodyBytes(request, limits), limits)];
      const results = items.map((item, index) => validateItem(item, index, profile));
      const accepted = results.filter(({ status }) => status === 'accepted').length;
      return { profile, accepted, rejected: results.length - accepted, results };
    },
  );
}

interface Verdict {
  readonly index: number;
  readonly id?: string;
  readonly status: 'accepted' | 'rejected';
  readonly faults: readonly {
    readonly code: string;
    readonly severity: 'error' | 'warning';
    readonly path: string;
    readonly detail: string;
    readonly hint: string;
  }[];
}

function validateItem(item: BodyItem, index: number, profile: ProfileName): Verdict {
  if (!item.readable) {
    const fault = { code: item.code, severity: 'error' as const, path: '', detail: item.detail, hint: '' };
    return { index, status: 'rejected', faults: [fault] };
  }
  const { value } = item;
  const faults = validateEvent(value, profile).map(({ pointer, message, ...fault }) => ({
    ...fault,
    path: pointer,
    detail: message,
  }));
  const id = typeof value === 'object' && value !== null && 'id' in value ? value.id : undefined;
  return {
    index,
    ...(typeof id === 'string' ? { id: id.slice(0, 200) } : {}),
    status: faults.some(({ severity }) => severity === 'error') ? 'rejected' : 'accepted',
    faults,
  };
}

/** What makes two requests the same one: the body, how it is read, and the parameters. */
function fingerprint(request: FastifyRequest, body: Buffer): string {
  return hash('sha256', `${request.url}\n${request.headers['content-type']}\n${hash('sha256', body)}`);
}
