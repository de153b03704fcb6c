import { Type } from 'typebox';
import type { Static } from 'typebox';

/**
 * cadf:Attachment: domain-specific content. `contentType` is a URI naming its type; pyCADF and Keystone write it
 * as `typeURI`, which is read as the same.
 */
export const Attachment = Type.Object({
  contentType: Type.Optional(Type.String()),
  typeURI: Type.Optional(Type.String()),
  content: Type.Unknown(),
  name: Type.Optional(Type.String()),
});
export type Attachment = Static<typeof Attachment>;
