/**
 * The topic that remembers which numbers of sequences of indications have come: one record per source, context and
 * listener process, the newest state of each.
 */
import type { TopicSettings } from '@cadf-pipeline/event-stream';
import Type from 'typebox';
import { Value } from 'typebox/value';
import type { NumberRanges } from './number-ranges.ts';

export const SEQUENCES_TOPIC = 'cadf.wbem-sequences';
export const sequencesTopic: TopicSettings = { name: SEQUENCES_TOPIC, partitions: 1, cleanup: 'compact' };

export interface SequenceKey {
  readonly source: string;
  /** SequenceContext of DSP1054. */
  readonly context: string;
  /** The listener process. */
  readonly writer: string;
}

export interface SequenceState {
  /** When its last number came, ms since 1970 UTC. */
  readonly seenMs: number;
  readonly ranges: NumberRanges;
}

const Count = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });
const Stored = Type.Object({
  seenMs: Count,
  ranges: Type.Array(Type.Tuple([Count, Count, Count]), { maxItems: 20_000 }),
});
const StoredKey = Type.Tuple([Type.String(), Type.String(), Type.String()]);

export function encodeSequenceKey({ source, context, writer }: SequenceKey): string {
  return JSON.stringify([source, context, writer]);
}

export function encodeSequence(state: SequenceState): Buffer {
  return Buffer.from(JSON.stringify(state));
}

/** Undefined where the key is none of ours. */
export function decodeSequenceKey(text: string): SequenceKey | undefined {
  const value = parsed(text);
  if (!Value.Check(StoredKey, value)) return undefined;
  const [source, context, writer] = value;
  return { source, context, writer };
}

/** Undefined for what is none. */
export function decodeSequence(bytes: Buffer): SequenceState | undefined {
  const value = parsed(bytes.toString());
  return Value.Check(Stored, value) ? value : undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
