import { Type } from 'typebox';
import type { Static } from 'typebox';

/** cadf:Endpoint: an address of a resource; `port` is text of its own so that it can be queried. */
export const Endpoint = Type.Object({
  url: Type.String(),
  name: Type.Optional(Type.String()),
  port: Type.Optional(Type.String()),
});
export type Endpoint = Static<typeof Endpoint>;
