import { Type } from 'typebox';
import type { Static } from 'typebox';
import { Attachment } from './attachment.ts';
import { Identifier } from './identifier.ts';
import { Measurement } from './measurement.ts';
import { Path } from './path.ts';
import { Reason } from './reason.ts';
import { Reporterstep } from './reporterstep.ts';
import { Resource, ResourceReference } from './resource.ts';
import { Tag } from './tag.ts';
import { Timestamp } from './timestamp.ts';
import { eventTypeUri } from './uris.ts';

/** The closed set of event types (DSP0262 4.5.1). */
export const EventType = Type.Union([
  Type.Literal('monitor'),
  Type.Literal('activity'),
  Type.Literal('control'),
]);
export type EventType = Static<typeof EventType>;

const Role = Type.Union([Resource, ResourceReference]);

/**
 * cadf:Event (DSP0262 6.6.1). Of each role exactly one of the object and the id form; `reason` is required for
 * control events, `measurements` for monitor events. Members not named here are allowed and kept.
 */
export const CadfEvent = Type.Object({
  typeURI: Type.Literal(eventTypeUri),
  id: Identifier,
  eventType: EventType,
  eventTime: Timestamp,
  action: Path,
  outcome: Path,
  initiator: Type.Optional(Role),
  initiatorId: Type.Optional(Identifier),
  target: Type.Optional(Role),
  targetId: Type.Optional(Identifier),
  observer: Type.Optional(Role),
  observerId: Type.Optional(Identifier),
  reason: Type.Optional(Reason),
  measurements: Type.Optional(Type.Array(Measurement)),
  name: Type.Optional(Type.String()),
  severity: Type.Optional(Type.String()),
  duration: Type.Optional(Type.String()),
  tags: Type.Optional(Type.Array(Tag)),
  attachments: Type.Optional(Type.Array(Attachment)),
  reporterchain: Type.Optional(Type.Array(Reporterstep)),
});
export type CadfEvent = Static<typeof CadfEvent>;
