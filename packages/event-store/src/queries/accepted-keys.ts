/**
 * Which events of a stretch of the stream a query finds, in the order of acceptance: their keys only, for the texts to be
 * read in portions whose size is known.
 *
 * Each partition is gone through in windows of offsets, by the primary key, as wide as it takes to find some: what does not
 * match is passed over by the engine, and no statement looks at more than a bounded part of the table.
 */
import type { Engine } from '../engine/engine.ts';
import { numberAt } from '../engine/rows.ts';
import type { AcceptedQuery } from '../acceptance.ts';
import type { Scope } from '../interface.ts';
import { TEXT_COLUMNS } from '../row/text-columns.ts';
import { addEventQuery, addScope, createConditions } from './event-conditions.ts';
import type { ConditionBuilder } from './event-conditions.ts';
import { withoutIdleText } from './idle-text.ts';
import { readTableEnds } from './table-ends.ts';

export interface AcceptedKey {
  readonly partition: number;
  readonly offset: number;
  readonly receivedMs: number;
  readonly place: number;
  /** About how long the text is. */
  readonly bytes: number;
}

export interface AcceptedKeys {
  /**
   * The next ones, at most `maxEvents` and about `maxBytes`. Fewer, or none, where more have to be looked for at length;
   * undefined when there are no more.
   */
  next(maxEvents: number, maxBytes: number): Promise<FoundKeys | undefined>;
}

export interface FoundKeys {
  readonly keys: readonly AcceptedKey[];
  /** Per partition the offset before which there are no others. */
  readonly reached: ReadonlyMap<number, number>;
}

/** Keys kept in memory at most, of all partitions. */
const MAX_KEYS = 16_384;
const MIN_KEYS_OF_PARTITION = 32;
const MAX_KEYS_OF_PARTITION = 2048;
/** Offsets that one statement looks through at most, of all partitions. */
const MAX_OFFSETS = 4_194_304;
const MAX_GROWTH = 16;
/** What the members that all events of a form share take, about. */
const SHAPE_BYTES = 800;

const SELECT = [
  'partition',
  'offset',
  'toUnixTimestamp64Milli(received)',
  'place',
  `${SHAPE_BYTES} + length(rest) + length(tag_list)${TEXT_COLUMNS.map(({ name }) => ` + length(${name})`).join('')}`,
].join(', ');

/**
 * Lengths are taken of texts as they are read, so that keys are put in order and not texts; and part after part is read,
 * not some of each. Else large events take more memory than a query may have.
 */
const LEAN = 'query_plan_execute_functions_after_sorting = 0, optimize_read_in_order = 0';

/** One partition: what was looked through, and the keys found that were not given yet. */
interface Reach {
  readonly partition: number;
  /** The first offset not looked through. */
  at: number;
  readonly end: number;
  width: number;
  keys: AcceptedKey[];
  /** How many of `keys` were given. */
  given: number;
}

