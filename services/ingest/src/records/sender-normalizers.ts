/**
 * The normalizers of the senders whose records are in one partition of `cadf.records`: one per source and sender, made
 * when its first record comes. Given the records in the order of the stream, it tells the outcomes, and from where the
 * records would have to be read again to give the same ones.
 *
 * Nothing here depends on the clock but which flush marks are wished for: those go into the stream first.
 */
import type { ResolvedSource } from '@cadf-pipeline/control-state';
import type { StreamRecord } from '@cadf-pipeline/event-stream';
import { readerOutcome } from '../source.ts';
import type { Normalizer, Outcome, RawRecord } from '../source.ts';
import { decodeReceived } from './received-record.ts';
import type { ReceivedItem } from './received-record.ts';
import { createOpenPlaces } from './replay-place.ts';
import type { ReplayPlace } from './replay-place.ts';

/** A source as it is registered now. */
export interface RegisteredSource {
  readonly resolved: ResolvedSource;
  /** Changes with its registration; 0: it is not registered. */
  readonly version: number;
}

export interface SenderNormalizersDependencies {
  readonly sourceOf: (id: string) => RegisteredSource;
  /** Undefined: its type reads no raw records. */
  readonly normalizerFor: (resolved: ResolvedSource) => Normalizer | undefined;
  readonly limits: SenderLimits;
  /** Milliseconds since 1970 UTC. */
  readonly now: () => number;
}

export interface SenderLimits {
  /** A sender silent for so long is not waited for any more: what its normalizer keeps without an outcome is told. */
  readonly idleMs: number;
  /** Longest time one sender holds back the place that a restart reads from, where more than FEW_RECORDS are behind it. */
  readonly holdMs: number;
  /** Senders remembered; past them the one that was silent for longest is flushed. */
  readonly maxSenders: number;
}

/** An outcome, and whose records it is of. */
export interface SenderOutcome {
  readonly outcome: Outcome;
  readonly source: ResolvedSource;
  readonly submitter: string;
}

/** A flush mark to be appended. */
export interface FlushWish {
  readonly key: string;
  readonly ifLast?: number;
}

export interface SenderNormalizers {
  /** The next record of the partition; the outcomes it gives, none where it is waited for more. */
  take(record: StreamRecord): readonly SenderOutcome[];
  /** Marks that are due; each is wished for once, until its sender's next record or the mark itself came. */
  wishes(): readonly FlushWish[];
  /** A wish that could not be fulfilled: wished for again. */
  refuse(wish: FlushWish): void;
  place(): ReplayPlace;
  readonly size: number;
}

interface Sender {
  readonly key: string;
  readonly version: number;
  readonly resolved: ResolvedSource;
  readonly submitter: string;
  readonly normalizer: Normalizer;
  /** Records without an outcome yet, by position. */
  readonly waiting: Map<string, RawRecord>;
  /** How many they are; a normalizer may give records that it changed. */
  owed: number;
  lastOffset: number;
  lastMs: number;
  marked: boolean;
}

/** Reading so many again takes a second, so a sender may hold them back for long. */
const FEW_RECORDS = 20_000;
/** As long as sources remember the beginning of an operation (`normalize/open-operations.ts`). */
const HOLD_FEW_MS = 86_400_000;

/** Why records of a source cannot be read at all. */
type Refusal = Omit<Extract<Outcome, { readonly kind: 'dead-letter' }>, 'records'>;

type RecordItem = Extract<ReceivedItem, { readonly kind: 'record' }>;

