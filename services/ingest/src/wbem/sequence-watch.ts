/**
 * Watches the sequences of reliable indications (DSP1054: SequenceContext, SequenceNumber): a number that is missing for
 * longer than the sequence identifier lifetime, which no retry outlives, is lost, and that is told as an event of the
 * system, once. Numbers come out of order, by several listener processes, and over restarts: each process remembers in
 * a compacted topic which ones came to it, before it answers, and follows what came to the others.
 *
 * Below the lowest number known nothing is claimed; a context that was never seen begins anew. Numbers of sequences
 * without a word for a week are forgotten.
 */
import { appendOwnEvent } from '@cadf-pipeline/control-state';
import type { ControlState } from '@cadf-pipeline/control-state';
import { firstOffsets } from '@cadf-pipeline/event-stream';
import type { EventStream } from '@cadf-pipeline/event-stream';
import { missingEvent } from './missing-event.ts';
import { addNumber, gapsOf, uniteRanges } from './number-ranges.ts';
import type { Gap, NumberRanges } from './number-ranges.ts';
import {
  decodeSequence,
  decodeSequenceKey,
  encodeSequence,
  encodeSequenceKey,
  SEQUENCES_TOPIC,
  sequencesTopic,
} from './sequence-record.ts';

export interface NumberedIndication {
  readonly context: string;
  readonly number: number;
}

export interface SequenceWatchDependencies {
  readonly stream: EventStream;
  readonly state: Pick<ControlState, 'get'>;
  /** Names this process among all. */
  readonly writer: string;
  /** How long a number may be missing, ms. */
  readonly lifetimeMs: number;
  /** Milliseconds since 1970 UTC. */
  readonly now: () => number;
  readonly logger: { warn(fields: object, message: string): void };
  readonly onMissing: (numbers: number) => void;
  /** How often it looks. Default: a quarter of the lifetime, at most 5 s. */
  readonly intervalMs?: number;
  /** Sequences remembered; past it the one without a word for the longest time is forgotten. Default 10,000. */
  readonly maxSequences?: number;
}

export interface SequenceWatch {
  /** Reads what is remembered, then goes on reading what the others remember. */
  start(): Promise<void>;
  /** Resolves when the numbers are remembered for good. Throws what `EventStream.append` throws. */
  note(source: string, numbers: readonly NumberedIndication[]): Promise<void>;
  /** Tells what is due now; for tests, the timer does so by itself. */
  look(): Promise<void>;
  stop(): Promise<void>;
}

interface Sequence {
  readonly source: string;
  readonly context: string;
  seenMs: number;
  readonly byWriter: Map<string, NumberRanges>;
}

const DAY_MS = 86_400_000;
const FORGET_MS = 7 * DAY_MS;
const DEFAULT_MAX_SEQUENCES = 10_000;
/** With more gaps than these in one sequence, the lower ones are told at once, as one. */
const MAX_GAPS = 200;
/** Past these the lowest gap is given up untold; between two looks so many come only from a sender gone wrong. */
const MAX_RANGES = 10_000;
/** More gaps of a sequence due at once are told as one event. */
const MAX_EVENTS_AT_ONCE = 20;
const RETRY_MS = 1000;

