import { Type } from 'typebox';
import type { Static } from 'typebox';
import { Attachment } from './attachment.ts';
import { Identifier } from './identifier.ts';
import { Resource, ResourceReference } from './resource.ts';
import { Timestamp } from './timestamp.ts';

/** cadf:Reporterstep: one handling of the record; exactly one of `reporter` and `reporterId`. */
export const Reporterstep = Type.Object({
  role: Type.Union([Type.Literal('observer'), Type.Literal('modifier'), Type.Literal('relay')]),
  reporter: Type.Optional(Type.Union([Resource, ResourceReference])),
  reporterId: Type.Optional(Identifier),
  reporterTime: Type.Optional(Timestamp),
  attachments: Type.Optional(Type.Array(Attachment)),
});
export type Reporterstep = Static<typeof Reporterstep>;
