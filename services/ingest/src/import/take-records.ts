/** Raw records of CloudTrail into the stream: by the source type that reads them, some thousand at a time. */
import { createTenantFinder } from '@cadf-pipeline/control-state';
import { normalizeRecords } from '../records/normalize-records.ts';
import type { RecordIntake } from '../records/record-intake.ts';
import { takeOutcomes } from '../records/take-outcomes.ts';
import type { RecordEnd } from '../records/take-outcomes.ts';
import type { RawRecord, Source } from '../source.ts';
import { eventTenants } from '../submission/event-tenants.ts';
import { addCounts } from './import-record.ts';
import type { ImportCounts } from './import-record.ts';
import type { TakeDependencies, TakenAs, TakeOptions } from './take-events.ts';
import type { EventStream } from '@cadf-pipeline/event-stream';

export interface RecordDependencies extends TakeDependencies {
  readonly stream: EventStream;
  readonly intake: Pick<RecordIntake, 'normalizerFor'>;
}

const RECORDS_AT_ONCE = 2000;
/** What is made here is judged strictly, as of any source of logs. */
const PROFILE = 'strict';

/** Counts as `takeEvents`; each record counts once, whatever was made of it. Throws as it does, and what `texts` throws. */
export async function takeRecords(
  texts: AsyncIterable<string>,
  type: Source,
  as: TakenAs,
  dependencies: RecordDependencies,
  { done, passOver, ready, signal, taken }: TakeOptions,
): Promise<ImportCounts> {
  const { activity, intake, maskTokens, metrics, recent, router, state, stream } = dependencies;
  const { file, prefix: source, reach, receivedMs, submitter } = as;
  const definition = state.get('source', source)?.entity;
  const sourceType = type.id;
  const finder = createTenantFinder(router.rules(), {
    source,
    sourceType,
    submitter: reach.tenants,
    fallback: definition?.tenants ?? reach.fallback,
  });
  const context = {
    facts: { source, sourceType, submitter, profile: PROFILE, receivedMs },
    rules: { profile: PROFILE, source, maskTokens, tenantsOf: eventTenants(finder) },
    letterTenants: reach.letterTenants,
    bury: true,
  } as const;
  // Settings of a registered source of this name hold for it too.
  const resolved = {
    id: source,
    type: sourceType,
    ...(definition?.type === sourceType ? { definition } : {}),
  };
  let counts = done;
  let seen = 0;
  let held: RawRecord[] = [];

  const flush = async (): Promise<void> => {
    if (held.length === 0) return;
    signal.throwIfAborted();
    await ready();
    const outcomes = normalizeRecords(held, intake.normalizerFor(type, resolved, file.split('/').at(-1)));
    held = [];
    const ends = await takeOutcomes(outcomes, context, { stream, recent });
    for (const { code, status } of ends) {
      metrics.received(source, 1);
      metrics.ended(status, source, 1);
      activity.ended(source, status, 1);
      if (status === 'ignored') activity.ignoredBy(source, code ?? '');
    }
    counts = addCounts(counts, countsOf(ends));
    await taken(
      counts,
      ends.some(({ status }) => status === 'dead-lettered'),
    );
  };

  for await (const text of texts) {
    if (seen++ < passOver) continue;
    held.push({ text, receivedMs, position: `${file}, record ${seen}` });
    if (held.length >= RECORDS_AT_ONCE) await flush();
  }
  await flush();
  return counts;
}

function countsOf(ends: readonly RecordEnd[]): ImportCounts {
  const count = (wanted: RecordEnd['status']): number =>
    ends.filter(({ status }) => status === wanted).length;
  return {
    events: ends.length,
    accepted: count('accepted'),
    duplicates: count('duplicate'),
    deadLettered: count('dead-lettered') + count('rejected'),
    loops: 0,
    ignored: count('ignored'),
  };
}
