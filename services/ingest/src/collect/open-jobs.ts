/** Jobs that are under way, and parts of jobs: each asked for by itself until it is final, or gone. */
import { CimiFailure } from '../cimi/cimi-failure.ts';
import type { CimiText } from '../cimi/get-document.ts';
import { createJobRound, hasAddress, JOB, OPEN_JOB, parseOpenJob } from './job-round.ts';
import type { JobRound, OpenJob } from './job-round.ts';
import { jobGoneEvent } from './own-events.ts';
import type { PollContext } from './poll-context.ts';

/** Asked for in one round; the others are in the next ones. */
const MAX_ASKED = 400;
const AT_ONCE = 4;

/** The round between two polls. Throws `CimiFailure` where the provider cannot be asked now. */
export async function watchOpenJobs(context: PollContext): Promise<void> {
  const round = createJobRound(context, context.discovery.base);
  await askOpenJobs(context, round);
  await askWanted(context, round);
}

/** Answers the keys of those that are not there. */
export async function askOpenJobs(context: PollContext, round: JobRound): Promise<ReadonlySet<string>> {
  const open = [...context.remembered.entries(`${OPEN_JOB}\n`)]
    .map(([key]) => key.slice(OPEN_JOB.length + 1))
    .filter((key) => hasAddress(key) && !round.read.has(key));
  // Another place in the list each time, so that all of them have their turn.
  const start = open.length > MAX_ASKED ? Math.floor(context.polledMs / 1000) % open.length : 0;
  const turn = [...open.slice(start), ...open.slice(0, start)].slice(0, MAX_ASKED);
  const { origin } = context.discovery.base;
  return askAll(
    context,
    round,
    turn.map((key) => [key, new URL(key, origin)]),
  );
}

/** Parts of jobs that nothing is known of, and parts of these. */
export async function askWanted(context: PollContext, round: JobRound): Promise<void> {
  const asked = new Set<string>();
  for (;;) {
    const next = [...round.wanted]
      .filter(([key]) => !round.read.has(key) && !asked.has(key))
      .slice(0, MAX_ASKED - asked.size);
    if (next.length === 0) return;
    for (const [key] of next) asked.add(key);
    await askAll(context, round, next);
  }
}

/** Tells of jobs that were open and are gone: that how they ended is not known. */
export async function tellGone(context: PollContext, keys: Iterable<string>): Promise<void> {
  const { origin } = context.discovery.base;
  for (const key of keys) {
    const mark = `${OPEN_JOB}\n${key}`;
    const open = parseOpenJob(context.remembered.get(mark));
    if (open === undefined) continue;
    const gone: OpenJob = { ...open, goneMs: open.goneMs ?? context.polledMs };
    // Durable first, so that it is told with the same time again where this is interrupted.
    await context.deliver([], [{ key: mark, value: JSON.stringify(gone) }]);
    await context.tell(
      jobGoneEvent({
        source: context.source,
        job: hasAddress(key) ? new URL(key, origin).href : key,
        state: open.state,
        seenMs: open.seenMs,
        goneMs: gone.goneMs ?? context.polledMs,
      }),
    );
    await context.deliver(
      [],
      [
        { key: mark, value: null },
        { key: `${JOB}\n${key}`, value: null },
      ],
    );
  }
}

async function askAll(
  context: PollContext,
  round: JobRound,
  jobs: readonly (readonly [key: string, url: URL])[],
): Promise<ReadonlySet<string>> {
  const gone = new Set<string>();
  for (let start = 0; start < jobs.length; start += AT_ONCE) {
    const some = jobs.slice(start, start + AT_ONCE);
    const answers = await Promise.all(some.map(([, url]) => ask(context, url)));
    let failure: Error | undefined;
    for (const [index, [key, url]] of some.entries()) {
      const answer = answers[index];
      if (answer === undefined) continue;
      if (!(answer instanceof Error)) {
        const facts = round.take({ url, value: answer.value, text: answer.text });
        if (facts === undefined)
          context.trouble(new CimiFailure('CIMI_DOCUMENT', `${url.pathname} is no job: it tells no state.`));
      } else if (!(answer instanceof CimiFailure)) failure = answer;
      else if (answer.code === 'CIMI_GONE') gone.add(key);
      else if (answer.retryable || answer.code === 'CIMI_BUDGET') failure ??= answer;
      else context.trouble(answer);
    }
    await round.flush();
    if (failure !== undefined) throw failure;
  }
  return gone;
}

async function ask({ client, discovery, signal }: PollContext, url: URL): Promise<CimiText | Error> {
  try {
    return await client.get(url.href, discovery, signal);
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}
