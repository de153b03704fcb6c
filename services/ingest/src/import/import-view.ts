/** An import as it is answered: what it is, without secrets, and how far it has come. */
import {
  IMPORT_PREFIX_PATTERN,
  ImportContent,
  importContent,
  shownImportFrom,
} from '@cadf-pipeline/control-state';
import type { Versioned } from '@cadf-pipeline/control-state';
import { Type } from 'typebox';
import type { Static } from 'typebox';
import { ImportCounts, NO_COUNTS } from './import-record.ts';
import type { ImportFault as StoredFault, ImportRecord } from './import-record.ts';
import { isPassing } from './import-work.ts';
import { comesLater } from './refused.ts';

const Instant = Type.String({ description: 'RFC 3339, ms' });
const ShownFault = Type.Object(
  {
    code: Type.String({ description: 'Of docs/errors.md or docs/federation-format.md' }),
    message: Type.String(),
    file: Type.Optional(Type.String()),
    sequence: Type.Optional(Type.Integer({ description: 'Of the segment' })),
    at: Instant,
  },
  { description: 'Why something was refused, or is waited for' },
);

export const ImportStatus = Type.Object(
  {
    state: Type.Enum(['active', 'waiting', 'stopped', 'done', 'paused'] as const, {
      description:
        '`active`: new files are taken as they come. `waiting`: for a place, rights, or the rest of a segment, see `fault`. `stopped`: what is there is refused. `done`: its chain has ended and all of it was taken',
    }),
    counts: Type.Object(ImportCounts.properties, {
      description: 'Events of what was taken whole; the others sum to `events`',
    }),
    segments: Type.Integer({ description: 'Taken; of CloudTrail: digests' }),
    files: Type.Integer({ description: 'Taken' }),
    bytes: Type.Integer({ description: 'Of these files, as they came' }),
    refused: Type.Integer({ description: 'How often something was refused' }),
    sequence: Type.Optional(Type.Integer({ description: 'The segment that was taken last' })),
    chain: Type.Optional(Type.String({ description: 'The chain it is of' })),
    head: Type.Optional(Type.Integer({ description: 'The last segment there is, as its head says' })),
    headCreated: Type.Optional(Type.String({ description: 'When that head was signed' })),
    underWay: Type.Optional(
      Type.Object({ of: Type.String(), events: Type.Integer() }, { description: 'Taken of a file so far' }),
    ),
    fault: Type.Optional(ShownFault),
    recent: Type.Array(ShownFault, { description: 'What was refused, the newest first' }),
    gaps: Type.Optional(
      Type.Array(Type.Object({ from: Type.Integer(), upto: Type.Integer() }), {
        description: 'Segments that were left out, as an administrator accepted',
      }),
    ),
    lastTaken: Type.Optional(Instant),
  },
  { description: 'How far it has come' },
);

export const ImportView = Type.Object(
  {
    id: Type.String(),
    ...importContent,
    prefix: Type.String({ pattern: IMPORT_PREFIX_PATTERN, description: 'Of its sources' }),
    tenants: Type.Optional(Type.Array(Type.String(), { description: 'As they were given' })),
    content: ImportContent,
    keys: Type.Optional(Type.String({ description: 'Who is believed' })),
    from: Type.Object(
      {
        type: Type.Enum(['upload', 'directory', 'bucket', 'feed'] as const),
      },
      { additionalProperties: true, description: 'Where the files are, without secrets' },
    ),
    owner: Type.Object(
      { kind: Type.String(), id: Type.String(), name: Type.String() },
      { description: 'The API key that made it' },
    ),
    mine: Type.Boolean({ description: 'Whether the caller owns it' }),
    paused: Type.Boolean(),
    status: ImportStatus,
    created: Instant,
    changed: Instant,
    version: Type.Integer({ description: 'The ETag' }),
  },
  { description: 'The import' },
);

export const importExample = {
  id: 'acme-provider',
  name: 'Audit of our tenant at the provider',
  prefix: 'acme-provider',
  tenants: ['project-a'],
  content: 'segments' as const,
  from: {
    type: 'feed' as const,
    url: 'https://audit.provider.example',
    feed: 'acme-audit',
    chain: 'urn:uuid:0e8f9a52-6a0c-4a56-8f0e-4d539a550d1f/feeds/acme-audit.0d1f2ab0d6a1',
  },
  everySeconds: 60,
  owner: { kind: 'key', id: '0123456789ab', name: 'SOC' },
  mine: true,
  paused: false,
  status: {
    state: 'active' as const,
    counts: { events: 1234, accepted: 1233, duplicates: 0, deadLettered: 1, loops: 0, ignored: 0 },
    segments: 7,
    files: 14,
    bytes: 98_765,
    refused: 0,
    sequence: 7,
    chain: 'urn:uuid:0e8f9a52-6a0c-4a56-8f0e-4d539a550d1f/feeds/acme-audit.0d1f2ab0d6a1',
    head: 7,
    headCreated: '2026-11-01T12:07:01.000Z',
    recent: [],
    lastTaken: '2026-11-01T12:07:03.000Z',
  },
  created: '2026-11-01T12:00:00.000Z',
  changed: '2026-11-01T12:00:00.000Z',
  version: 1_793_534_400_000,
};

export function importView(
  { changedMs, entity, version }: Versioned<'import'>,
  record: ImportRecord | undefined,
  mine: boolean,
): object {
  const {
    accepted: _accepted,
    fallback,
    from,
    owner,
    resumed: _resumed,
    tenants: _tenants,
    trusted,
    ...shown
  } = entity;
  return {
    ...shown,
    ...(fallback === undefined ? {} : { tenants: fallback }),
    ...(trusted === undefined ? {} : { keys: trusted }),
    from: shownImportFrom(from),
    owner: { kind: owner.kind, id: owner.id, name: owner.name },
    mine,
    status: statusOf(entity, record),
    changed: new Date(changedMs).toISOString(),
    version,
  };
}

function statusOf(
  { paused }: Versioned<'import'>['entity'],
  record: ImportRecord | undefined,
): Static<typeof ImportStatus> {
  const { bytes = 0, counts = NO_COUNTS, fault, files = 0, gaps, head, point, segments = 0 } = record ?? {};
  const { recent = [], refused = 0, takenMs, within } = record ?? {};
  const isDone = head?.final === true && point?.sequence === head.sequence;
  const waits = fault !== undefined && (isPassing(fault.code) || comesLater(fault));
  const stopped = fault === undefined ? (isDone ? 'done' : 'active') : waits ? 'waiting' : 'stopped';
  return {
    state: paused ? 'paused' : stopped,
    counts,
    segments,
    files,
    bytes,
    refused,
    ...(point === undefined ? {} : { sequence: point.sequence, chain: point.chain }),
    ...(head === undefined ? {} : { head: head.sequence, headCreated: head.created }),
    ...(within === undefined ? {} : { underWay: { of: within.of, events: within.done.events } }),
    ...(fault === undefined ? {} : { fault: shownFault(fault) }),
    recent: recent.map((each) => shownFault(each)),
    ...(gaps === undefined ? {} : { gaps: [...gaps] }),
    ...(takenMs === undefined ? {} : { lastTaken: new Date(takenMs).toISOString() }),
  };
}

function shownFault({ atMs, ...fault }: StoredFault): Static<typeof ShownFault> {
  return { ...fault, at: new Date(atMs).toISOString() };
}