/** Where the table ends is asked first: what is said to be behind that is not looked for. `signal` aborts what the engine does. */
export async function openAcceptedKeys(
  engine: Engine,
  scope: Scope,
  asked: AcceptedQuery,
  signal: AbortSignal,
): Promise<AcceptedKeys> {
  const { next: ends } = await readTableEnds(engine, signal);
  const reaches = reachesOf(asked, ends);
  const perPartition = Math.max(
    MIN_KEYS_OF_PARTITION,
    Math.min(MAX_KEYS_OF_PARTITION, Math.floor(MAX_KEYS / Math.max(1, reaches.length))),
  );
  for (const reach of reaches) reach.width = perPartition;
  const query =
    reaches.length === 0
      ? asked
      : await withoutIdleText(
          engine,
          scope,
          asked,
          (conditions) =>
            addRanges(
              conditions,
              reaches.map(({ partition, at, end }) => [partition, at, end]),
            ),
          signal,
        );

  /** Looks through the next window of each partition that has few keys left. */
  async function look(): Promise<void> {
    const poor = reaches.filter((reach) => reach.at < reach.end && left(reach) < perPartition / 2);
    const upto = poor.map(({ at, width, end }) =>
      Math.min(end, at + Math.min(width, Math.ceil(MAX_OFFSETS / poor.length))),
    );
    const conditions = createConditions();
    addScope(conditions, scope, query.tenant);
    addRanges(
      conditions,
      poor.map(({ partition, at }, index) => [partition, at, upto[index] ?? at]),
    );
    addEventQuery(conditions, query);
    const rows = await engine.rows(
      {
        sql: `SELECT ${SELECT} FROM events WHERE ${conditions.sql()}
          ORDER BY partition, offset LIMIT {store_limit: UInt32} BY partition
          SETTINGS ${LEAN}`,
        params: { ...conditions.params, store_limit: perPartition },
      },
      signal,
    );
    const found = new Map(poor.map(({ partition }) => [partition, [] as AcceptedKey[]]));
    for (const row of rows) {
      const key = {
        partition: numberAt(row, 0),
        offset: numberAt(row, 1),
        receivedMs: numberAt(row, 2),
        place: numberAt(row, 3),
        bytes: numberAt(row, 4),
      };
      found.get(key.partition)?.push(key);
    }
    for (const [index, reach] of poor.entries())
      extend(reach, found.get(reach.partition) ?? [], upto[index] ?? 0);
  }

  function extend(reach: Reach, more: readonly AcceptedKey[], end: number): void {
    const last = more.at(-1);
    const looked = end - reach.at;
    // A full answer may have been cut off: the rest of the window is looked through again.
    reach.at = last !== undefined && more.length >= perPartition ? last.offset + 1 : end;
    const growth = more.length === 0 ? MAX_GROWTH : perPartition / more.length;
    reach.width = Math.max(perPartition, Math.ceil(looked * Math.min(MAX_GROWTH, growth)));
    reach.keys = [...reach.keys.slice(reach.given), ...more];
    reach.given = 0;
  }

  /** Whose next event comes first; undefined when there is none. Every partition that has more to come must have keys. */
  function first(): { readonly reach: Reach; readonly key: AcceptedKey } | undefined {
    let best: { readonly reach: Reach; readonly key: AcceptedKey } | undefined;
    for (const reach of reaches) {
      const key = reach.keys[reach.given];
      if (key !== undefined && (best === undefined || isBefore(key, best.key))) best = { reach, key };
    }
    return best;
  }

  return {
    async next(maxEvents, maxBytes) {
      if (reaches.every(isOver)) return undefined;
      const keys: AcceptedKey[] = [];
      let bytes = 0;
      while (keys.length < maxEvents) {
        if (reaches.some(isToBeLooked)) {
          await look();
          // What there is so far is not kept back for as long as it takes to find more.
          if (reaches.some(isToBeLooked)) break;
        }
        const best = first();
        if (best === undefined || (keys.length > 0 && bytes + best.key.bytes > maxBytes)) break;
        best.reach.given += 1;
        bytes += best.key.bytes;
        keys.push(best.key);
      }
      return { keys, reached: new Map(reaches.map((reach) => [reach.partition, reachedOf(reach)])) };
    },
  };
}

function reachesOf({ from, upto }: AcceptedQuery, ends: ReadonlyMap<number, number>): Reach[] {
  return [...upto]
    .map(([partition, end]) => ({
      partition,
      at: from.get(partition) ?? 0,
      end: Math.min(end, ends.get(partition) ?? 0),
      width: 0,
      keys: [],
      given: 0,
    }))
    .filter(({ at, end }) => at < end)
    .toSorted((a, b) => a.partition - b.partition);
}

function left(reach: Reach): number {
  return reach.keys.length - reach.given;
}

/** What comes next of it is not known. */
function isToBeLooked(reach: Reach): boolean {
  return reach.at < reach.end && left(reach) === 0;
}

function isOver(reach: Reach): boolean {
  return reach.at >= reach.end && left(reach) === 0;
}

function reachedOf({ at, given, keys }: Reach): number {
  return keys[given]?.offset ?? at;
}

function isBefore(a: AcceptedKey, b: AcceptedKey): boolean {
  if (a.receivedMs !== b.receivedMs) return a.receivedMs < b.receivedMs;
  if (a.place !== b.place) return a.place < b.place;
  return a.partition < b.partition;
}

/** Only these offsets, from inclusive, to exclusive. Written out, so that the engine finds them by the primary key. */
function addRanges(
  conditions: ConditionBuilder,
  ranges: readonly (readonly [partition: number, from: number, to: number])[],
): void {
  const parts = ranges.map(
    ([partition, from, to]) =>
      `partition = ${Number(partition)} AND offset >= ${Number(from)} AND offset < ${Number(to)}`,
  );
  conditions.add(parts.map((part) => `(${part})`).join(' OR '));
}
