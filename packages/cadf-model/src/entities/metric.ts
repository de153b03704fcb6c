import { Type } from 'typebox';
import type { Static } from 'typebox';
import { Identifier } from './identifier.ts';
import { CadfMap } from './map.ts';

/** cadf:Metric: what a measurement measures. Its key is `metricId`, not `id`. */
export const Metric = Type.Object({
  metricId: Identifier,
  unit: Type.String(),
  name: Type.Optional(Type.String()),
  annotations: Type.Optional(CadfMap),
});
export type Metric = Static<typeof Metric>;
