import { Type } from 'typebox';
import type { Static } from 'typebox';
import { Attachment } from './attachment.ts';
import { CadfEvent } from './event.ts';
import { Geolocation } from './geolocation.ts';
import { Identifier } from './identifier.ts';
import { Metric } from './metric.ts';
import { Resource } from './resource.ts';
import { Timestamp } from './timestamp.ts';
import { logTypeUri } from './uris.ts';

/**
 * cadf:Log: events with the resources, geolocations and metrics they refer to by id. Confirmed are `typeURI`,
 * `metrics`, `events` and the shared definitions; the other members are as remembered, all optional here.
 */
export const Log = Type.Object({
  typeURI: Type.Literal(logTypeUri),
  id: Type.Optional(Identifier),
  logTime: Type.Optional(Timestamp),
  generatorId: Type.Optional(Identifier),
  generator: Type.Optional(Resource),
  name: Type.Optional(Type.String()),
  description: Type.Optional(Type.String()),
  resources: Type.Optional(Type.Array(Resource)),
  geolocations: Type.Optional(Type.Array(Geolocation)),
  metrics: Type.Optional(Type.Array(Metric)),
  events: Type.Optional(Type.Array(CadfEvent)),
  attachments: Type.Optional(Type.Array(Attachment)),
});
export type Log = Static<typeof Log>;
