import { Type } from 'typebox';
import type { Static } from 'typebox';

/** cadf:Timestamp: xs:dateTime with a mandatory `+hh:mm` offset; `Z` is forbidden. Reader: ../timestamp.ts. */
export const Timestamp = Type.String({
  maxLength: 64,
  pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d+)?[+-]\\d{2}:\\d{2}$',
});
export type Timestamp = Static<typeof Timestamp>;
