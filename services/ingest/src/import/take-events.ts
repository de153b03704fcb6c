/**
 * Blocks of CADF events into the stream, by the same admission as submitted events: validated, masked, routed to their
 * tenants. What is refused becomes a dead letter with its bytes, so that the counts add up to what was there.
 */
import { chainNames } from '@cadf-pipeline/cadf-model';
import type { ProfileName } from '@cadf-pipeline/cadf-model';
import { createTenantFinder } from '@cadf-pipeline/control-state';
import type { ControlState, TenantRouter } from '@cadf-pipeline/control-state';
import { deadLetterHeaders, submissionHeaders } from '@cadf-pipeline/event-stream';
import type { AppendRecord, EventStream, SubmissionFacts } from '@cadf-pipeline/event-stream';
import type { PipelineMetrics } from '@cadf-pipeline/service-kit';
import type { ActivityRecorder } from '@cadf-pipeline/source-activity';
import type { BodyItem } from '../body/item.ts';
import { admitEvent } from '../submission/admit.ts';
import type { AdmissionRules } from '../submission/admit.ts';
import { eventTenants } from '../submission/event-tenants.ts';
import type { RecentEvents } from '../submission/recent-events.ts';
import { DEAD_LETTERS_TOPIC, EVENTS_TOPIC } from '../topics.ts';
import { addCounts, NO_COUNTS } from './import-record.ts';
import type { ImportCounts } from './import-record.ts';
import type { ImportReach } from './import-rights.ts';
import type { ItemBlock } from './item-blocks.ts';
import { originSource } from './origin-source.ts';
import { createOriginCursor } from './origin-cursor.ts';
import type { OriginRun } from './origin-cursor.ts';

export interface TakeDependencies {
  readonly stream: Pick<EventStream, 'append'>;
  readonly recent: RecentEvents;
  readonly state: Pick<ControlState, 'get'>;
  readonly router: Pick<TenantRouter, 'rules'>;
  readonly metrics: PipelineMetrics;
  readonly activity: ActivityRecorder;
  readonly maskTokens: boolean;
}

/** Whose events they are, and how they are judged. */
export interface TakenAs {
  readonly prefix: string;
  readonly submitter: string;
  readonly profile: ProfileName;
  readonly reach: ImportReach;
  /** Name of this deployment: events that have it in their reporter chain were here before. */
  readonly issuer: string | undefined;
  /** Milliseconds since 1970 UTC. */
  readonly receivedMs: number;
  /** For dead letters: the file they are from. */
  readonly file: string;
}

export interface TakeOptions {
  /** Counts of what was taken before it, of the same segment or by an earlier run. */
  readonly done: ImportCounts;
  /** Events at the beginning that are among `done` already. */
  readonly passOver: number;
  /** Resolves when more may be taken. */
  readonly ready: () => Promise<void>;
  /** After each block that is durable: the counts so far, and whether it left dead letters. */
  readonly taken: (counts: ImportCounts, letters: boolean) => Promise<void>;
  readonly signal: AbortSignal;
}

interface Batch {
  readonly bySource: Map<string, { readonly facts: SubmissionFacts; readonly records: AppendRecord[] }>;
  readonly fresh: Map<string, string>;
  readonly letters: AppendRecord[];
  counts: ImportCounts;
}

const MAX_REMEMBERED_SOURCES = 1000;
/** What the stream takes of a key and of a value, less room for headers. */
const MAX_KEY_LENGTH = 16_384;
const MAX_VALUE_BYTES = 2 * 1024 * 1024 - 128 * 1024;

/**
 * Takes all blocks; answers the counts, `done` included. While one block becomes durable the next is read.
 * Throws what `EventStream.append` throws, and the signal's reason; taking the same again does no harm to events.
 */
