/**
 * Where a topic ended before a batch was first sent: what `Sink.mark` keeps. The next offset of each partition from the
 * first on, base 36, separated by commas.
 */
import type { Bounds } from '@cadf-pipeline/event-stream';

/** Of partitions; more would not fit into a mark of 4 KiB whatever their offsets. */
export const MAX_TARGET_PARTITIONS = 340;

export function encodeMark(bounds: ReadonlyMap<number, Bounds>): string {
  return Array.from({ length: bounds.size }, (_, partition) =>
    (bounds.get(partition)?.next ?? 0).toString(36),
  ).join(',');
}

/** Next offset by partition; partitions that came later are not in it. Undefined: that is no mark. */
export function decodeMark(mark: string): ReadonlyMap<number, number> | undefined {
  if (!/^[\da-z,]{1,4096}$/.test(mark)) return undefined;
  const offsets = mark.split(',').map((text) => Number.parseInt(text, 36));
  return offsets.every((offset) => Number.isSafeInteger(offset))
    ? new Map(offsets.map((offset, partition) => [partition, offset]))
    : undefined;
}
