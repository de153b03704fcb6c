/** `POST /cadf/v1/sources/{source}/records` and `POST /cadf/v1/dead-letters/{id}/replay`: raw records in. */
import { resolveSource } from '@cadf-pipeline/control-state';
import type { ControlState, ResolvedSource } from '@cadf-pipeline/control-state';
import type { DeadLetter, EventStore } from '@cadf-pipeline/event-store';
import { deadLetterHeaders } from '@cadf-pipeline/event-stream';
import type { EventStream } from '@cadf-pipeline/event-stream';
import { principalOf, ProblemError, requireAllTenants, scopeOf } from '@cadf-pipeline/service-kit';
import type { PipelineMetrics, Principal } from '@cadf-pipeline/service-kit';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { BodyLimits } from '../body/limits.ts';
import { ingestErrors } from '../errors.ts';
import { normalizeRecords } from '../records/normalize-records.ts';
import { splitRecords } from '../records/split-records.ts';
import type { RecordIntake } from '../records/record-intake.ts';
import type { RecordEnd } from '../records/take-outcomes.ts';
import type { SourceRegistry } from '../source-registry.ts';
import type { Normalizer, RawRecord, Source } from '../source.ts';
import { DEAD_LETTERS_TOPIC } from '../topics.ts';
import { mediaTypeOf, readBodyBytes } from './read-request.ts';
import { recordsSchema, replaySchema, uploadSchema } from './schemas.ts';
import type { RecordsQuery, ReplayQuery } from './schemas.ts';

export interface RecordRoutesDependencies {
  readonly stream: EventStream;
  readonly store: EventStore;
  readonly state: ControlState;
  readonly sources: SourceRegistry;
  readonly intake: RecordIntake;
  readonly limits: BodyLimits;
  readonly metrics: PipelineMetrics;
  readonly now: () => number;
}

/** Registers both routes on an instance whose bodies are taken as bytes. */
export function recordRoutes(app: FastifyInstance, dependencies: RecordRoutesDependencies): void {
  const { intake, limits, metrics, now, state, sources, store, stream } = dependencies;

  for (const [path, schema] of [
    ['/cadf/v1/sources/:source/records', recordsSchema],
    ['/cadf/v1/sources/:source/upload', uploadSchema],
  ] as const) {
    app.post<{ Params: { source: string }; Querystring: RecordsQuery }>(
      path,
      { config: { role: 'submit' }, schema },
      async (request, reply) => {
        const answer = await takeRecords(request);
        return reply.code(202).send(answer);
      },
    );
  }

  app.post<{ Params: { id: string }; Querystring: ReplayQuery }>(
    '/cadf/v1/dead-letters/:id/replay',
    { config: { role: 'admin' }, schema: replaySchema },
    async (request) => {
      const principal = principalOf(request);
      const letter = await store.deadLetter(scopeOf(principal), request.params.id);
      if (letter === undefined) throw new ProblemError(ingestErrors.INGEST_DEAD_LETTER_NOT_FOUND);
      const repaired = Buffer.isBuffer(request.body) && request.body.length > 0;
      if (repaired) requireMayRepair(principal, letter);
      const { file } = request.query;
      const [end, ...others] = repaired
        ? await replay(letter, await readBodyBytes(request, limits), principal.id, file)
        : await replay(letter, letter.record, letter.submitter, file);
      const status = end?.status ?? 'rejected';
      const outcome = others.some((other) => other.status !== status) ? 'mixed' : status;
      const done = status !== 'dead-lettered' && status !== 'rejected';
      if (done) await markReplayed(letter, outcome);
      return { id: letter.id, outcome, status: done ? 'replayed' : 'open', ...reasonOf(end) };
    },
  );

  async function takeRecords(
    request: FastifyRequest<{ Params: { source: string }; Querystring: RecordsQuery }>,
  ): Promise<RecordsAnswer> {
    const principal = principalOf(request);
    const resolved = resolveSource(state, principal, request.params.source);
    const source = registeredType(sources, resolved);
    const body = await readBodyBytes(request, limits);
    const receivedMs = now();
    const records = splitRecords(body, source.describe.framings, {
      receivedMs,
      mediaType: mediaTypeOf(request).type,
      maxRecordBytes: limits.maxEventBytes,
      maxDepth: limits.maxDepth,
      maxRecords: limits.maxEvents,
      address: request.ip,
    });
    if (records.length > limits.maxEvents)
      throw new ProblemError(ingestErrors.INGEST_TOO_MANY_EVENTS, {
        detail: `The body holds more than ${limits.maxEvents} records, which is the most of one request.`,
      });
    metrics.received(resolved.id, records.length);
    // One normalizer per request: every record of the request has its outcome when it is answered.
    const outcomes = normalizeRecords(records, intake.normalizerFor(source, resolved, request.query.file));
    const ends = await intake.take(outcomes, {
      source: resolved,
      reach: principal,
      submitter: principal.id,
      receivedMs,
    });
    return answerOf(records, ends, request.query.results === 'all');
  }

  /** What stands in place of the original is the principal's own word: it needs to reach all whom the letter reaches. */
  function requireMayRepair(principal: Principal, letter: DeadLetter): void {
    resolveSource(state, principal, letter.source);
    const { tenants } = principal;
    if (tenants !== '*' && !letter.tenants.every((tenant) => tenants.includes(tenant)))
      requireAllTenants(principal);
  }

  /** Takes the bytes of a letter, or those that repair it, as they would have been taken from who sent them. */
  async function replay(
    letter: DeadLetter,
    bytes: Buffer,
    submitter: string,
    file?: string,
  ): Promise<readonly RecordEnd[]> {
    const definition = state.get('source', letter.source)?.entity;
    const resolved: ResolvedSource = {
      id: letter.source,
      type: definition?.type ?? letter.sourceType,
      ...(definition === undefined ? {} : { definition }),
    };
    // A letter of a key bound to tenants stays within them; the provider's is routed by the rules.
    const reach = letter.tenants.length === 0 ? ('*' as const) : letter.tenants;
    const options = {
      receivedMs: letter.receivedMs,
      maxRecordBytes: limits.maxEventBytes,
      maxDepth: limits.maxDepth,
    };
    const source = sources.get(resolved.type);
    const records = splitRecords(bytes, source?.describe.framings ?? ['json'], options);
    const normalizer =
      source === undefined ? nativeNormalizer() : intake.normalizerFor(source, resolved, file);
    return intake.take(normalizeRecords(records, normalizer), {
      source: resolved,
      reach: { tenants: reach },
      submitter,
      receivedMs: letter.receivedMs,
      isReplay: true,
    });
  }

  async function markReplayed(letter: DeadLetter, outcome: string): Promise<void> {
    const { stage, ...facts } = letter;
    const headers = deadLetterHeaders({
      ...facts,
      profile: '',
      stage: stageOf(stage),
      replayOf: letter.id,
      replayOutcome: outcome,
    });
    await stream.append(DEAD_LETTERS_TOPIC, {
      records: [{ key: letter.source, value: letter.record, headers }],
    });
  }
}

