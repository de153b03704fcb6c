/**
 * What a commit of the group cannot say: which senders' records behind it have had their outcomes (`ReplayPlace.skip`).
 * Kept in the compacted topic of checkpoints; written only where there are any.
 */
import type { EventStream } from '@cadf-pipeline/event-stream';
import { Type } from 'typebox';
import { Value } from 'typebox/value';
import { CHECKPOINTS_TOPIC } from '../topics.ts';
import type { ReplayPlace } from './replay-place.ts';

const Stored = Type.Object({
  at: Type.Integer({ minimum: 0 }),
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
  const kept = new Map<string, ReplayPlace>();
  const from = new Map(
    [...(await stream.bounds(CHECKPOINTS_TOPIC))].map(([partition, { first }]) => [partition, first]),
  );
  for await (const batch of stream.read(CHECKPOINTS_TOPIC, { from, follow: false }))
    for (const { key, value } of batch.records) {
      const place = value === null || !key.startsWith(`${topic}\n`) ? undefined : parse(value);
      if (place !== undefined) kept.set(key, place);
    }
  return new Map(
    partitions.map((partition) => {
      const at = committed.get(partition) ?? 0;
      const place = kept.get(keyOf(topic, partition));
      // It is written before the commit it belongs to: one behind the commit is of an earlier one.
      return [partition, place !== undefined && place.at >= at ? place : { at, skip: new Map() }];
    }),
  );
}

/** Resolves when the place is durable: true, or false when it is too large to be kept. */
export async function keepReplayPlace(
  stream: EventStream,
  topic: string,
  group: string,
  partition: number,
  place: ReplayPlace,
): Promise<boolean> {
  if (place.skip.size > 0) {
    const value = Buffer.from(JSON.stringify({ at: place.at, skip: [...place.skip] }));
    if (value.length > MAX_BYTES) return false;
    await stream.append(CHECKPOINTS_TOPIC, { records: [{ key: keyOf(topic, partition), value }] });
  }
  await stream.commit(topic, group, new Map([[partition, place.at]]));
  return true;
}

function keyOf(topic: string, partition: number): string {
  return `${topic}\n${partition}`;
}

function parse(value: Buffer): ReplayPlace | undefined {
  try {
    const stored: unknown = JSON.parse(value.toString());
    return Value.Check(Stored, stored) ? { at: stored.at, skip: new Map(stored.skip) } : undefined;
  } catch {
    return undefined;
  }
}
