/** An export and what asks for exports at fixed times, as JSON Schema. How far a job has come is written by who runs it. */
import { maxFilterBytes } from '@cadf-pipeline/event-filter';
import { EXPORT_FORMATS } from '@cadf-pipeline/event-formats';
import { keyOwner } from './key-owner.ts';
import Type from 'typebox';
import { ExportDestination } from './export-destination.ts';

/** Export jobs of one owner that are kept, ended ones among them. */
export const MAX_EXPORTS_OF_ONE = 200;
export const MAX_SCHEDULES_OF_ONE = 50;
/** Bytes of one as JSON: each is in the memory of every process. */
export const MAX_EXPORT_BYTES = 128 * 1024;

const closed = { additionalProperties: false } as const;
export const Uuid = Type.String({ pattern: '^[0-9a-f-]{36}$' });
const Instant = Type.String({
  pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d{1,9})?Z$',
  description: 'RFC 3339, UTC',
});
const Milliseconds = Type.Integer({ minimum: -8_640_000_000_000_000, maximum: 8_640_000_000_000_000 });

/** Next offset by partition. */
export const ExportPositions = Type.Record(
  Type.String({ pattern: '^[0-9]{1,6}$' }),
  Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }),
  { maxProperties: 4096 },
);

export const ExportFormatName = Type.Enum([...EXPORT_FORMATS], { description: 'Of the files' });
export const ExportCompression = Type.Enum(['none', 'gzip', 'zstd'] as const, {
  description: 'Of each file as a whole; default `none`. Not for Parquet, which compresses by itself',
});
export const ExportVersions = Type.Enum(['merged', 'all'] as const, {
  description:
    '`merged` (default): each event once, as GET /cadf/v1/events shows it. `all`: every version that was accepted',
});
export const ExportSplit = Type.Object(
  {
    maxBytes: Type.Optional(
      Type.Integer({
        minimum: 1_048_576,
        maximum: 10_737_418_240,
        description:
          'A file is closed when it has so many bytes; it may have those of up to 8,192 events more. Default 268,435,456; where nothing is said of the split, files of `cadf-json` and `cadf-xml` have 16,384 events, which can be read whole',
      }),
    ),
    maxEvents: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 1_000_000_000, description: 'Most events of a file' }),
    ),
  },
  { ...closed, description: 'When the next file is begun' },
);

/** What is exported, in which form. */
export const exportContent = {
  name: Type.Optional(Type.String({ minLength: 1, maxLength: 256, description: 'For people' })),
  filter: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: maxFilterBytes,
      description: 'As in GET /cadf/v1/events. Left out: all events of its tenants',
    }),
  ),
  source: Type.Optional(
    Type.String({ minLength: 1, maxLength: 128, description: 'Only events of this source' }),
  ),
  versions: Type.Optional(ExportVersions),
  format: ExportFormatName,
  compression: Type.Optional(ExportCompression),
  split: Type.Optional(ExportSplit),
  document: Type.Optional(
    Type.Enum(['log', 'report'] as const, {
      description: 'Of `cadf-json` and `cadf-xml`: a CADF Log (default) or a CADF Report',
    }),
  ),
};

const ownedMembers = {
  id: Uuid,
  ...exportContent,
  destination: ExportDestination,
  owner: keyOwner('The API key that asked for it'),
  created: Instant,
};

export const exportMembers = {
  ...ownedMembers,
  /** eventTime: at or after. */
  fromMs: Type.Optional(Milliseconds),
  /** eventTime: before. */
  toMs: Type.Optional(Milliseconds),
  /** Next offset by partition: what was stored when it was asked for. Later events are not in it. */
  asOf: ExportPositions,
  /** Offset by partition: only what was stored from there on is in it. */
  since: Type.Optional(ExportPositions),
  cancelled: Type.Optional(Instant),
  /** The schedule that asked for it, and for when. */
  schedule: Type.Optional(Type.Object({ id: Uuid, due: Instant }, closed)),
};

export const ScheduleWindow = Type.Enum(['previous-period', 'since-last'] as const, {
  description:
    '`previous-period`: eventTime from the time before in the schedule to this one. `since-last`: all that was stored since the export before, whenever it happened',
});
export const ScheduleMissed = Type.Enum(['all', 'last', 'none'] as const, {
  description:
    'Times that passed while nothing ran: `all` (default) are made up for, the oldest first (at most 100); `last`: only the latest; `none`',
});
export const CronExpression = Type.String({
  minLength: 9,
  maxLength: 128,
  pattern: '^[0-9A-Za-z*/,#?L -]{9,128}$',
  description: 'Five fields: minute, hour, day of month, month, day of week',
});
export const TimeZone = Type.String({
  minLength: 1,
  maxLength: 64,
  description: 'Of the cron expression, an IANA name; default `UTC`',
});
export const ScheduleDelay = Type.Integer({
  minimum: 0,
  maximum: 86_400,
  description: 'How long after its time an export begins, so that late events are in it. Default 60',
});

export const scheduleContent = {
  cron: CronExpression,
  timeZone: Type.Optional(TimeZone),
  window: ScheduleWindow,
  missed: Type.Optional(ScheduleMissed),
  delaySeconds: Type.Optional(ScheduleDelay),
};

export const scheduleMembers = {
  ...ownedMembers,
  ...scheduleContent,
  paused: Type.Boolean(),
  /** Times before it are none of its: when it was made, resumed, or its times were changed. */
  since: Instant,
};