export async function takeEvents(
  blocks: AsyncIterable<ItemBlock> | Iterable<ItemBlock>,
  origins: AsyncIterable<OriginRun> | undefined,
  as: TakenAs,
  dependencies: TakeDependencies,
  { done, passOver: passed, ready, signal, taken }: TakeOptions,
): Promise<ImportCounts> {
  const cursor = createOriginCursor(origins);
  const rulesOf = sourceRules(as, dependencies);
  let counts = done;
  let passOver = passed;
  let before: Promise<void> = Promise.resolve();
  try {
    for await (const { count, items } of blocks) {
      signal.throwIfAborted();
      if (count !== undefined && passOver >= count) {
        passOver -= count;
        await cursor.skip(count);
        continue;
      }
      // Without origins all are of one source, however many.
      const runs = await cursor.next(count ?? 0);
      const batch = admitBlock(items, runs, passOver);
      passOver = Math.max(0, passOver - batch.passed);
      await ready();
      await before;
      before = append(batch);
      // Its error is thrown by the next await, whatever is read until then.
      before.catch(() => undefined);
    }
  } finally {
    await before;
  }
  return counts;

  function admitBlock(
    items: Iterable<BodyItem>,
    runs: readonly OriginRun[],
    pass: number,
  ): Batch & { readonly passed: number } {
    const batch: Batch = { bySource: new Map(), fresh: new Map(), letters: [], counts: NO_COUNTS };
    const tally = { ...NO_COUNTS };
    let passed = 0;
    let run = 0;
    let left = runs[0]?.count ?? Infinity;
    for (const item of items) {
      while (left === 0) left = runs[++run]?.count ?? Infinity;
      left--;
      if (passed < pass) {
        passed++;
        continue;
      }
      const of = rulesOf(runs[run]?.source);
      const end = admitItem(item, of, batch);
      tally.events++;
      tally[end]++;
      of.ends[end]++;
    }
    batch.counts = tally;
    return Object.assign(batch, { passed });
  }

  function admitItem(
    item: BodyItem,
    of: SourceRules,
    batch: Batch,
  ): 'accepted' | 'duplicates' | 'deadLettered' | 'loops' {
    if (!item.readable) {
      bury(item.bytes ?? Buffer.alloc(0), item.code, item.detail, of, batch);
      return 'deadLettered';
    }
    const { bytes, value } = item;
    if (as.issuer !== undefined && isMembers(value) && chainNames(value).includes(as.issuer)) return 'loops';
    const admitted = admitEvent(bytes, value, of.rules);
    if (!admitted.admitted) {
      const [fault] = admitted.faults;
      bury(
        bytes,
        fault?.code ?? 'CADF_EVENT_INVALID',
        `${fault?.pointer ?? ''}: ${fault?.message ?? 'not an event'}`,
        of,
        batch,
      );
      return 'deadLettered';
    }
    const { digest, record } = admitted;
    if (record.key.length > MAX_KEY_LENGTH || (record.value?.length ?? 0) > MAX_VALUE_BYTES) {
      bury(bytes, 'INGEST_OUTCOME_UNSTORABLE', 'Its id, or all of it, is larger than is stored.', of, batch);
      return 'deadLettered';
    }
    if (batch.fresh.get(record.key) === digest || dependencies.recent.has(record.key, digest))
      return 'duplicates';
    batch.fresh.set(record.key, digest);
    let group = batch.bySource.get(of.facts.source);
    if (group === undefined) {
      group = { facts: of.facts, records: [] };
      batch.bySource.set(of.facts.source, group);
    }
    group.records.push(record);
    return 'accepted';
  }

  function bury(bytes: Buffer, code: string, detail: string, { facts }: SourceRules, batch: Batch): void {
    batch.letters.push({
      key: facts.source,
      value: bytes.subarray(0, MAX_VALUE_BYTES),
      headers: deadLetterHeaders({
        ...facts,
        tenants: as.reach.letterTenants,
        stage: 'validate',
        code,
        detail: `${detail} (in ${as.file})`,
      }),
    });
  }

  async function append(batch: Batch): Promise<void> {
    const { bySource, fresh, letters } = batch;
    await Promise.all(
      [...bySource.values()].map(({ facts, records }) =>
        dependencies.stream.append(EVENTS_TOPIC, { headers: submissionHeaders(facts), records }),
      ),
    );
    // Events can be taken twice without harm, letters cannot: they come last, and the progress right behind them.
    if (letters.length > 0) await dependencies.stream.append(DEAD_LETTERS_TOPIC, { records: letters });
    for (const [key, digest] of fresh) dependencies.recent.add(key, digest);
    counts = addCounts(counts, batch.counts);
    rulesOf.tell();
    await taken(counts, letters.length > 0);
  }
}

interface SourceRules {
  readonly facts: SubmissionFacts;
  readonly rules: AdmissionRules;
  readonly ends: { accepted: number; duplicates: number; deadLettered: number; loops: number };
}

/** The rules of admission by origin, and how many events of each ended how since they were told. */
function sourceRules(
  { prefix, profile, reach, receivedMs, submitter }: TakenAs,
  { activity, maskTokens, metrics, router, state }: TakeDependencies,
): ((origin: string | undefined) => SourceRules) & { tell(): void } {
  const known = new Map<string | undefined, SourceRules>();
  const find = (origin: string | undefined): SourceRules => {
    let found = known.get(origin);
    if (found === undefined) {
      if (known.size >= MAX_REMEMBERED_SOURCES) {
        tell();
        known.clear();
      }
      found = make(origin);
      known.set(origin, found);
    }
    return found;
  };
  return Object.assign(find, { tell });

  function make(origin: string | undefined): SourceRules {
    const source = originSource(prefix, origin);
    const definition = state.get('source', source)?.entity;
    const finder = createTenantFinder(router.rules(), {
      source,
      sourceType: 'cadf',
      submitter: reach.tenants,
      fallback: definition?.tenants ?? reach.fallback,
    });
    return {
      facts: { source, sourceType: 'cadf', submitter, profile, receivedMs },
      rules: { profile, source, maskTokens, tenantsOf: eventTenants(finder) },
      ends: { accepted: 0, duplicates: 0, deadLettered: 0, loops: 0 },
    };
  }

  function tell(): void {
    for (const { ends, facts } of known.values()) {
      for (const [status, count] of [
        ['accepted', ends.accepted],
        ['duplicate', ends.duplicates],
        ['dead-lettered', ends.deadLettered],
        ['ignored', ends.loops],
      ] as const) {
        if (count === 0) continue;
        metrics.received(facts.source, count);
        metrics.ended(status, facts.source, count);
        activity.ended(facts.source, status, count);
      }
      Object.assign(ends, { accepted: 0, duplicates: 0, deadLettered: 0, loops: 0 });
    }
  }
}

function isMembers(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
