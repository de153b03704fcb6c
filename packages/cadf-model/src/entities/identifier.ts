import { Type } from 'typebox';
import type { Static } from 'typebox';

/**
 * cadf:Identifier: a URI reference (RFC 3986) made universally unique; compared as opaque, case-sensitive text.
 * Values that are no UUIDs are legal. At most 1,024 characters here, which is what the store keeps as a key.
 */
export const Identifier = Type.String({ minLength: 1, maxLength: 1024 });
export type Identifier = Static<typeof Identifier>;
