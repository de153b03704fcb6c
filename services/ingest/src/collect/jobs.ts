/**
 * Jobs: each state that was visible at a poll is delivered once. The collection is listed, where the provider filters
 * from the newest change on (and whole now and then, for jobs that tell no time of change), and jobs that have not ended
 * are watched until they have, or are gone.
 */
import { Type } from 'typebox';
import type { Static } from 'typebox';
import { Value } from 'typebox/value';
import { listingCut } from '../cimi/listing-cut.ts';
import { createJobRound, hasAddress, JOB, keyOfUrl, OPEN_JOB } from './job-round.ts';
import type { JobRound } from './job-round.ts';
import { askOpenJobs, askWanted, tellGone } from './open-jobs.ts';
import type { PollContext } from './poll-context.ts';

const CURSOR = 'jobs-cursor\n';
/** What is asked for again: changes may become visible later than their times say. */
const OVERLAP_MS = 600_000;
/** Between two listings of all jobs at a provider that filters. */
const WHOLE_EVERY_MS = 900_000;

const CursorSchema = Type.Object({
  /** `timeOfStatusChange` of the newest. */
  newestMs: Type.Number(),
  /** When all were listed. */
  wholeMs: Type.Number(),
  /** Whether all of them told a time of change then: those that do not are not found by it. */
  isTimed: Type.Boolean(),
});
type Cursor = Static<typeof CursorSchema>;

interface Listing {
  readonly isWhole: boolean;
  readonly cursor: Cursor;
}

/** Throws `CimiFailure` where the jobs cannot be listed, or asked for, now. */
export async function collectJobs(context: PollContext): Promise<void> {
  const jobs = context.discovery.collections.get('jobs');
  const round = createJobRound(context, jobs ?? context.discovery.base);
  if (jobs === undefined) {
    await askOpenJobs(context, round);
    return askWanted(context, round);
  }
  const { isWhole, cursor } = await list(context, jobs, round);
  const gone = await askOpenJobs(context, round);
  await askWanted(context, round);
  // The provider answers about its jobs: what it does not have now is gone. A watch alone would believe a broken proxy.
  await tellGone(context, gone);
  if (isWhole) await tellGone(context, namelessGone(context, round));
  await context.deliver(
    [],
    [...(isWhole ? unlisted(context, round) : []), { key: CURSOR, value: JSON.stringify(cursor) }],
  );
}

async function list(context: PollContext, jobs: URL, round: JobRound): Promise<Listing> {
  const { client, discovery, polledMs, remembered, signal } = context;
  const before = parseCursor(remembered.get(CURSOR));
  const isFiltered =
    before !== undefined &&
    before.isTimed &&
    discovery.capabilities.has('filterparameter') &&
    polledMs - before.wholeMs < WHOLE_EVERY_MS &&
    openKeys(context).every(hasAddress);
  let newestMs = before?.newestMs ?? 0;
  let isTimed = true;
  let isWhole = !isFiltered;
  const query = {
    plural: 'jobs',
    required: ['state'],
    isKnown: (url: URL) => remembered.get(`${JOB}\n${keyOfUrl(url)}`) !== undefined,
    ...(isFiltered
      ? { since: { attribute: 'timeOfStatusChange', time: new Date(before.newestMs - OVERLAP_MS) } }
      : {}),
  };
  for await (const page of client.pages(jobs, query, discovery, signal)) {
    for (const item of page.items) {
      const facts = round.take(item);
      if (facts === undefined) {
        // It was read before, and what it told then counts.
        isTimed &&= before?.isTimed ?? true;
        continue;
      }
      isTimed &&= facts.changedMs !== undefined;
      // A clock that is ahead must not hide the changes of the others.
      if (facts.changedMs !== undefined) newestMs = Math.max(newestMs, Math.min(facts.changedMs, polledMs));
    }
    for (const refused of page.refused) {
      isWhole = false;
      if (refused.code !== 'CIMI_GONE') context.trouble(refused);
    }
    if (page.cut !== undefined) {
      isWhole = false;
      context.trouble(listingCut(jobs, page.cut));
    }
    await round.flush();
  }
  const wholeMs = isFiltered ? before.wholeMs : polledMs;
  return { isWhole, cursor: { newestMs, wholeMs, isTimed: isFiltered ? before.isTimed : isTimed } };
}

function openKeys({ remembered }: PollContext): readonly string[] {
  return [...remembered.entries(`${OPEN_JOB}\n`)].map(([key]) => key.slice(OPEN_JOB.length + 1));
}

function namelessGone(context: PollContext, { present }: JobRound): readonly string[] {
  return openKeys(context).filter((key) => !hasAddress(key) && !present.has(key));
}

/** What is remembered of jobs that the provider does not have any more. */
function unlisted({ remembered }: PollContext, { present }: JobRound): { key: string; value: null }[] {
  return [...remembered.entries(`${JOB}\n`)].flatMap(([key]) => {
    const name = key.slice(JOB.length + 1);
    const isThere = present.has(name) || remembered.get(`${OPEN_JOB}\n${name}`) !== undefined;
    return isThere ? [] : [{ key, value: null }];
  });
}

function parseCursor(text: string | undefined): Cursor | undefined {
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return Value.Check(CursorSchema, value) ? value : undefined;
  } catch {
    return undefined;
  }
}
