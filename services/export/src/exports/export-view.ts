/** An export as it is answered: what was asked for, without secrets, and how far it has come. */
import { exportContent, ExportJob, shownDestination } from '@cadf-pipeline/control-state';
import { Type } from 'typebox';
import type { Static } from 'typebox';
import type { LedgerEntry } from './export-directory.ts';
import type { ExportRecord } from './export-record.ts';

const Instant = Type.String({ description: 'RFC 3339, ms' });
const { owner } = ExportJob.properties;

export const ExportStatus = Type.Enum(['queued', 'running', 'done', 'failed', 'cancelled'] as const, {
  description:
    '`queued`: waits for its turn. `running`. `done`: all files and the signed manifest are where they were to be. `failed`: `failure` says why; nothing is kept. `cancelled`: nothing is kept.',
});
export type ExportStatus = Static<typeof ExportStatus>;

export const ExportFile = Type.Object(
  {
    name: Type.String(),
    bytes: Type.Integer(),
    sha256: Type.String({ description: 'Of the file as it is, lower-case hex' }),
    events: Type.Integer({ description: 'Events in it' }),
    role: Type.Optional(
      Type.Literal('origins', { description: 'It says which source each event of another file is of' }),
    ),
    of: Type.Optional(Type.String({ description: 'Name of that other file' })),
    href: Type.Optional(
      Type.String({ description: 'Where it can be downloaded; none where it was put elsewhere' }),
    ),
  },
  { description: 'A whole file' },
);

/** Where files are put, without secrets. */
export const placeView = {
  path: Type.Optional(Type.String()),
  bucket: Type.Optional(Type.String()),
  region: Type.Optional(Type.String()),
  endpoint: Type.Optional(Type.String()),
  prefix: Type.Optional(Type.String()),
  layout: Type.Optional(Type.String()),
  account: Type.Optional(Type.String()),
  pathStyle: Type.Optional(Type.Boolean()),
  accessKeyId: Type.Optional(Type.String()),
  url: Type.Optional(Type.String({ description: 'The origin alone' })),
  urlDigest: Type.Optional(Type.String({ description: 'SHA-256 of the whole URL, hex' })),
};

/** Members of all destinations; which there are, `type` says. */
export const DestinationView = Type.Object(
  {
    type: Type.Enum(['download', 'directory', 's3', 'http'] as const),
    ...placeView,
  },
  { description: 'Without its secrets' },
);

export const ownedView = {
  ...exportContent,
  tenants: ExportJob.properties.tenants,
  destination: DestinationView,
  owner: Type.Object(
    { kind: owner.properties.kind, id: owner.properties.id, name: owner.properties.name },
    { description: 'The API key that asked for it' },
  ),
  mine: Type.Boolean({ description: 'Whether the caller owns it' }),
  created: Instant,
};

export const ExportView = Type.Object(
  {
    id: Type.String(),
    status: ExportStatus,
    progress: Type.Object(
      {
        events: Type.Integer({ description: 'Written so far' }),
        total: Type.Optional(Type.Integer({ description: 'Counted in the snapshot; none before it was' })),
        bytes: Type.Integer({ description: 'Of files so far' }),
        part: Type.Number({ description: 'From 0 to 1' }),
      },
      { description: 'How far it has come' },
    ),
    ...ownedView,
    from: Type.Optional(Instant),
    to: Type.Optional(Instant),
    files: Type.Optional(
      Type.Array(ExportFile, { description: 'Those that are whole, in order. Not in lists' }),
    ),
    manifest: Type.Optional(
      Type.String({ description: 'Where its signed manifest can be read; of one that is done' }),
    ),
    failure: Type.Optional(
      Type.Object({ code: Type.String(), detail: Type.String() }, { description: 'Why it failed' }),
    ),
    schedule: Type.Optional(
      Type.Object(
        { id: Type.String(), due: Instant },
        { description: 'The schedule that asked for it, and for when' },
      ),
    ),
    started: Type.Optional(Instant),
    ended: Type.Optional(Instant),
    expires: Type.Optional(Type.String({ description: 'RFC 3339, ms: when it is removed with its files' })),
  },
  { description: 'The export' },
);

