/**
 * States of resources at providers that tell neither jobs nor events of them: each resource is compared with what was
 * last seen of it, and what differs is handed on as a document of ours. The first look at a collection only remembers.
 *
 * Remembered: `state\n<collection>\n<url>` what was seen of a resource, `look\n<collection>` when it was looked last.
 */
import { CimiFailure } from '../cimi/cimi-failure.ts';
import { listingCut } from '../cimi/listing-cut.ts';
import { createLocalClock } from '../normalize/local-clock.ts';
import { fold, foldName, textOf } from '../../sources/cimi/document.ts';
import { readTime } from '../../sources/cimi/times.ts';
import { numberIn, readMarkValue, textIn } from './mark-value.ts';
import type { CollectedDocument, Mark, PollContext } from './poll-context.ts';
import { comparedDocument } from './resource-states-document.ts';
import type { ComparedState } from './resource-states-document.ts';

/** Collections that are compared unless the source names others. */
export const COMPARED_COLLECTIONS = ['machines', 'systems', 'volumes', 'networks', 'machineImages'];

export interface ResourceStatesOptions {
  readonly collections?: readonly string[];
  /** Milliseconds since 1970 UTC. */
  readonly now?: () => number;
}

/** Of all collections of a source, each having its part; what is listed past it is not compared. */
const MAX_RESOURCES = 40_000;
/** Missing resources that are asked for by themselves in one poll; the others are at the next one. */
const MAX_ASKED = 200;
const BATCH_DOCUMENTS = 100;
const BATCH_MARKS = 1000;
const MAX_WORD = 256;
/** Clocks of the provider and of this machine differ, and a listing may lag behind what it lists. */
const CREATED_SLACK_MS = 600_000;
const NO_CLOCK = createLocalClock();

interface Comparison {
  readonly collection: string;
  readonly address: URL;
  readonly maxResources: number;
  readonly now: () => number;
}

interface Seen {
  readonly state: string | undefined;
  /** When it was first seen in this state. */
  readonly sinceMs: number;
  readonly name: string | undefined;
  readonly type: string | undefined;
}

/** Throws `CimiFailure` where a collection cannot be read, after the others were. */
export async function collectResourceStates(
  context: PollContext,
  { collections = COMPARED_COLLECTIONS, now = Date.now }: ResourceStatesOptions = {},
): Promise<void> {
  let failure: CimiFailure | undefined;
  const maxResources = Math.floor(MAX_RESOURCES / collections.length);
  for (const collection of new Set(collections)) {
    const url = context.discovery.collections.get(foldName(collection));
    if (url === undefined) continue;
    try {
      await compareCollection(context, { collection, address: url, maxResources, now });
    } catch (error) {
      if (!(error instanceof CimiFailure)) throw error;
      failure ??= error;
    }
  }
  if (failure !== undefined) throw failure;
}

