/** Settings of intake: bounds of requests, masking, the writer's blocks. */
import { profileNames } from '@cadf-pipeline/cadf-model';
import { defineConfig } from '@cadf-pipeline/service-kit';
import type { Config } from '@cadf-pipeline/service-kit';
import { checkCollectSettings, collectSettings } from './collect/collect-settings.ts';
import { checkImportSettings, importSettings } from './import/import-settings.ts';
import { checkRecordSettings, recordSettings } from './record-settings.ts';
import { checkWbemSettings, wbemSettings } from './wbem/wbem-settings.ts';

const MIB = 1024 ** 2;

export const ingestSettings = defineConfig({
  CADF_INGEST_ROLES: {
    type: 'list',
    default: ['http', 'writer', 'follow', 'normalize', 'kafka', 'poll', 'import'],
    allowed: ['http', 'writer', 'follow', 'normalize', 'kafka', 'poll', 'import'],
    description:
      'What this process does: answer submissions (`http`), move the stream into the store (`writer`), follow the files of registered sources (`follow`), turn raw records that came over the network into events (`normalize`), read the Kafka topics of registered sources (`kafka`), collect from the CIMI providers of registered sources (`poll`, one process of all at a time), take the files of imports and, with `http`, answer `/cadf/v1/imports` (`import`; each import in one process of all). Syslog listeners run where they are set.',
  },
  CADF_FOLLOW_DIRECTORIES: {
    type: 'list',
    default: ['/var/log'],
    unit: 'absolute paths',
    description:
      'Directories in which files of registered sources may be followed; links out of them are refused.',
  },
  CADF_PROFILE: {
    type: 'string',
    default: 'openstack',
    allowed: profileNames,
    description:
      'Rules that submitted events must pass when neither the request nor the source names others.',
  },
  CADF_MASK_TOKENS: {
    type: 'boolean',
    default: true,
    description: 'Replace bare `credential/token` values; the digest of what came in is kept beside.',
  },
  CADF_MAX_BODY: {
    type: 'bytes',
    default: 16 * MIB,
    min: 1024,
    max: 512 * MIB,
    description: 'Largest request body, as sent.',
  },
  CADF_MAX_UNPACKED_BODY: {
    type: 'bytes',
    default: 64 * MIB,
    min: 1024,
    max: 512 * MIB,
    description: 'Largest request body once unpacked.',
    relation: 'at least CADF_MAX_BODY',
  },
  CADF_MAX_EVENT: {
    type: 'bytes',
    default: 1 * MIB,
    min: 1024,
    max: 2 * MIB,
    description: 'Largest event.',
  },
  CADF_MAX_EVENTS_PER_REQUEST: {
    type: 'integer',
    default: 10_000,
    min: 1,
    max: 1_000_000,
    unit: 'events',
    description: 'Most events of one request.',
  },
  CADF_MAX_DEPTH: {
    type: 'integer',
    default: 64,
    min: 8,
    max: 64,
    unit: 'levels',
    description: 'Deepest nesting of JSON and XML.',
  },
  CADF_WRITER_MAX_ROWS: {
    type: 'integer',
    default: 20_000,
    min: 1,
    max: 50_000,
    unit: 'rows',
    description: 'Most rows of one insert into the store.',
  },
  CADF_WRITER_MAX_BYTES: {
    type: 'bytes',
    default: 32 * MIB,
    min: MIB,
    max: 64 * MIB,
    description: 'Most bytes of events of one insert.',
  },
  CADF_WRITER_MAX_WAIT: {
    type: 'duration',
    default: 100,
    min: 1,
    max: 60_000,
    description:
      'Longest time a record waits for its insert to fill: the delay until it can be read, and of live events and webhooks. With many writers on one ClickHouse raise it, so that all together make about ten inserts a second.',
  },
  CADF_MAX_LAG: {
    type: 'integer',
    default: 2_000_000,
    min: 1000,
    unit: 'records',
    description:
      'Records the store may be behind the stream before submissions are answered 429 (embedded only).',
  },
  ...recordSettings,
  ...wbemSettings,
  ...collectSettings,
  ...importSettings,
});

export type IngestConfig = Config<typeof ingestSettings>;

/** What the settings must agree on; one sentence per fault. */
export function checkIngestSettings(config: IngestConfig): readonly string[] {
  const faults = [
    ...checkRecordSettings(config),
    ...checkWbemSettings(config),
    ...checkCollectSettings(config),
    ...checkImportSettings(config),
  ];
  if (config.CADF_MAX_UNPACKED_BODY < config.CADF_MAX_BODY)
    faults.push('CADF_MAX_UNPACKED_BODY must be at least CADF_MAX_BODY');
  return faults;
}
