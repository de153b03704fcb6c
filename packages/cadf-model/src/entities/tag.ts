import { Type } from 'typebox';
import type { Static } from 'typebox';

/** cadf:Tag: `[//namespace/]name[?value=value]`, reserved characters of the value percent-encoded. */
export const Tag = Type.String({ minLength: 1, maxLength: 4096 });
export type Tag = Static<typeof Tag>;