function registeredType(sources: SourceRegistry, resolved: ResolvedSource): Source {
  const source = resolved.definition === undefined ? undefined : sources.get(resolved.type);
  if (source !== undefined) return source;
  throw new ProblemError(
    resolved.definition === undefined
      ? ingestErrors.INGEST_SOURCE_UNKNOWN
      : ingestErrors.INGEST_SOURCE_NOT_RAW,
    {
      detail: `"${resolved.id}" ${resolved.definition === undefined ? 'is not registered' : `is of type ${resolved.type}`}.`,
    },
  );
}

/** For letters of native events: the record is the event. */
function nativeNormalizer(): Normalizer {
  return {
    held: 0,
    push(record: RawRecord) {
      try {
        const event = JSON.parse(record.text);
        return [{ kind: 'event', event, rule: 'native', records: [record] }];
      } catch (error) {
        const detail = error instanceof Error ? error.message : String(error);
        return [{ kind: 'dead-letter', code: 'INGEST_ITEM_JSON', detail, records: [record] }];
      }
    },
    flush: () => [],
  };
}

interface RecordsAnswer {
  readonly accepted: number;
  readonly duplicates: number;
  readonly rejected: number;
  readonly deadLettered: number;
  readonly ignored: number;
  readonly results: readonly object[];
}

function answerOf(records: readonly RawRecord[], ends: readonly RecordEnd[], all: boolean): RecordsAnswer {
  const indexes = new Map(records.map((record, index) => [record, index]));
  const count = (status: RecordEnd['status']): number => ends.filter((end) => end.status === status).length;
  return {
    accepted: count('accepted'),
    duplicates: count('duplicate'),
    rejected: count('rejected'),
    deadLettered: count('dead-lettered'),
    ignored: count('ignored'),
    results: ends
      .filter(({ status }) => all || (status !== 'accepted' && status !== 'ignored'))
      .map(({ record, ...end }) => ({ index: indexes.get(record) ?? -1, ...end })),
  };
}

function reasonOf(end: RecordEnd | undefined): { code?: string; detail?: string } {
  return {
    ...(end?.code === undefined ? {} : { code: end.code }),
    ...(end?.detail === undefined ? {} : { detail: end.detail }),
  };
}

function stageOf(stage: string): 'decode' | 'normalize' | 'validate' | 'store' {
  return stage === 'normalize' || stage === 'validate' || stage === 'store' ? stage : 'decode';
}
