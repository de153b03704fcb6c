import { Type } from 'typebox';
import type { Static } from 'typebox';

/** One entry of a cadf:Map in the array form. */
export const MapItem = Type.Object({ key: Type.String(), value: Type.Unknown() });
export type MapItem = Static<typeof MapItem>;

/**
 * cadf:Map: string keys, any values. Sources disagree on the JSON form: an array of `{key, value}` (what is
 * written here) or an object; both are read.
 */
export const CadfMap = Type.Union([Type.Array(MapItem), Type.Record(Type.String(), Type.Unknown())]);
export type CadfMap = Static<typeof CadfMap>;
