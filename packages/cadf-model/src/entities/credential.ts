import { Type } from 'typebox';
import type { Static } from 'typebox';
import { CadfMap } from './map.ts';

/** cadf:Credential: what an identity was proven with. `token` should be masked before it is recorded. */
export const Credential = Type.Object({
  type: Type.Optional(Type.String()),
  token: Type.Unknown(),
  authority: Type.Optional(Type.String()),
  assertions: Type.Optional(CadfMap),
});
export type Credential = Static<typeof Credential>;
