import { Type } from 'typebox';
import type { Static } from 'typebox';
import { Attachment } from './attachment.ts';
import { Credential } from './credential.ts';
import { Endpoint } from './endpoint.ts';
import { Geolocation } from './geolocation.ts';
import { Host } from './host.ts';
import { Identifier } from './identifier.ts';
import { Path } from './path.ts';

/** cadf:Resource: who did it, what it was done to, who observed or reported it. */
export const Resource = Type.Object({
  id: Identifier,
  typeURI: Path,
  name: Type.Optional(Type.String()),
  domain: Type.Optional(Type.String()),
  credential: Type.Optional(Credential),
  addresses: Type.Optional(Type.Array(Endpoint)),
  host: Type.Optional(Host),
  geolocation: Type.Optional(Geolocation),
  geolocationId: Type.Optional(Identifier),
  attachments: Type.Optional(Type.Array(Attachment)),
});
export type Resource = Static<typeof Resource>;

/**
 * The OpenStack short form (DSP2038): `{"id": "target"}` in the place of a resource means the one that plays that
 * role in the same event.
 */
export const ResourceReference = Type.Object({
  id: Type.Union([Type.Literal('initiator'), Type.Literal('target'), Type.Literal('observer')]),
});
export type ResourceReference = Static<typeof ResourceReference>;
