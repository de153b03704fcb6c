/** The body that asks for an export, and how it becomes a definition. */
import { parseTimestamp } from '@cadf-pipeline/cadf-model';
import {
  BucketAccessKey,
  BucketAccount,
  BucketEndpoint,
  BucketLayout,
  BucketName,
  BucketPrefix,
  BucketRegion,
  exportContent,
  ExportDirectoryPath,
  PathStyle,
  TenantId,
  UploadUrl,
} from '@cadf-pipeline/control-state';
import type { ExportDestination, ExportJob } from '@cadf-pipeline/control-state';
import { parseFilter } from '@cadf-pipeline/event-filter';
import { ProblemError, scopeOf, Secret } from '@cadf-pipeline/service-kit';
import type { Principal } from '@cadf-pipeline/service-kit';
import { Type } from 'typebox';
import type { Static } from 'typebox';
import { exportErrors } from '../errors.ts';
import type { SecretBox } from '../subscription/secret-box.ts';
import { formatOf } from './export-files.ts';

const closed = { additionalProperties: false } as const;
/** It becomes a part of a header. */
const secret = (description: string) => Type.String({ pattern: '^[\\u0021-\\u007e]{1,4096}$', description });

const Download = Type.Object(
  { type: Type.Literal('download') },
  { ...closed, title: 'Download', description: 'Files are kept here, to be downloaded. The default' },
);
export const NewDirectory = Type.Object(
  { type: Type.Literal('directory'), path: ExportDirectoryPath },
  { ...closed, title: 'Directory', description: 'In a directory of its own there' },
);
export const NewBucket = Type.Object(
  {
    type: Type.Literal('s3'),
    bucket: BucketName,
    region: Type.Optional(BucketRegion),
    endpoint: Type.Optional(BucketEndpoint),
    prefix: Type.Optional(BucketPrefix),
    layout: Type.Optional(BucketLayout),
    account: Type.Optional(BucketAccount),
    pathStyle: Type.Optional(PathStyle),
    accessKeyId: BucketAccessKey,
    secretAccessKey: secret('Never shown'),
    sessionToken: Type.Optional(secret('Of temporary credentials. Never shown')),
  },
  { ...closed, title: 'S3', description: 'In a bucket of Amazon S3 or a compatible server' },
);
const Http = Type.Object(
  {
    type: Type.Literal('http'),
    url: UploadUrl,
    token: Type.Optional(secret('Sent as bearer token. Never shown')),
  },
  {
    ...closed,
    title: 'HTTP',
    description: 'Each file is sent by POST, then the manifest, its signature, the head',
  },
);
export type NewDestination =
  | Static<typeof Download>
  | Static<typeof NewDirectory>
  | Static<typeof NewBucket>
  | Static<typeof Http>;

/** By `type`, so that each fault is one of the form that was meant. */
export const NewDestination = Type.Unsafe<NewDestination>({
  type: 'object',
  required: ['type'],
  discriminator: { propertyName: 'type' },
  oneOf: [Download, NewDirectory, NewBucket, Http],
  description: 'Where the files are put. Left out: here, to be downloaded',
});

/** What exports and schedules share. */
export const newExportMembers = {
  ...exportContent,
  tenants: Type.Optional(
    Type.Array(TenantId, {
      minItems: 1,
      maxItems: 1000,
      uniqueItems: true,
      description: 'Whose events: tenants that the calling key reaches. Left out: all that it reaches',
    }),
  ),
  destination: Type.Optional(NewDestination),
};
const time = (description: string) => Type.Optional(Type.String({ maxLength: 64, description }));

export const NewExport = Type.Object(
  {
    ...newExportMembers,
    from: time('eventTime at or after: a time with its zone'),
    to: time('eventTime before: a time with its zone'),
  },
  {
    ...closed,
    examples: [
      {
        name: 'October, failures',
        filter: "outcome = 'failure'",
        from: '2026-10-01T00:00:00Z',
        to: '2026-11-01T00:00:00Z',
        format: 'cadf-ndjson',
        compression: 'gzip',
      },
      {
        format: 'parquet',
        destination: {
          type: 's3',
          bucket: 'audit-lake',
          region: 'eu-central-1',
          layout: 'event-day',
          accessKeyId: 'AKIAEXAMPLE',
          secretAccessKey: 'example-secret',
        },
      },
    ],
  },
);
export type NewExport = Static<typeof NewExport>;

