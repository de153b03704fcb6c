import { Type } from 'typebox';
import type { Static } from 'typebox';
import { Attachment } from './attachment.ts';
import { CadfEvent } from './event.ts';
import { Geolocation } from './geolocation.ts';
import { Identifier } from './identifier.ts';
import { Log } from './log.ts';
import { Metric } from './metric.ts';
import { Resource } from './resource.ts';
import { Timestamp } from './timestamp.ts';
import { reportTypeUri } from './uris.ts';

/** cadf:Report: like a Log, made for a reader; it may contain whole Logs. Confirmation as for Log. */
export const Report = Type.Object({
  typeURI: Type.Literal(reportTypeUri),
  id: Type.Optional(Identifier),
  reportTime: Type.Optional(Timestamp),
  generatorId: Type.Optional(Identifier),
  generator: Type.Optional(Resource),
  name: Type.Optional(Type.String()),
  description: Type.Optional(Type.String()),
  resources: Type.Optional(Type.Array(Resource)),
  geolocations: Type.Optional(Type.Array(Geolocation)),
  metrics: Type.Optional(Type.Array(Metric)),
  events: Type.Optional(Type.Array(CadfEvent)),
  logs: Type.Optional(Type.Array(Log)),
  attachments: Type.Optional(Type.Array(Attachment)),
});
export type Report = Static<typeof Report>;
