/** Who owns what an API key made. */
import { KEY_ID_PATTERN } from '@cadf-pipeline/service-kit';
import Type from 'typebox';
import type { Static } from 'typebox';

/** The schema of an owner. */
export const keyOwner = (description: string) =>
  Type.Object(
    {
      kind: Type.Literal('key'),
      id: Type.String({ pattern: KEY_ID_PATTERN }),
      name: Type.String({ maxLength: 1024 }),
      /** When the key was made: another one that is given the same id is not the owner. None of the bootstrap key. */
      since: Type.Optional(Type.String({ maxLength: 64 })),
    },
    { additionalProperties: false, description },
  );
export type KeyOwner = Static<ReturnType<typeof keyOwner>>;
