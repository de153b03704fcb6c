/** Places of events as columns of an answer, as parameters of a statement, and as keys. */
import { numberAt } from '../engine/rows.ts';
import type { Row } from '../engine/rows.ts';
import type { StoredPosition } from '../acceptance.ts';
import type { EventPlace } from '../interface.ts';

/** What `readPlace` reads, at the beginning of a row. */
export const PLACE_SELECT = 'toUnixTimestamp64Milli(event_time), partition, offset';

export function readPlace(row: Row): EventPlace {
  return { timeMs: numberAt(row, 0), partition: numberAt(row, 1), offset: numberAt(row, 2) };
}

/** A list of places, as `placesParams` gives it. */
export const PLACES = 'arrayZip({store_place_parts: Array(UInt32)}, {store_place_offsets: Array(UInt64)})';

export function placesParams(places: readonly StoredPosition[], add = 0): Record<string, unknown> {
  return {
    store_place_parts: places.map(({ partition }) => partition),
    store_place_offsets: places.map(({ offset }) => offset + add),
  };
}

export function placeKey({
  partition,
  offset,
}: {
  readonly partition: number;
  readonly offset: number;
}): string {
  return `${partition}/${offset}`;
}