type Content = Pick<
  ExportJob,
  'compression' | 'document' | 'filter' | 'format' | 'name' | 'source' | 'split' | 'versions'
>;
export type AskedContent = Content & {
  readonly tenants?: readonly string[];
  readonly destination?: NewDestination;
};

/** Throws EXPORT_FILTER_INVALID, EXPORT_INVALID and FORBIDDEN_TENANT. */
export function readContent(asked: AskedContent, principal: Principal): Content & Pick<ExportJob, 'tenants'> {
  const { compression, document, filter, format, name, source, split, tenants, versions } = asked;
  requireFilter(filter);
  const known = formatOf({ format });
  if (compression !== undefined && compression !== 'none' && !known.compressible)
    throw invalid('/compression', `${format} is compressed by itself`);
  if (document !== undefined && format !== 'cadf-json' && format !== 'cadf-xml')
    throw invalid('/document', `is of cadf-json and cadf-xml; ${format} has none`);
  for (const tenant of tenants ?? []) scopeOf(principal, tenant);
  const reached = principal.tenants === '*' ? '*' : [...principal.tenants];
  return {
    ...(name === undefined ? {} : { name }),
    ...(filter === undefined ? {} : { filter }),
    ...(source === undefined ? {} : { source }),
    ...(versions === undefined ? {} : { versions }),
    format,
    ...(compression === undefined ? {} : { compression }),
    ...(split === undefined ? {} : { split }),
    ...(document === undefined ? {} : { document }),
    tenants: tenants === undefined ? reached : [...tenants],
  };
}

function requireFilter(text: string | undefined): void {
  const parsed = text === undefined ? undefined : parseFilter(text);
  if (parsed === undefined || parsed.ok) return;
  const { column, excerpt, message } = parsed.fault;
  throw new ProblemError(exportErrors.EXPORT_FILTER_INVALID, {
    detail: `Column ${column}: ${message}.\n${excerpt}`,
    members: { fault: parsed.fault },
  });
}

/** Milliseconds since 1970 UTC; undefined where nothing is asked for. Throws EXPORT_INVALID. */
export function readRange({ from, to }: Pick<NewExport, 'from' | 'to'>): Pick<ExportJob, 'fromMs' | 'toMs'> {
  const fromMs = from === undefined ? undefined : readTime('/from', from);
  const toMs = to === undefined ? undefined : readTime('/to', to);
  if (fromMs !== undefined && toMs !== undefined && fromMs >= toMs)
    throw invalid('/to', 'is not after `from`');
  return {
    ...(fromMs === undefined ? {} : { fromMs }),
    ...(toMs === undefined ? {} : { toMs }),
  };
}

function readTime(path: string, text: string): number {
  const found = parseTimestamp(text);
  if (found === undefined || found.zone === 'assumed-utc')
    throw invalid(
      path,
      'is no time with its zone, such as 2026-11-01T00:00:00Z or 2026-11-01T02:00:00+02:00',
    );
  return Math.ceil(found.epochMs);
}

/** As it is kept: what is secret sealed, so that it opens for this export or schedule only. */
export function sealDestination(
  box: SecretBox,
  id: string,
  destination: NewDestination = { type: 'download' },
): ExportDestination {
  if (destination.type === 's3') {
    const { secretAccessKey, sessionToken, ...rest } = destination;
    const credentials = JSON.stringify({ secretAccessKey, sessionToken });
    return { ...rest, credentials: box.seal(new Secret(credentials), destinationContext(id)) };
  }
  if (destination.type === 'http') {
    const { token, url } = destination;
    return {
      type: 'http',
      url,
      ...(token === undefined ? {} : { credentials: box.seal(new Secret(token), destinationContext(id)) }),
    };
  }
  return destination;
}

/** The same destination for another export: sealed for it. */
export function resealDestination(
  box: SecretBox,
  destination: ExportDestination,
  from: string,
  to: string,
): ExportDestination {
  if (!('credentials' in destination) || destination.credentials === undefined) return destination;
  const opened = box.open(destination.credentials, destinationContext(from));
  if (opened === undefined)
    throw invalid('/destination', 'has credentials that cannot be opened any more: write them again');
  return { ...destination, credentials: box.seal(opened, destinationContext(to)) };
}

export function destinationContext(id: string): string {
  return `export destination ${id}`;
}

export function invalid(path: string, message: string): ProblemError {
  return new ProblemError(exportErrors.EXPORT_INVALID, {
    detail: `${path} ${message}`,
    faults: [{ path, message }],
  });
}
