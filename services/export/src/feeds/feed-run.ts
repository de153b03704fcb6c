/**
 * Runs one feed: at the end of each period it cuts what was accepted since into segments, signs them, and lets them be seen.
 * What is cut is in the record of the feed before anybody can see it: who goes on after a crash makes no segment twice.
 */
import { hash } from 'node:crypto';
import { shownDelivery } from '@cadf-pipeline/control-state';
import type { Feed } from '@cadf-pipeline/control-state';
import { fileFormats } from '@cadf-pipeline/event-formats';
import type { EventStore } from '@cadf-pipeline/event-store';
import { ProblemError } from '@cadf-pipeline/service-kit';
import { Superseded } from '@cadf-pipeline/shared-work';
import type { Work, WorkLogger, WorkStop } from '@cadf-pipeline/shared-work';
import type { LimitFunction } from 'p-limit';
import type { ExportRights } from '../exports/export-rights.ts';
import type { FederationIdentity } from '../identity/federation-identity.ts';
import type { SecretBox } from '../subscription/secret-box.ts';
import { clockTrouble } from './clock-behind.ts';
import { cutSegments } from './cut-segments.ts';
import type { Cut, Stretch } from './cut-segments.ts';
import { deliverSegments } from './deliver-segments.ts';
import type { OpenFeedCarrier } from './deliver-segments.ts';
import { FEED_DEFAULTS, redactionContext } from './feed-defaults.ts';
import { openFeedDirectory } from './feed-directory.ts';
import type { FeedDirectory } from './feed-directory.ts';
import { feedErrors } from './feed-errors.ts';
import type { FeedEvents } from './feed-events.ts';
import { createKeeper } from './feed-keeper.ts';
import type { RecordKeeper } from './feed-keeper.ts';
import type { FeedMetrics } from './feed-metrics.ts';
import { fromPositions, toPositions } from './feed-record.ts';
import type { FeedRecord } from './feed-record.ts';
import { FeedStop } from './feed-stop.ts';
import { createGive, LOOP } from './given-event.ts';
import type { Give } from './given-event.ts';
import { nextPeriod } from './periods.ts';
import type { PeriodDependencies, PeriodPlan } from './periods.ts';
import { signFeedHead, signSegments } from './sign-segments.ts';

export interface FeedRunDependencies extends PeriodDependencies {
  readonly store: Pick<EventStore, 'accepted' | 'nextOffsets'>;
  readonly rights: ExportRights;
  readonly openCarrier: OpenFeedCarrier;
  readonly identity: FederationIdentity;
  readonly box: SecretBox;
  readonly events: FeedEvents;
  readonly metrics: FeedMetrics;
  /** Of the files of all feeds, shared by all processes of the service. */
  readonly root: string;
  /** How many feeds cut at once in this process. */
  readonly turns: LimitFunction;
  readonly logger: WorkLogger;
  /** Most events, and bytes of them, of one segment; default 200,000 (fewer where its format has files of fewer) and 128 MiB. */
  readonly most?: Stretch['most'];
}

const MOST = { events: 200_000, bytes: 128 * 1024 ** 2 } as const;
const DAY_MS = 86_400_000;
/** Segments that are removed at a time. */
const REMOVED_AT_ONCE = 1000;

/** Throws what may go by itself. Ends, with the reason in the record, where somebody has to do something. */
export async function runFeed(
  deps: FeedRunDependencies,
  feed: Feed,
  work: Work<FeedRecord>,
  stop: WorkStop,
): Promise<void> {
  const { events, now } = deps;
  const keeper = createKeeper(feed, work);
  const directory = openFeedDirectory(deps.root, feed.chain);
  // The first save takes the feed over.
  const deliveredTo = hash('sha256', JSON.stringify(shownDelivery(feed.delivery)), 'hex');
  await keeper.save((record) => ({
    ...record,
    state: 'running',
    // Another place gets the whole chain, as far as it is kept.
    delivered: record.deliveredTo === deliveredTo ? record.delivered : record.kept - 1,
    deliveredTo,
  }));
  try {
    await recover(deps, feed, directory, keeper);
    await both(stop, (part) => {
      const running = { directory, keeper, stop: part, work };
      return [cutPeriods(deps, feed, running), deliverSegments(deps, feed, running)];
    });
  } catch (error) {
    if (error instanceof Superseded || stop.soft.aborted) throw error;
    const { code, message } = causeOf(error);
    const failure = { code, detail: message.slice(0, 4000), atMs: now() };
    if (!isFinal(error)) {
      await keeper.save((record) => ({ ...record, failure }));
      throw error;
    }
    // Told of before it counts; the same event however often it is told.
    await events.stopped(feed, keeper.record, failure);
    await keeper.save((record) => ({ ...record, state: 'stopped', failure }));
  }
}

