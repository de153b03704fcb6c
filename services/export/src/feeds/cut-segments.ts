/** Reads what a period has of events, and writes it to the files of its segments: of those in time, and of late ones. */
import type { Feed } from '@cadf-pipeline/control-state';
import { createTurns } from '@cadf-pipeline/event-formats';
import { parseFilter, sqlCondition } from '@cadf-pipeline/event-filter';
import type { AcceptedQuery, EventStore, Scope } from '@cadf-pipeline/event-store';
import { feedErrors } from './feed-errors.ts';
import type { Stage } from './feed-directory.ts';
import { FeedStop } from './feed-stop.ts';
import type { Give } from './given-event.ts';
import { createSegmentOutput } from './segment-output.ts';
import type { SegmentContent, SegmentForm } from './segment-output.ts';

/** What is cut into segments together: the events of one period, or as many as one segment takes. */
export interface Stretch {
  /** Of the first segment. */
  readonly sequence: number;
  readonly from: ReadonlyMap<number, number>;
  readonly upto: ReadonlyMap<number, number>;
  /** eventTime at or after; of what was stored before the feed was made. */
  readonly fromMs?: number;
  /** Events before it are late; undefined: none is. */
  readonly lateBeforeMs: number | undefined;
  /** Most events, and bytes of them, of one segment. */
  readonly most: { readonly events: number; readonly bytes: number };
}

export interface Cut {
  readonly inTime: SegmentContent;
  readonly late: SegmentContent;
  /** Behind what was cut: `upto`, or before it where the segment was full. */
  readonly reached: ReadonlyMap<number, number>;
  readonly isFull: boolean;
  readonly redacted: number;
  /** By code: how many could not be given away. */
  readonly withheld: ReadonlyMap<string, number>;
}

export interface CutDependencies {
  readonly store: Pick<EventStore, 'accepted'>;
  readonly scope: Scope;
  readonly feed: Pick<Feed, 'filter' | 'source'>;
  readonly stage: Stage;
  readonly form: SegmentForm;
  readonly give: Give;
  readonly signal: AbortSignal;
}

/** Throws FeedStop for a filter that cannot be used. */
export async function cutSegments(deps: CutDependencies, stretch: Stretch): Promise<Cut> {
  const { form, give, scope, signal, stage, store } = deps;
  const { fromMs, lateBeforeMs, most, sequence, upto } = stretch;
  const inTime = createSegmentOutput(stage, sequence, form);
  const late = createSegmentOutput(stage, sequence + 1, form);
  const from = new Map([...upto.keys()].map((partition) => [partition, stretch.from.get(partition) ?? 0]));
  const reached = new Map([...stretch.from, ...from]);
  let redacted = 0;
  const withheld = new Map<string, number>();
  let isFull = false;
  // Redacting a block takes long where rules are many, and others are served in between.
  const giveWay = createTurns();

  const isOver = (output: typeof inTime): boolean => output.count >= most.events || output.size >= most.bytes;

  try {
    const query: AcceptedQuery = {
      from,
      upto,
      ...questionOf(deps.feed),
      ...(fromMs === undefined ? {} : { fromMs }),
    };
    reading: for await (const block of store.accepted(scope, query, signal)) {
      for (const { offset, partition, receivedMs, source, text } of block.events) {
        await giveWay();
        const given = give(text, source);
        reached.set(partition, offset + 1);
        if (typeof given === 'string') {
          withheld.set(given, (withheld.get(given) ?? 0) + 1);
          continue;
        }
        if (given.isRedacted) redacted++;
        const isLate = lateBeforeMs !== undefined && given.eventTimeMs < lateBeforeMs;
        const output = isLate ? late : inTime;
        output.add(given.text, { source, receivedMs, partition, offset });
        isFull = isOver(output);
        if (isFull) break reading;
      }
      await inTime.flush();
      await late.flush();
    }
    const contents = { inTime: await inTime.end(), late: await late.end() };
    return {
      ...contents,
      reached: isFull ? reached : new Map([...stretch.from, ...upto]),
      isFull,
      redacted,
      withheld,
    };
  } catch (error) {
    await inTime.abandon();
    await late.abandon();
    throw error;
  }
}

function questionOf({ filter, source }: CutDependencies['feed']): Pick<AcceptedQuery, 'source' | 'where'> {
  const parsed = filter === undefined ? undefined : parseFilter(filter);
  if (parsed?.ok === false)
    throw new FeedStop(
      feedErrors.FEED_FILTER_INVALID,
      `Column ${parsed.fault.column}: ${parsed.fault.message}.`,
    );
  return {
    ...(source === undefined ? {} : { source }),
    ...(parsed === undefined ? {} : { where: sqlCondition(parsed.filter) }),
  };
}
