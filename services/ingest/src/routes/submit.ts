/** `POST /cadf/v1/events` and `POST /cadf/v1/validate`. */
import { hash } from 'node:crypto';
import { isProfileName, profileNames, validateEvent } from '@cadf-pipeline/cadf-model';
import type { ProfileName } from '@cadf-pipeline/cadf-model';
import { principalOf, ProblemError } from '@cadf-pipeline/service-kit';
import type { PipelineMetrics, Principal } from '@cadf-pipeline/service-kit';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { BodyItem } from '../body/item.ts';
import type { BodyLimits } from '../body/limits.ts';
import { readBody } from '../body/read-body.ts';
import { ingestErrors } from '../errors.ts';
import type { IdempotencyKeys, KeptAnswer } from '../submission/idempotency.ts';
import { summarize } from '../submission/outcome.ts';
import { submissionSource } from '../submission/submission-source.ts';
import { submitEvents } from '../submission/submit-events.ts';
import type { SubmitDependencies } from '../submission/submit-events.ts';
import { mediaTypeOf, readBodyBytes, readParameters } from './read-request.ts';
import { submitSchema, validateSchema } from './schemas.ts';

/** Finds the tenants of the events of one submission. */
export type TenantRouting = (
  principal: Principal,
  source: string,
  sourceType: string,
) => (event: Readonly<Record<string, unknown>>) => readonly string[];

export interface SubmitRoutesDependencies extends SubmitDependencies {
  readonly limits: BodyLimits;
  readonly maskTokens: boolean;
  readonly defaultProfile: ProfileName;
  /** The profile a registered source asks for, if any. */
  readonly profileOf: (source: string) => ProfileName | undefined;
  readonly tenantRouting: TenantRouting;
  readonly idempotency: IdempotencyKeys;
  readonly metrics: PipelineMetrics;
  /** Milliseconds since 1970 UTC. */
  readonly now: () => number;
}

/** Registers both routes on an instance whose bodies are taken as bytes. */
export function submitRoutes(app: FastifyInstance, dependencies: SubmitRoutesDependencies): void {
  const { limits, defaultProfile, idempotency } = dependencies;

  app.post('/cadf/v1/events', { config: { role: 'submit' }, schema: submitSchema }, async (request, reply) => {
    const started = performance.now();
    const principal = principalOf(request);
    const parameters = readParameters(request, ['profile', 'source', 'results']);
    const source = submissionSource(principal, parameters.source);
    const profile = readProfile(parameters.profile) ?? dependencies.profileOf(source) ?? defaultProfile;
    const listed = readListed(parameters.results);
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
  });

  async function submit(
    principal: Principal,
    source: string,
    profile: ProfileName,
    items: readonly BodyItem[],
    listed: 'refused' | 'all',
  ): Promise<KeptAnswer> {
    const { maskTokens, metrics, now, tenantRouting } = dependencies;
    metrics.received(source, items.length);
    const sourceType = 'cadf';
    const results = await submitEvents(
      items,
      { source, sourceType, submitter: principal.id, profile, receivedMs: now() },
      { profile, source, maskTokens, tenantsOf: tenantRouting(principal, source, sourceType) },
      dependencies,
    );
    const answer = summarize(results, listed);
    metrics.ended('accepted', source, answer.accepted);
    metrics.ended('duplicate', source, answer.duplicates);
    metrics.ended('rejected', source, answer.rejected);
    const taken = answer.accepted + answer.duplicates;
    return { status: taken === 0 && answer.rejected > 0 ? 422 : 202, body: JSON.stringify(answer) };
  }

  app.post(
    '/cadf/v1/validate',
    { config: { role: ['submit', 'query', 'admin'] }, schema: validateSchema },
    async (request) => {
      const parameters = readParameters(request, ['profile', 'source']);
      const profile = readProfile(parameters.profile) ?? defaultProfile;
      const items = readBody(mediaTypeOf(request), await readBodyBytes(request, limits), limits);
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

function readProfile(text: string | undefined): ProfileName | undefined {
  if (text === undefined || isProfileName(text)) return text;
  throw new ProblemError(ingestErrors.INGEST_PARAMETER_INVALID, {
    detail: `"profile" is one of ${profileNames.join(', ')}.`,
  });
}

function readListed(text: string | undefined): 'refused' | 'all' {
  if (text === undefined) return 'refused';
  if (text === 'all') return text;
  throw new ProblemError(ingestErrors.INGEST_PARAMETER_INVALID, {
    detail: '"results" is "all" or left out.',
  });
}

/** What makes two requests the same one: the body, how it is read, and the parameters. */
function fingerprint(request: FastifyRequest, body: Buffer): string {
  return hash('sha256', `${request.url}\n${request.headers['content-type']}\n${hash('sha256', body)}`);
}
