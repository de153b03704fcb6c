/**
 * What a commit of the group cannot say: which senders' records behind it have had their outcomes (`ReplayPlace.skip`).
 * Kept in the compacted topic of checkpoints; written only where there are any.
 */
import { firstOffsets } from '@cadf-pipeline/event-stream';
import type { EventStream } from '@cadf-pipeline/event-stream';
import { Type } from 'typebox';
import type { Static } from 'typebox';
import { Value } from 'typebox/value';
import { CHECKPOINTS_TOPIC } from '../topics.ts';
import type { ReplayPlace } from './replay-place.ts';

const Stored = Type.Object({
  at: Type.Integer({ minimum: 0 }),
  /** The commit it was written over. */
  before: Type.Integer({ minimum: 0 }),
  skip: Type.Array(Type.Tuple([Type.String(), Type.Integer({ minimum: 0 })])),
});

/** Most bytes of one checkpoint; a place that needs more is not kept, the one before stays. */
const MAX_BYTES = 1024 * 1024;

/** Per partition the place to read from: the group's commit, with what is to be skipped behind it. */
export async function loadReplayPlaces(
  stream: EventStream,
  topic: string,
  group: string,
  partitions: readonly number[],
): Promise<ReadonlyMap<number, ReplayPlace>> {
  const committed = await stream.committed(topic, group);
  const kept = new Map<string, Static<typeof Stored>>();
  const from = await firstOffsets(stream, CHECKPOINTS_TOPIC);
  for await (const batch of stream.read(CHECKPOINTS_TOPIC, { from, follow: false }))
    for (const { key, value } of batch.records) {
      const place = value === null || !key.startsWith(`${topic}\n`) ? undefined : parse(value);
      if (place !== undefined) kept.set(key, place);
    }
  return new Map(
    partitions.map((partition) => {
      const at = committed.get(partition);
      const checkpoint = kept.get(keyOf(topic, partition));
      // It is written before the commit it belongs to. One that fits neither is of an earlier place, or of a topic of
      // the same name that is gone. What was never committed is read from its beginning, where nobody held anything.
      const fits = checkpoint !== undefined && (at === checkpoint.at || at === checkpoint.before);
      return [
        partition,
        fits ? { at: checkpoint.at, skip: new Map(checkpoint.skip) } : { at: at ?? 0, skip: new Map() },
      ];
    }),
  );
}

/** Resolves when the place is durable: true, or false when it is too large to be kept. `before`: the last one kept. */
export async function keepReplayPlace(
  stream: EventStream,
  topic: string,
  group: string,
  partition: number,
  place: ReplayPlace,
  before: number,
): Promise<boolean> {
  if (place.skip.size > 0) {
    const value = Buffer.from(JSON.stringify({ at: place.at, before, skip: [...place.skip] }));
    if (value.length > MAX_BYTES) return false;
    await stream.append(CHECKPOINTS_TOPIC, { records: [{ key: keyOf(topic, partition), value }] });
  }
  await stream.commit(topic, group, new Map([[partition, place.at]]));
  return true;
}

function keyOf(topic: string, partition: number): string {
  return `${topic}\n${partition}`;
}

function parse(value: Buffer): Static<typeof Stored> | undefined {
  try {
    const stored: unknown = JSON.parse(value.toString());
    return Value.Check(Stored, stored) ? stored : undefined;
  } catch {
    return undefined;
  }
}