export interface Running {
  readonly directory: FeedDirectory;
  readonly keeper: RecordKeeper;
  readonly stop: WorkStop;
  readonly work: Work<FeedRecord>;
}

/** Where one of both breaks off, the other one ends, too. */
async function both(stop: WorkStop, begin: (stop: WorkStop) => readonly Promise<void>[]): Promise<void> {
  const over = new AbortController();
  const parts = begin({ ...stop, soft: AbortSignal.any([stop.soft, over.signal]) });
  try {
    await Promise.all(parts);
  } finally {
    over.abort();
    await Promise.allSettled(parts);
  }
}

/** What a run before named in the record, and could not finish. */
async function recover(
  deps: FeedRunDependencies,
  feed: Feed,
  directory: FeedDirectory,
  keeper: RecordKeeper,
): Promise<void> {
  const { published, sequence, stage } = keeper.record;
  if (stage !== undefined && published < sequence) {
    await directory.publish(stage);
    await keeper.save(shown);
  }
  await directory.make();
  await directory.clean(keeper.record.kept);
  await putHead(deps, feed, directory, keeper.record.published);
}

async function cutPeriods(deps: FeedRunDependencies, feed: Feed, running: Running): Promise<void> {
  const { keeper, stop } = running;
  for (;;) {
    const plan = await nextPeriod(deps, feed, keeper.record, stop.soft);
    if (plan.cutMs !== undefined && keeper.record.cutMs === undefined)
      deps.logger.warn(
        { feed: feed.id, failure: clockTrouble(feed, keeper.record, deps.now()) },
        'the clock is behind the end of the last period of a feed',
      );
    await deps.turns(() => cutPeriod(deps, feed, plan, running));
    await removeOld(deps, feed, running);
  }
}

async function cutPeriod(
  deps: FeedRunDependencies,
  feed: Feed,
  plan: PeriodPlan,
  { directory, keeper, stop, work }: Running,
): Promise<void> {
  const { box, identity, metrics, most = MOST, now, rights, store } = deps;
  const { compression = FEED_DEFAULTS.compression, format = FEED_DEFAULTS.format } = feed;
  const { usualEvents = Infinity } = fileFormats[format];
  const timeMs = now();
  const issuer = await identity.issuer();
  const give: Give = createGive({
    issuer,
    peer: feed.peer?.issuer,
    rules: feed.redaction ?? [],
    key: redactionKey(box, feed),
    timeMs,
  });
  for (let { isBegun } = plan; ; isBegun = true) {
    stop.soft.throwIfAborted();
    const scope = rights.scopeOf(feed);
    if (typeof scope === 'string') throw new FeedStop(feedErrors.FEED_RIGHTS, scope);
    const { record } = keeper;
    const stage = await directory.begin();
    const stretch: Stretch = {
      sequence: record.sequence + 1,
      from: toPositions(record.positions),
      upto: plan.upto,
      lateBeforeMs: plan.isPast ? undefined : plan.fromMs,
      ...(plan.isPast && plan.fromMs !== undefined ? { fromMs: plan.fromMs } : {}),
      most: { ...most, events: Math.min(most.events, usualEvents) },
    };
    const form = { format, compression, issuer, timeMs };
    const cut = await cutSegments({ store, scope, feed, stage, form, give, signal: stop.soft }, stretch);
    const isNothing = isBegun && cut.withheld.size === 0 && cut.inTime.count + cut.late.count === 0;
    const signed = isNothing
      ? undefined
      : await signSegments(identity, feed, record, cut, stretch, plan, now());
    for (const { bytes, name } of signed?.files ?? []) await stage.put(name, bytes);
    await stage.sync();
    const named =
      signed === undefined
        ? {}
        : {
            sequence: signed.sequence,
            manifest: signed.manifest,
            manifestMs: signed.manifestMs,
            stage: stage.name,
          };
    await keeper.save((latest) => ({ ...reached(counted(latest, cut), cut, plan), ...named }));
    await work.certain(stop.soft);
    await directory.publish(stage.name);
    await keeper.save(shown);
    await putHead(deps, feed, directory, keeper.record.published);
    metrics.cut(cut);
    if (!cut.isFull) return;
  }
}

