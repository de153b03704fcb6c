/**
 * What is known of the events stored last, so that the versions of one event that follow each other (pending, then
 * final) need no question to the store.
 *
 * Most events have one version and are never asked for again, so remembering one is a few array writes; what is needed to
 * find it is made when something is sought that may be there. Events are kept in segments; the oldest goes when there
 * are too many.
 */

/** What the writer has to know of an event to place its next version. */
export interface EventState {
  /** Offset of the row that is the merged event now. */
  currentOffset: number;
  /** Number of that row in the block it came with; -1: read from the store. */
  currentRow: number;
  /** The block `currentRow` counts in. */
  block: number;
  /** No version with a final outcome yet. */
  pending: boolean;
  /** A version has a reporter chain. */
  hasChain: boolean;
  /** Digests of the versions, newest last; at most `MAX_DIGESTS`. */
  readonly digests: string[];
}

/**
 * An event with more versions than this has lost its identity (an emitter that gives every event one id); a repetition
 * is then recognized among the newest ones only.
 */
export const MAX_DIGESTS = 4096;

export function addDigest(state: EventState, digest: string): void {
  if (state.digests.length >= MAX_DIGESTS) state.digests.splice(0, MAX_DIGESTS / 2);
  state.digests.push(digest);
}

export interface RecentKeys {
  find(key: string): EventState | undefined;
  /** Remembers an event with its first version. */
  add(key: string, version: FirstVersion, digest: string): void;
  /** Remembers an event that was looked up. */
  put(key: string, state: EventState): void;
  clear(): void;
}

export interface FirstVersion {
  readonly offset: number;
  readonly row: number;
  readonly block: number;
  readonly pending: boolean;
  readonly hasChain: boolean;
}

const SEGMENT_KEYS = 16_384;
/** A map costs about as much as so many searches: a key filter that was wrong once must not make eight of them. */
const SEARCHES_PER_MAP = 8;

interface Segment {
  readonly keys: string[];
  readonly digests: string[];
  readonly offsets: Float64Array;
  readonly rows: Int32Array;
  readonly blocks: Int32Array;
  /** 1: pending, 2: has a chain. */
  readonly flags: Uint8Array;
  /** From key to place; made when the keys were searched through some times. */
  places: Map<string, number> | undefined;
  searches: number;
  /** Events that had a second version, or were looked up. */
  readonly states: Map<string, EventState>;
}

/** Remembers at least `capacity` events. */
export function createRecentKeys(capacity: number): RecentKeys {
  const maxSegments = Math.ceil(capacity / SEGMENT_KEYS) + 1;
  let newest = createSegment();
  let segments = [newest];

  /** The segment with room. */
  function current(): Segment {
    if (newest.keys.length + newest.states.size < SEGMENT_KEYS) return newest;
    newest = createSegment();
    segments = [newest, ...segments.slice(0, maxSegments - 1)];
    return newest;
  }

  return {
    find(key) {
      for (const segment of segments) {
        const state = findIn(segment, key);
        if (state === undefined) continue;
        // What is asked for again stays.
        if (segment !== newest) current().states.set(key, state);
        return state;
      }
      return undefined;
    },
    add(key, version, digest) {
      const segment = current();
      const place = segment.keys.length;
      segment.keys.push(key);
      segment.digests.push(digest);
      segment.offsets[place] = version.offset;
      segment.rows[place] = version.row;
      segment.blocks[place] = version.block;
      segment.flags[place] = (version.pending ? 1 : 0) | (version.hasChain ? 2 : 0);
      segment.places?.set(key, place);
    },
    put(key, state) {
      current().states.set(key, state);
    },
    clear() {
      newest = createSegment();
      segments = [newest];
    },
  };
}

function createSegment(): Segment {
  return {
    keys: [],
    digests: [],
    offsets: new Float64Array(SEGMENT_KEYS),
    rows: new Int32Array(SEGMENT_KEYS),
    blocks: new Int32Array(SEGMENT_KEYS),
    flags: new Uint8Array(SEGMENT_KEYS),
    places: undefined,
    searches: 0,
    states: new Map(),
  };
}

function findIn(segment: Segment, key: string): EventState | undefined {
  const known = segment.states.get(key);
  if (known !== undefined) return known;
  const place = placeOf(segment, key);
  if (place < 0) return undefined;
  const flags = segment.flags[place] ?? 0;
  const state: EventState = {
    currentOffset: segment.offsets[place] ?? 0,
    currentRow: segment.rows[place] ?? -1,
    block: segment.blocks[place] ?? 0,
    pending: (flags & 1) !== 0,
    hasChain: (flags & 2) !== 0,
    digests: [segment.digests[place] ?? ''],
  };
  segment.states.set(key, state);
  return state;
}

function placeOf(segment: Segment, key: string): number {
  if (segment.places === undefined) {
    segment.searches += 1;
    if (segment.searches < SEARCHES_PER_MAP) return segment.keys.indexOf(key);
    segment.places = new Map(segment.keys.map((each, place) => [each, place]));
  }
  return segment.places.get(key) ?? -1;
}
