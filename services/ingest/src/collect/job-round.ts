/** One look at the jobs of a provider: what was seen in it, and what of that has to be delivered. */
import { Type } from 'typebox';
import type { Static } from 'typebox';
import { Value } from 'typebox/value';
import { resolveHref } from '../cimi/resolve-href.ts';
import { CimiFailure } from '../cimi/cimi-failure.ts';
import { readJobFacts } from './job-facts.ts';
import type { JobFacts } from './job-facts.ts';
import type { CollectedDocument, Mark, PollContext } from './poll-context.ts';

/** `job\n<key>` → digest of what was delivered of it last. */
export const JOB = 'job';
/** `open-job\n<key>` → `OpenJob`: the watch list. */
export const OPEN_JOB = 'open-job';

const OpenJobSchema = Type.Object({
  state: Type.String(),
  /** When it was first seen open, milliseconds since 1970 UTC. */
  seenMs: Type.Number(),
  /** When it was found gone: that is being told. */
  goneMs: Type.Optional(Type.Number()),
});
export type OpenJob = Static<typeof OpenJobSchema>;

/** A job as it was read. */
export interface ReadJob {
  readonly url: URL | undefined;
  readonly value: unknown;
  readonly text: string;
}

/** A job whose state is a word of no standard is watched for so long; behind it, only its listing tells of changes. */
const UNCLEAR_MS = 86_400_000;
/** Begins the key of a job without an address. */
const NAMELESS = '~';

export interface JobRound {
  /** Keys of jobs that are there, read or not. */
  readonly present: Set<string>;
  /** Keys of jobs that were read. */
  readonly read: Set<string>;
  /** Jobs that others have as parts, and are not known. */
  readonly wanted: Map<string, URL>;
  /** Facts of it; undefined where it tells no state. */
  take(job: ReadJob): JobFacts | undefined;
  /** Makes durable what was taken since. */
  flush(): Promise<void>;
}

export function createJobRound(context: PollContext, fallback: URL): JobRound {
  const { discovery, polledMs, remembered } = context;
  const present = new Set<string>();
  const read = new Set<string>();
  const wanted = new Map<string, URL>();
  let documents: CollectedDocument[] = [];
  let marks: Mark[] = [];

  function want({ nested }: JobFacts): void {
    for (const href of nested) {
      const url = addressOf(href, discovery.base, fallback.origin);
      if (url === undefined) continue;
      const key = keyOfUrl(url);
      present.add(key);
      if (remembered.get(`${JOB}\n${key}`) === undefined) wanted.set(key, url);
    }
  }

  return {
    present,
    read,
    wanted,
    take({ url, value, text }) {
      const facts = readJobFacts(value);
      const key = url === undefined ? `${NAMELESS}${facts?.identity ?? ''}` : keyOfUrl(url);
      present.add(key);
      if (facts === undefined) return undefined;
      want(facts);
      // Two jobs without addresses may look alike until they end: what was delivered is remembered by its digest.
      const seenKey = `${JOB}\n${url === undefined ? NAMELESS + facts.digest : key}`;
      present.add(seenKey.slice(JOB.length + 1));
      if (url !== undefined && read.has(key)) return facts;
      read.add(key);
      if (remembered.get(seenKey) !== facts.digest) {
        documents.push({ text, position: (url ?? fallback).href });
        marks.push({ key: seenKey, value: facts.digest });
      }
      const openKey = `${OPEN_JOB}\n${key}`;
      const before = parseOpenJob(remembered.get(openKey));
      const isWatched =
        facts.stage === 'open' ||
        (facts.stage === 'unclear' && polledMs - (before?.seenMs ?? polledMs) < UNCLEAR_MS);
      const open: OpenJob = { state: facts.state.slice(0, 256), seenMs: before?.seenMs ?? polledMs };
      if (isWatched || before !== undefined)
        marks.push({ key: openKey, value: isWatched ? JSON.stringify(open) : null });
      return facts;
    },
    async flush() {
      const [tookDocuments, tookMarks] = [documents, marks];
      documents = [];
      marks = [];
      if (tookMarks.length > 0) await context.deliver(tookDocuments, tookMarks);
    },
  };
}

/** Jobs of one provider have one origin. */
export function keyOfUrl({ pathname, search }: URL): string {
  return pathname + search;
}

export function hasAddress(key: string): boolean {
  return !key.startsWith(NAMELESS);
}

export function parseOpenJob(text: string | undefined): OpenJob | undefined {
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return Value.Check(OpenJobSchema, value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function addressOf(href: string, base: URL, origin: string): URL | undefined {
  try {
    return resolveHref(href, base, origin);
  } catch (error) {
    if (error instanceof CimiFailure) return undefined;
    throw error;
  }
}