function redactionKey(box: SecretBox, { chain, redaction = [], redactionKey: sealed }: Feed): Buffer {
  if (redaction.length === 0) return Buffer.alloc(0);
  const key = box.open(sealed, redactionContext(chain));
  if (key === undefined) throw new FeedStop(feedErrors.FEED_REDACTION_SEALED);
  return Buffer.from(key.reveal(), 'base64url');
}

/** For who looks into the directory; whoever pulls is told one that is signed when it is asked for. */
async function putHead(
  { identity, now }: FeedRunDependencies,
  feed: Feed,
  directory: FeedDirectory,
  sequence: number,
): Promise<void> {
  const end = await directory.end(sequence);
  if (end !== undefined) await directory.putHead((await signFeedHead(identity, feed, end, now())).bytes);
}

/** All that was cut can be had. */
function shown(record: FeedRecord): FeedRecord {
  const { cutting, periodMs, sequence } = record;
  const isWhole = cutting === undefined && periodMs !== undefined;
  return { ...record, published: sequence, ...(isWhole ? { shownMs: periodMs } : {}) };
}

function counted(record: FeedRecord, { inTime, late, redacted, withheld }: Cut): FeedRecord {
  const loops = withheld.get(LOOP) ?? 0;
  const all = [...withheld.values()].reduce((sum, count) => sum + count, 0);
  return {
    ...record,
    events: record.events + inTime.count + late.count,
    late: record.late + late.count,
    redacted: record.redacted + redacted,
    loops: record.loops + loops,
    withheld: record.withheld + all - loops,
    bytes: record.bytes + inTime.bytes + late.bytes,
  };
}

/** Where it goes on: within the period, or behind it. */
function reached(
  { cutMs: _before, cutting: _cutting, failure: _mended, until, ...record }: FeedRecord,
  cut: Cut,
  { cutMs, toMs, upto }: PeriodPlan,
): FeedRecord {
  const at = { positions: fromPositions(cut.reached), ...(cutMs === undefined ? {} : { cutMs }) };
  if (!cut.isFull) return { ...record, ...at, periodMs: toMs };
  const cutting = { toMs, upto: fromPositions(upto) };
  return { ...record, ...at, cutting, ...(until === undefined ? {} : { until }) };
}

/** Removes segments that are older than they are kept, and were delivered. */
async function removeOld(
  { now }: FeedRunDependencies,
  feed: Feed,
  { directory, keeper }: Running,
): Promise<void> {
  const { retentionDays = FEED_DEFAULTS.retentionDays } = feed;
  const beforeMs = now() - retentionDays * DAY_MS;
  const { delivered, kept, published } = keeper.record;
  const last = feed.delivery.type === 'pull' ? published : Math.min(delivered, published);
  let next = kept;
  while (next < last && next - kept < REMOVED_AT_ONCE) {
    const manifest = await directory.manifest(next);
    if (manifest !== undefined && Date.parse(manifest.created) >= beforeMs) break;
    next++;
  }
  if (next === kept) return;
  // Nobody is told of them any more before they go.
  await keeper.save((record) => ({ ...record, kept: next }));
  for (let sequence = kept; sequence < next; sequence++) await directory.removeSegment(sequence);
}

function isFinal(error: unknown): boolean {
  return error instanceof FeedStop || (error instanceof ProblemError && !error.definition.retryable);
}

function causeOf(error: unknown): { readonly code: string; readonly message: string } {
  if (error instanceof FeedStop) return error;
  if (error instanceof ProblemError)
    return { code: error.code, message: error.options.detail ?? error.definition.hint };
  return { code: 'FEED_INTERRUPTED', message: error instanceof Error ? error.message : String(error) };
}