async function compareCollection(
  context: PollContext,
  { collection, address, maxResources, now }: Comparison,
): Promise<void> {
  const { client, discovery, polledMs, remembered, signal } = context;
  const lookKey = `look\n${collection}`;
  const prefix = `state\n${collection}\n`;
  const look = readMarkValue(remembered.get(lookKey));
  const lookedMs = numberIn(look, 'at');
  const wasWhole = look['whole'] === true;
  const known = new Map([...remembered.entries(prefix)].map(([key, value]) => [key, readSeen(value)]));
  const found = new Set<string>();
  const out = createBatches(context);
  let isWhole = true;
  let isOver = false;

  async function see(url: URL, value: unknown): Promise<void> {
    const key = prefix + url.href;
    const members = fold(value);
    const state = textOf(members.get('state'))?.slice(0, MAX_WORD);
    const seen = known.get(key);
    const seenMs = now();
    if (seen !== undefined && (state === undefined || state === seen.state)) return;
    const change = seen === undefined ? changeOfNew(members.get('created'), lookedMs, wasWhole) : 'state';
    const previous = { state: seen?.state, sinceMs: seen?.sinceMs, seenMs: lookedMs };
    const mark = { key, value: writeSeen({ state, sinceMs: seenMs, ...nameOf(value) }) };
    if (change !== undefined)
      out.add(comparedDocument({ change, url, collection, seenMs, previous, resource: value }));
    await out.mark(mark);
  }

  try {
    for await (const page of client.pages(
      address,
      { plural: collection, required: ['state'] },
      discovery,
      signal,
    )) {
      for (const refusal of page.refused) {
        // Gone since it was listed: it is missing below.
        if (refusal.code === 'CIMI_GONE') continue;
        context.trouble(refusal);
        isWhole = false;
      }
      for (const { url, value } of page.items) {
        isOver ||= url !== undefined && !known.has(prefix + url.href) && found.size >= maxResources;
        if (url === undefined || isOver) isWhole = false;
        else {
          found.add(prefix + url.href);
          await see(url, value);
        }
      }
      const cut = page.cut ?? (isOver ? 'endless' : undefined);
      if (cut === undefined) continue;
      context.trouble(listingCut(address, cut));
      isWhole = false;
      break;
    }
    if (isWhole) await askForMissing();
  } catch (error) {
    // What was found is not found again when the next poll begins anew.
    await out.flush();
    throw error;
  }
  await out.mark({ key: lookKey, value: JSON.stringify({ at: polledMs, whole: isWhole }) });
  await out.flush();

  async function askForMissing(): Promise<void> {
    const missing = [...known].filter(([key]) => !found.has(key)).slice(0, MAX_ASKED);
    for (const [key, seen] of missing) {
      const href = key.slice(prefix.length);
      try {
        const { value } = await client.get(href, discovery, signal);
        await see(new URL(href), value);
      } catch (error) {
        if (!(error instanceof CimiFailure)) throw error;
        if (error.code !== 'CIMI_GONE') {
          context.trouble(error);
          if (error.retryable) return;
          continue;
        }
        const previous = { state: seen.state, sinceMs: seen.sinceMs, seenMs: lookedMs };
        const resource = { resourceURI: seen.type, name: seen.name };
        out.add(
          comparedDocument({
            change: 'delete',
            url: new URL(href),
            collection,
            seenMs: now(),
            previous,
            resource,
          }),
        );
        await out.mark({ key, value: null });
      }
    }
  }
}

/**
 * What is new in a listing: made since, where the provider says so; else only there now. Undefined where nothing can be
 * said: at the first look, and when the last listing was not whole.
 */
function changeOfNew(
  written: unknown,
  lookedMs: number | undefined,
  wasWhole: boolean,
): ComparedState['change'] | undefined {
  if (lookedMs === undefined) return undefined;
  const created = readTime(written, NO_CLOCK);
  const afterMs = lookedMs - (wasWhole ? CREATED_SLACK_MS : 0);
  if (created !== undefined && created.guessed === undefined && created.epochMs >= afterMs) return 'create';
  return wasWhole ? 'appear' : undefined;
}

function nameOf(value: unknown): Pick<Seen, 'name' | 'type'> {
  const members = fold(value);
  return {
    name: textOf(members.get('name'))?.slice(0, MAX_WORD),
    type: (textOf(members.get('resourceuri')) ?? textOf(members.get('resourcetype')))?.slice(0, MAX_WORD),
  };
}

function readSeen(value: string): Seen {
  const members = readMarkValue(value);
  return {
    state: textIn(members, 'state'),
    sinceMs: numberIn(members, 'since') ?? 0,
    name: textIn(members, 'name'),
    type: textIn(members, 'type'),
  };
}

function writeSeen({ state, sinceMs, name, type }: Seen): string {
  return JSON.stringify({ state, since: sinceMs, name, type });
}

interface Batches {
  /** Stands with the next mark: they are durable together. */
  add(document: CollectedDocument): void;
  mark(mark: Mark): Promise<void>;
  flush(): Promise<void>;
}

function createBatches(context: PollContext): Batches {
  let documents: CollectedDocument[] = [];
  let marks: Mark[] = [];
  async function flush(): Promise<void> {
    if (marks.length === 0) return;
    const batch = { documents, marks };
    documents = [];
    marks = [];
    await context.deliver(batch.documents, batch.marks);
  }
  return {
    add: (document) => void documents.push(document),
    async mark(mark) {
      marks.push(mark);
      if (documents.length >= BATCH_DOCUMENTS || marks.length >= BATCH_MARKS) await flush();
    },
    flush,
  };
}