export function createSenderNormalizers(
  topic: string,
  start: ReplayPlace,
  { sourceOf, normalizerFor, limits, now }: SenderNormalizersDependencies,
): SenderNormalizers {
  // In the order of their last records, the most silent first.
  const senders = new Map<string, Sender>();
  const places = createOpenPlaces(start);
  let next = start.at;

  function takeRecord(item: RecordItem, { key, partition, offset }: StreamRecord): readonly SenderOutcome[] {
    const { source, submitter } = item;
    const record: RawRecord =
      item.record.position === undefined
        ? { ...item.record, position: `${topic}/${partition}:${offset}` }
        : item.record;
    const registered = sourceOf(source);
    const { resolved } = registered;
    const alone = (outcome: Outcome): SenderOutcome => ({ outcome, source: resolved, submitter });
    const unread = readerOutcome(record);
    if (unread !== undefined) return [alone(unread)];
    const outcomes: SenderOutcome[] = [];
    let sender = senders.get(key);
    if (sender !== undefined && sender.version !== registered.version) {
      outcomes.push(...end(sender, offset));
      sender = undefined;
    }
    if (sender === undefined) {
      const met = meet(key, registered, submitter);
      if ('kind' in met) return [...outcomes, alone({ ...met, records: [record] })];
      sender = met;
    }
    sender.lastOffset = offset;
    sender.lastMs = now();
    sender.marked = false;
    senders.delete(key);
    senders.set(key, sender);
    return [...outcomes, ...push(sender, record, offset)];
  }

  function meet(key: string, { resolved, version }: RegisteredSource, submitter: string): Sender | Refusal {
    const { id, type } = resolved;
    if (version === 0)
      return refusal(
        'INGEST_SOURCE_UNKNOWN',
        `Source ${id} is not registered. Register it with PUT /cadf/v1/admin/sources/${id}.`,
      );
    let normalizer: Normalizer | undefined;
    try {
      normalizer = normalizerFor(resolved);
    } catch (error) {
      return refusal('INGEST_NORMALIZER_FAILED', failureOf(resolved, error));
    }
    if (normalizer === undefined)
      return refusal(
        'INGEST_SOURCE_NOT_RAW',
        `Source ${id} is of type ${type}, which reads no raw records. Give it the type of its log.`,
      );
    const waiting = new Map<string, RawRecord>();
    const begun = { waiting, owed: 0, lastOffset: -1, lastMs: 0, marked: false };
    return { key, version, resolved, submitter, normalizer, ...begun };
  }

  function push(sender: Sender, record: RawRecord, offset: number): readonly SenderOutcome[] {
    const { normalizer } = sender;
    let outcomes: readonly Outcome[];
    let held: number;
    try {
      outcomes = normalizer.push(record);
      held = normalizer.held;
    } catch (error) {
      return broken(sender, [record], error, offset + 1);
    }
    const [first] = outcomes;
    const isPlain = sender.owed === 0 && outcomes.length === 1 && first?.records.length === 1;
    if (!isPlain) settle(sender, [record], outcomes);
    const told = outcomes.map((outcome) => of(sender, outcome));
    if (held > 0) {
      // The first line of a record, which waits for the next one to be known whole: nothing before it is needed.
      if (held === 1 && sender.owed === 1 && sender.waiting.has(record.position ?? ''))
        places.close(sender.key, offset);
      places.open(sender.key, offset, now());
      return told;
    }
    places.close(sender.key, offset + 1);
    return sender.owed === 0 ? told : [...told, ...forgotten(sender)];
  }

  /** Keeps account of what is waited for. */
  function settle(sender: Sender, records: readonly RawRecord[], outcomes: readonly Outcome[]): void {
    for (const record of records) sender.waiting.set(record.position ?? '', record);
    sender.owed += records.length;
    for (const outcome of outcomes) {
      sender.owed -= outcome.records.length;
      for (const { position } of outcome.records) sender.waiting.delete(position ?? '');
    }
    if (sender.owed > 0) return;
    sender.owed = 0;
    sender.waiting.clear();
  }

  function isHeldTooLong(key: string, nowMs: number): boolean {
    const opening = places.opening(key);
    if (opening === undefined) return false;
    const heldMs = nowMs - opening.sinceMs;
    return heldMs >= (next - opening.from > FEW_RECORDS ? limits.holdMs : HOLD_FEW_MS);
  }

  /** A flush forgets the beginnings of operations, too: their ends may be far off. */
  function patienceFor({ normalizer, owed }: Sender): number {
    return normalizer.held > owed ? limits.holdMs : limits.idleMs;
  }

  /** The end of a normalizer: what it holds is told, and it holds nothing before `at`. */
  function end(sender: Sender, at: number): readonly SenderOutcome[] {
    senders.delete(sender.key);
    places.close(sender.key, at);
    let outcomes: readonly Outcome[];
    try {
      outcomes = sender.normalizer.flush();
    } catch (error) {
      return broken(sender, [], error, at);
    }
    settle(sender, [], outcomes);
    return [...outcomes.map((outcome) => of(sender, outcome)), ...forgotten(sender)];
  }

  /** A normalizer that throws is a fault of the program: its records are kept, and it starts anew. */
  function broken(
    sender: Sender,
    records: readonly RawRecord[],
    error: unknown,
    at: number,
  ): readonly SenderOutcome[] {
    senders.delete(sender.key);
    places.close(sender.key, at);
    const all = [...sender.waiting.values(), ...records];
    return buried(sender, all, 'INGEST_NORMALIZER_FAILED', failureOf(sender.resolved, error));
  }

  function forgotten(sender: Sender): readonly SenderOutcome[] {
    const records = [...sender.waiting.values()];
    sender.waiting.clear();
    sender.owed = 0;
    return buried(
      sender,
      records,
      'INGEST_NORMALIZER_FAILED',
      `The reader of source type ${sender.resolved.type} gave no outcome for it.`,
    );
  }

  return {
    take(record) {
      const { key, offset } = record;
      next = offset + 1;
      if (places.isSkipped(key, offset)) return [];
      const item = decodeReceived(record);
      if (item.kind === 'record') return takeRecord(item, record);
      const sender = senders.get(key);
      if (sender === undefined) return [];
      sender.marked = false;
      return item.ifLast === undefined || item.ifLast === sender.lastOffset ? end(sender, offset + 1) : [];
    },
    wishes() {
      const nowMs = now();
      const wishes: FlushWish[] = [];
      for (const key of places.keys()) {
        const sender = senders.get(key);
        if (sender === undefined || sender.marked) continue;
        const isSilent = sender.owed > 0 && nowMs - sender.lastMs >= patienceFor(sender);
        const isOld = isHeldTooLong(key, nowMs);
        if (isOld) wishes.push({ key });
        else if (isSilent) wishes.push({ key, ifLast: sender.lastOffset });
        sender.marked = isOld || isSilent;
      }
      for (const [key, sender] of senders) {
        if (senders.size <= limits.maxSenders) break;
        if (places.opening(key) === undefined) senders.delete(key);
        else if (!sender.marked) {
          sender.marked = true;
          wishes.push({ key });
        }
      }
      return wishes;
    },
    refuse({ key }) {
      const sender = senders.get(key);
      if (sender !== undefined) sender.marked = false;
    },
    place: () => places.place(next),
    get size() {
      return senders.size;
    },
  };
}

function of(sender: Sender, outcome: Outcome): SenderOutcome {
  return { outcome, source: sender.resolved, submitter: sender.submitter };
}

function buried(
  sender: Sender,
  records: readonly RawRecord[],
  code: string,
  detail: string,
): readonly SenderOutcome[] {
  return records.length === 0 ? [] : [of(sender, { kind: 'dead-letter', code, detail, records })];
}

function refusal(code: string, detail: string): Refusal {
  return { kind: 'dead-letter', code, detail };
}

function failureOf({ type }: ResolvedSource, error: unknown): string {
  return `The reader of source type ${type} failed: ${error instanceof Error ? error.message : String(error)}`;
}