export function createSequenceWatch(dependencies: SequenceWatchDependencies): SequenceWatch {
  const { stream, state, writer, lifetimeMs, now, logger, onMissing } = dependencies;
  const { intervalMs = Math.max(50, Math.min(lifetimeMs / 4, 5000)), maxSequences = DEFAULT_MAX_SEQUENCES } =
    dependencies;
  /** By source and context, the one seen last at the end. */
  const sequences = new Map<string, Sequence>();
  /** To be forgotten in the stream, too. */
  let evicted: Sequence[] = [];
  const next = new Map<number, number>();
  const stopping = new AbortController();
  let dirty = new Set<Sequence>();
  let writing: Promise<void> = Promise.resolve();
  let nextWrite: Promise<void> | undefined;
  let following: Promise<void> = Promise.resolve();
  let looking: Promise<void> = Promise.resolve();
  /** False: what came to other processes may not be known, so nothing is claimed. */
  let isCurrent = false;
  let timer: NodeJS.Timeout | undefined;

  function sequenceOf(source: string, context: string, seenMs: number): Sequence {
    const key = JSON.stringify([source, context]);
    const found = sequences.get(key) ?? { source, context, seenMs, byWriter: new Map() };
    found.seenMs = Math.max(found.seenMs, seenMs);
    sequences.delete(key);
    sequences.set(key, found);
    const oldest = sequences.entries().next();
    if (sequences.size > maxSequences && oldest.done !== true) {
      sequences.delete(oldest.value[0]);
      evicted.push(oldest.value[1]);
    }
    return found;
  }

  function remember(sequence: Sequence, ranges: NumberRanges): Promise<void> {
    sequence.byWriter.set(writer, ranges);
    dirty.add(sequence);
    // All that comes while one append is under way goes with the next.
    nextWrite ??= writing
      .catch(() => undefined)
      .then(() => {
        nextWrite = undefined;
        writing = write();
        return writing;
      });
    return nextWrite;
  }

  async function write(): Promise<void> {
    const batch = dirty;
    dirty = new Set();
    try {
      await stream.append(SEQUENCES_TOPIC, {
        records: [...batch].map(({ source, context, seenMs, byWriter }) => ({
          key: encodeSequenceKey({ source, context, writer }),
          value: encodeSequence({ seenMs, ranges: byWriter.get(writer) ?? [] }),
        })),
      });
    } catch (error) {
      for (const sequence of batch) dirty.add(sequence);
      throw error;
    }
  }

  async function read(follow: boolean, isOwnRead: boolean): Promise<void> {
    const options = { from: next, follow, signal: stopping.signal };
    for await (const { partition, records } of stream.read(SEQUENCES_TOPIC, options))
      for (const { key: text, value, offset } of records) {
        next.set(partition, offset + 1);
        const key = decodeSequenceKey(text);
        // What this process wrote is in memory already, and newer there.
        if (key === undefined || (key.writer === writer && !isOwnRead)) continue;
        const found = value === null ? undefined : decodeSequence(value);
        if (found !== undefined)
          sequenceOf(key.source, key.context, found.seenMs).byWriter.set(key.writer, found.ranges);
        else sequences.get(JSON.stringify([key.source, key.context]))?.byWriter.delete(key.writer);
      }
  }

  async function followOn(): Promise<void> {
    while (!stopping.signal.aborted) {
      try {
        await read(false, false);
        isCurrent = true;
        await read(true, false);
      } catch (error) {
        isCurrent = false;
        if (stopping.signal.aborted) return;
        logger.warn({ err: error }, 'numbers of indications cannot be read, trying again');
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      }
    }
  }

  async function look(): Promise<void> {
    if (!isCurrent) return;
    await forgetEvicted();
    for (const [key, sequence] of sequences) {
      try {
        if (now() - sequence.seenMs > FORGET_MS) {
          await forget(sequence);
          sequences.delete(key);
        } else await tellDue(sequence);
      } catch (error) {
        logger.warn(
          { err: error, source: sequence.source },
          'missing indications could not be told, trying again',
        );
      }
    }
  }

  async function forgetEvicted(): Promise<void> {
    const batch = evicted;
    evicted = [];
    try {
      for (const sequence of batch) await forget(sequence);
    } catch (error) {
      logger.warn({ err: error }, 'sequences of indications could not be forgotten');
    }
  }

  async function tellDue(sequence: Sequence): Promise<void> {
    const gaps = gapsOf(uniteRanges([...sequence.byWriter.values()]));
    const tooMany = gaps.length > MAX_GAPS ? gaps.length - MAX_GAPS / 2 : 0;
    const due = gaps.filter(({ sinceMs }, index) => index < tooMany || now() - sinceMs > lifetimeMs);
    const first = due[0];
    const last = due.at(-1);
    if (first === undefined || last === undefined) return;
    const told =
      due.length > MAX_EVENTS_AT_ONCE
        ? [
            {
              from: first.from,
              to: last.to,
              sinceMs: first.sinceMs,
              missing: due.reduce((sum, gap) => sum + sizeOf(gap), 0),
            },
          ]
        : due.map((gap) => ({ ...gap, missing: sizeOf(gap) }));
    for (const gap of told) await tell(sequence, gap);
    // Told is as good as come: nobody tells it again.
    const own = sequence.byWriter.get(writer) ?? [];
    await remember(
      sequence,
      uniteRanges([own, due.map(({ from, to, sinceMs }) => [from, to, sinceMs] as const)]),
    );
  }

  async function tell({ source, context }: Sequence, gap: Gap & { readonly missing: number }): Promise<void> {
    const definition = state.get('source', source)?.entity;
    const { missing, from, to } = gap;
    const event = missingEvent({ ...gap, source, name: definition?.name ?? source, context, lifetimeMs });
    await appendOwnEvent(stream, event, definition?.tenants ?? [], now());
    onMissing(missing);
    logger.warn({ source, context, from, to, missing }, 'indications of a sequence did not come');
  }

  async function forget({ source, context, byWriter }: Sequence): Promise<void> {
    await stream.append(SEQUENCES_TOPIC, {
      records: [...byWriter.keys()].map((each) => ({
        key: encodeSequenceKey({ source, context, writer: each }),
        value: null,
      })),
    });
  }

  function schedule(): void {
    looking = looking.then(look);
  }

  return {
    async start() {
      await stream.createTopics([sequencesTopic]);
      for (const [partition, first] of await firstOffsets(stream, SEQUENCES_TOPIC))
        next.set(partition, first);
      await read(false, true);
      isCurrent = true;
      following = followOn();
      timer = setInterval(schedule, intervalMs);
    },
    async note(source, numbers) {
      const atMs = now();
      const written = numbers.map(({ context, number }) => {
        const sequence = sequenceOf(source, context, atMs);
        const ranges = addNumber(sequence.byWriter.get(writer) ?? [], number, atMs);
        return remember(sequence, ranges.length > MAX_RANGES ? withoutLowestGap(ranges) : ranges);
      });
      await Promise.all(written);
    },
    look,
    async stop() {
      clearInterval(timer);
      stopping.abort();
      await following;
      await looking;
      await (nextWrite ?? writing).catch(() => undefined);
    },
  };
}

function sizeOf({ from, to }: Gap): number {
  return to - from + 1;
}

function withoutLowestGap([first, second, ...others]: NumberRanges): NumberRanges {
  return first === undefined || second === undefined ? [] : [[first[0], second[1], first[2]], ...others];
}
