import { Type } from 'typebox';
import type { Static } from 'typebox';
import { queryErrors } from '../errors.ts';
import { selectionParameters, selectionProblems, strictQuery } from '../query-parameters.ts';
import { intervalNames, maxBuckets } from '../timeline/buckets.ts';

export const TimelineQuery = Type.Object(
  {
    ...selectionParameters,
    interval: Type.Optional(
      Type.String({
        maxLength: 16,
        description: `\`auto\` (default: about 100 to 200 buckets) or one of ${intervalNames.join(', ')} (m minutes, M months). At most ${maxBuckets} buckets. Weeks begin on Monday.`,
        examples: ['1d'],
      }),
    ),
    zone: Type.Optional(
      Type.String({
        maxLength: 64,
        description:
          'Whose days and hours: a time zone such as `Europe/Berlin`, or an offset such as `+05:30`; default UTC.',
        examples: ['Europe/Berlin'],
      }),
    ),
    by: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 512,
        description:
          'Also count by `source` or a path that is kept in a column, a series for each of its most frequent values.',
        examples: ['outcome'],
      }),
    ),
    top: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 50, description: 'Series at most; default 5.', examples: [5] }),
    ),
  },
  strictQuery,
);
export type TimelineQuery = Static<typeof TimelineQuery>;

const Counts = Type.Array(Type.Integer({ minimum: 0 }));

export const TimelineAnswer = Type.Object(
  {
    interval: Type.String({ description: 'As asked for, or as `auto` chose.' }),
    zone: Type.String(),
    total: Type.Integer({ minimum: 0, description: 'Events of all buckets.' }),
    buckets: Type.Array(
      Type.Object({
        start: Type.String({ description: 'RFC 3339 in the zone. The bucket ends where the next begins.' }),
        count: Type.Integer({ minimum: 0 }),
      }),
      {
        description:
          'Without a gap, in order. The first and the last hold only what `from` and `to` leave of them. Without `from` or `to`, from the first to the last event.',
      },
    ),
    end: Type.Optional(
      Type.String({ description: 'Where the last bucket ends; absent when there is none.' }),
    ),
    by: Type.Optional(Type.String()),
    series: Type.Optional(
      Type.Array(Type.Object({ value: Type.String(), total: Type.Integer({ minimum: 0 }), counts: Counts }), {
        description: 'The most frequent values first; counts by bucket.',
      }),
    ),
    other: Type.Optional({ ...Counts, description: 'Events of all other values, by bucket.' }),
    absent: Type.Optional({ ...Counts, description: 'Events without a value, by bucket.' }),
  },
  {
    description: 'The buckets',
    examples: [
      {
        interval: '1d',
        zone: 'Europe/Berlin',
        total: 5,
        buckets: [
          { start: '2026-10-25T00:00:00.000+02:00', count: 3 },
          { start: '2026-10-26T00:00:00.000+01:00', count: 2 },
        ],
        end: '2026-10-27T00:00:00.000+01:00',
        by: 'outcome',
        series: [{ value: 'success', total: 4, counts: [2, 2] }],
        other: [1, 0],
        absent: [0, 0],
      },
    ],
  },
);
export type TimelineAnswer = Static<typeof TimelineAnswer>;

export const timelineSchema = {
  tags: ['counts'],
  summary: 'Count events by time, exactly',
  description:
    'One bucket after the other, without gaps, in the time zone asked for; with `by` also a series for each of the most frequent values. Sums of the buckets are what /cadf/v1/count says.',
  problems: [...selectionProblems, queryErrors.QUERY_INTERVAL_INVALID, queryErrors.QUERY_FIELD_INVALID],
  querystring: TimelineQuery,
  response: { 200: TimelineAnswer },
};
