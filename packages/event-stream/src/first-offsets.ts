import type { EventStream } from './interface.ts';

/** Where a whole topic begins, per partition: what `read` takes as `from`. Throws what `bounds` throws. */
export async function firstOffsets(
  stream: Pick<EventStream, 'bounds'>,
  topic: string,
): Promise<Map<number, number>> {
  return new Map([...(await stream.bounds(topic))].map(([partition, { first }]) => [partition, first]));
}
