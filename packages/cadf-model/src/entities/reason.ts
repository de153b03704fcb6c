import { Type } from 'typebox';
import type { Static } from 'typebox';

/** cadf:Reason: why the outcome is what it is; at least one whole pair of type and code, or policy type and id. */
export const Reason = Type.Object({
  reasonType: Type.Optional(Type.String()),
  reasonCode: Type.Optional(Type.String()),
  policyType: Type.Optional(Type.String()),
  policyId: Type.Optional(Type.String()),
});
export type Reason = Static<typeof Reason>;
