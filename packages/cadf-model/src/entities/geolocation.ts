import { Type } from 'typebox';
import type { Static } from 'typebox';
import { CadfMap } from './map.ts';

/**
 * cadf:Geolocation: one physical place; at least one property. Coordinates are text as in ISO 6709:2008 annex H
 * (`+37.37`, `-1220210.20`); elevation and accuracy are metres, as numbers or as text.
 */
export const Geolocation = Type.Object({
  id: Type.Optional(Type.String()),
  latitude: Type.Optional(Type.String()),
  longitude: Type.Optional(Type.String()),
  elevation: Type.Optional(Type.Union([Type.Number(), Type.String()])),
  accuracy: Type.Optional(Type.Union([Type.Number(), Type.String()])),
  city: Type.Optional(Type.String()),
  state: Type.Optional(Type.String()),
  regionICANN: Type.Optional(Type.String()),
  annotations: Type.Optional(CadfMap),
});
export type Geolocation = Static<typeof Geolocation>;
