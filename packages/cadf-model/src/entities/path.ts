import { Type } from 'typebox';
import type { Static } from 'typebox';

/** cadf:Path: `/`-separated, relative to the taxonomy its property implies, or an absolute URI. */
export const Path = Type.String({ minLength: 1, maxLength: 1024 });
export type Path = Static<typeof Path>;
