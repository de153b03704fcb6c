import { Type } from 'typebox';
import type { Static } from 'typebox';
import { Identifier } from './identifier.ts';
import { Metric } from './metric.ts';
import { Resource } from './resource.ts';

/** cadf:Measurement: a result and its metric, exactly one of `metric` and `metricId`; who calculated it if not the initiator. */
export const Measurement = Type.Object({
  result: Type.Unknown(),
  metric: Type.Optional(Metric),
  metricId: Type.Optional(Identifier),
  calculatedBy: Type.Optional(Resource),
  calculatedById: Type.Optional(Identifier),
});
export type Measurement = Static<typeof Measurement>;
