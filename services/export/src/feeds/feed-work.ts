/** The feeds that this process cuts, one of all that share them; and how far each has come, whichever process cuts it. */
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ControlState, Feed } from '@cadf-pipeline/control-state';
import type { EventStream } from '@cadf-pipeline/event-stream';
import { createSharedWork } from '@cadf-pipeline/shared-work';
import type { Kept } from '@cadf-pipeline/shared-work';
import pLimit from 'p-limit';
import type { Registry } from 'prom-client';
import { clockTrouble } from './clock-behind.ts';
import { FEED_DEFAULTS } from './feed-defaults.ts';
import { openFeedDirectory } from './feed-directory.ts';
import { createFeedMetrics } from './feed-metrics.ts';
import type { FeedCensus } from './feed-metrics.ts';
import { FeedRecord, recordOf } from './feed-record.ts';
import { runFeed } from './feed-run.ts';
import type { FeedRunDependencies } from './feed-run.ts';

export interface FeedWorkDependencies extends Omit<FeedRunDependencies, 'metrics' | 'turns'> {
  readonly stream: EventStream;
  readonly state: Pick<ControlState, 'get' | 'list' | 'onChange'>;
  readonly registry: Registry;
}

export interface FeedWork {
  start(): Promise<void>;
  /** What any process knows of a feed; undefined: it has not begun. */
  record(feed: Feed): Kept<FeedRecord> | undefined;
  /** Seconds for which a period has been over without its segments; 0 where there is none, or the feed is paused. */
  lagSeconds(feed: Feed): number;
  /** Where the clock is behind the end of its last period; undefined: it is not, or the feed is paused. */
  clockTrouble(feed: Feed): ReturnType<typeof clockTrouble>;
  /** Removes its files; it has no definition any more. */
  discard(feed: Feed): Promise<void>;
  /** Why the feeds of this process are not cut; undefined: they are. */
  trouble(): string | undefined;
  stop(): Promise<void>;
}

const TOPIC = { name: 'cadf.feeds', partitions: 16, cleanup: 'compact' } as const;
const GROUP = 'cadf-feeds';
/** Feeds of one process that cut at once. */
const TURNS = 2;
const SWEEP_EVERY_MS = 600_000;
const ORPHAN_MS = 3_600_000;
const CHAIN = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}\.[0-9a-f]{12}$/;

export function createFeedWork(deps: FeedWorkDependencies): FeedWork {
  const { logger, now, registry, rights, root, state, stream } = deps;
  const running = { ...deps, metrics: createFeedMetrics(registry, census), turns: pLimit(TURNS) };
  const work = createSharedWork<typeof FeedRecord, void>({
    stream,
    logger,
    topic: TOPIC,
    group: GROUP,
    noun: 'feed',
    record: FeedRecord,
    now,
    ids: () => state.list('feed').map(({ entity }) => entity.id),
    definition(id) {
      const feed = state.get('feed', id)?.entity;
      if (feed === undefined || feed.paused) return undefined;
      const { credentials: _tokens, invitations: _open, name: _name, ...rest } = feed;
      return JSON.stringify([rest, rights.basis(feed)]);
    },
    async run(id, mine, stop) {
      const feed = state.get('feed', id)?.entity;
      if (feed !== undefined) await runFeed(running, feed, mine, stop);
    },
  });
  const unlisten = state.onChange((kind, id) => {
    if (kind === 'feed') work.changed(id);
    if (kind !== 'key') return;
    for (const { entity } of state.list('feed')) if (entity.owner.id === id) work.changed(entity.id);
  });

  let sweeping: NodeJS.Timeout | undefined;
  let swept: Promise<void> = Promise.resolve();

  const record = (feed: Feed): Kept<FeedRecord> | undefined => recordOf(feed, work.get(feed.id));

  function lagSeconds(feed: Feed): number {
    if (feed.paused) return 0;
    const { cadenceSeconds = FEED_DEFAULTS.cadenceSeconds, created } = feed;
    const { cutMs, shownMs = Date.parse(created) } = record(feed) ?? {};
    const sinceMs = cutMs ?? shownMs;
    return Math.max(0, (now() - sinceMs) / 1000 - cadenceSeconds);
  }

  function troubleOfClock(feed: Feed): ReturnType<typeof clockTrouble> {
    const known = feed.paused ? undefined : record(feed);
    return known === undefined ? undefined : clockTrouble(feed, known, now());
  }

  function census(): FeedCensus {
    const byState = new Map<string, number>();
    let worst = 0;
    let behindMs = 0;
    for (const id of work.owned()) {
      const feed = state.get('feed', id)?.entity;
      if (feed === undefined) continue;
      const word = feed.paused ? 'paused' : (record(feed)?.state ?? 'running');
      byState.set(word, (byState.get(word) ?? 0) + 1);
      if (word === 'running') worst = Math.max(worst, lagSeconds(feed));
      behindMs = Math.max(behindMs, troubleOfClock(feed)?.behindMs ?? 0);
    }
    return { byState, lagSeconds: worst, clockBehindSeconds: behindMs / 1000 };
  }

  /** Removes what a run wrote after its feed was deleted. */
  async function sweep(): Promise<void> {
    const chains = new Set(state.list('feed').map(({ entity }) => entity.chain));
    for (const name of await readdir(root).catch(() => [])) {
      if (!CHAIN.test(name) || chains.has(name)) continue;
      const { mtimeMs } = await stat(join(root, name));
      // It may be of a feed that this process has not heard of yet.
      if (mtimeMs + ORPHAN_MS <= Date.now()) await rm(join(root, name), { recursive: true, force: true });
    }
  }

  return {
    async start() {
      await work.start();
      sweeping = setInterval(() => {
        swept = swept.then(sweep).catch((error: unknown) => {
          logger.warn({ err: error }, 'files of deleted feeds were not removed, trying again later');
        });
      }, SWEEP_EVERY_MS);
    },
    record,
    lagSeconds,
    clockTrouble: troubleOfClock,
    discard: (feed) => openFeedDirectory(root, feed.chain).removeAll(),
    trouble: () => work.trouble(),
    async stop() {
      clearInterval(sweeping);
      unlisten();
      await swept;
      await work.stop();
    },
  };
}