export const exportExample = {
  id: '6a0c4a56-5f0e-4d53-9a55-0d1f2ab0d6a1',
  status: 'done',
  progress: { events: 1234, total: 1234, bytes: 98_765, part: 1 },
  name: 'October, failures',
  filter: "outcome = 'failure'",
  format: 'cadf-ndjson',
  compression: 'gzip',
  tenants: ['acme'],
  destination: { type: 'download' },
  owner: { kind: 'key', id: '0123456789ab', name: 'Auditor' },
  mine: true,
  from: '2026-10-01T00:00:00.000Z',
  to: '2026-11-01T00:00:00.000Z',
  files: [
    {
      name: '000000000001.events-000001.ndjson.gz',
      bytes: 98_765,
      sha256: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
      events: 1234,
      href: '/cadf/v1/exports/6a0c4a56-5f0e-4d53-9a55-0d1f2ab0d6a1/files/000000000001.events-000001.ndjson.gz',
    },
  ],
  manifest: '/cadf/v1/exports/6a0c4a56-5f0e-4d53-9a55-0d1f2ab0d6a1/manifest',
  created: '2026-11-01T12:00:00.000Z',
  started: '2026-11-01T12:00:00.100Z',
  ended: '2026-11-01T12:00:01.500Z',
  expires: '2026-11-08T12:00:01.500Z',
} as const;

export interface ViewedExport {
  readonly job: ExportJob;
  readonly record: ExportRecord | undefined;
  readonly mine: boolean;
  /** How long it is kept after its end, ms. */
  readonly keepMs: number;
  /** Below which its routes are. */
  readonly path: string;
  readonly entries?: readonly LedgerEntry[];
}

export function statusOf(job: ExportJob, record: ExportRecord | undefined): ExportStatus {
  if (record !== undefined && record.state !== 'running') return record.state;
  if (job.cancelled !== undefined) return 'cancelled';
  return record === undefined ? 'queued' : 'running';
}

export function exportView({ entries, job, keepMs, mine, path, record }: ViewedExport): object {
  const { asOf: _asOf, cancelled: _cancelled, fromMs, owner: by, since: _since, toMs, ...shown } = job;
  const { endedMs, failure, startedMs } = record ?? {};
  const status = statusOf(job, record);
  return {
    ...shown,
    destination: shownDestination(job.destination),
    owner: ownerView(by),
    mine,
    status,
    progress: progressOf(record),
    ...(fromMs === undefined ? {} : { from: toInstant(fromMs) }),
    ...(toMs === undefined ? {} : { to: toInstant(toMs) }),
    ...(entries === undefined ? {} : { files: entries.map((entry) => fileView(entry, `${path}/files`)) }),
    ...(status === 'done' ? { manifest: `${path}/manifest` } : {}),
    ...(failure === undefined ? {} : { failure }),
    ...(startedMs === undefined ? {} : { started: toInstant(startedMs) }),
    ...(endedMs === undefined ? {} : { ended: toInstant(endedMs), expires: toInstant(endedMs + keepMs) }),
  };
}

export function ownerView({ id, kind, name }: ExportJob['owner']): object {
  return { kind, id, name };
}

function progressOf(record: ExportRecord | undefined): Static<typeof ExportView>['progress'] {
  const { bytes = 0, events = 0, state, total, writing } = record ?? {};
  const sofar = events + (writing?.events ?? 0);
  const part = state === 'done' ? 1 : total === undefined || total === 0 ? 0 : Math.min(1, sofar / total);
  return {
    events: sofar,
    ...(total === undefined ? {} : { total }),
    bytes: bytes + (writing?.bytes ?? 0),
    part: Math.round(part * 1000) / 1000,
  };
}

function fileView({ file, kept }: LedgerEntry, path: string): object {
  const { bytes, count, name, of, role, sha256 } = file;
  return {
    name,
    bytes,
    sha256,
    events: count,
    ...(role === 'origins' && of !== undefined ? { role, of } : {}),
    ...(kept === undefined ? {} : { href: `${path}/${name}` }),
  };
}

function toInstant(ms: number): string {
  return new Date(ms).toISOString();
}
