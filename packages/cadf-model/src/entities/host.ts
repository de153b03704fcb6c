import { Type } from 'typebox';
import type { Static } from 'typebox';

/** cadf:Host: the machine or program a resource acts through. `address` is a URI, in practice often a bare IP. */
export const Host = Type.Object({
  id: Type.Optional(Type.String()),
  address: Type.Optional(Type.String()),
  agent: Type.Optional(Type.String()),
  platform: Type.Optional(Type.String()),
});
export type Host = Static<typeof Host>;
