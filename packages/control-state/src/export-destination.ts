/** Where finished files of an export are put, as JSON Schema, with what is sealed. */
import { hash } from 'node:crypto';
import Type from 'typebox';
import type { Static } from 'typebox';

const closed = { additionalProperties: false } as const;
/** AES-256-GCM, base64url; opened by the export service alone. */
const Sealed = Type.String({ pattern: '^[A-Za-z0-9_-]{1,16384}$' });

export const ExportDirectoryPath = Type.String({
  pattern: '^/[^\\u0000]{0,4095}$',
  description: 'Absolute path of a directory, at or below one of CADF_EXPORT_DIRECTORIES',
});
export const BucketName = Type.String({
  pattern: '^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$',
  description: 'Of the bucket; it has to exist',
});
export const BucketRegion = Type.String({
  pattern: '^[a-z0-9][a-z0-9-]{0,62}$',
  description: 'Region of the bucket; also in names of the layout `event-day`. Default `us-east-1`',
});
export const BucketEndpoint = Type.String({
  maxLength: 2048,
  pattern: '^[Hh][Tt][Tt][Pp][Ss]?://[^\\s?#@]{1,2040}$',
  description: 'URL of an S3-compatible server; left out: Amazon S3 of the region',
});
export const BucketPrefix = Type.String({
  pattern: "^[A-Za-z0-9!_.*'()/=+:@-]{1,512}$",
  description: 'Before the names of all files, such as `audit/`',
});
export const BucketLayout = Type.Enum(['plain', 'event-day'] as const, {
  description:
    '`plain` (default): all files below the prefix. `event-day`: files of one source and UTC day of eventTime each, in `ext/<source>/region=<region>/accountId=<account>/eventDay=<YYYYMMDD>/` (Amazon Security Lake, custom sources)',
});
export const BucketAccount = Type.String({
  pattern: '^[A-Za-z0-9_.-]{1,64}$',
  description: 'The account in names of the layout `event-day`; default `external`',
});
export const BucketAccessKey = Type.String({
  pattern: '^[\\u0021-\\u007e]{1,256}$',
  description: 'Access key id',
});
export const PathStyle = Type.Boolean({
  description: 'Whether the bucket is named in the path instead of the host. Default: with an `endpoint`',
});
export const UploadUrl = Type.String({
  maxLength: 2048,
  pattern: '^[Hh][Tt][Tt][Pp][Ss]?://[^\\s#]{1,2040}$',
  description:
    'Where each file is sent with POST, its name in the place of `{name}`; no user or password in it, no fragment',
});

export const DownloadDestination = Type.Object({ type: Type.Literal('download') }, closed);
export const DirectoryDestination = Type.Object(
  { type: Type.Literal('directory'), path: ExportDirectoryPath },
  closed,
);
export const BucketDestination = Type.Object(
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
    /** The secret access key and the session token, sealed. */
    credentials: Sealed,
  },
  closed,
);
export const HttpDestination = Type.Object(
  {
    type: Type.Literal('http'),
    url: UploadUrl,
    /** A bearer token, sealed. */
    credentials: Type.Optional(Sealed),
  },
  closed,
);

export const ExportDestination = Type.Union([
  DownloadDestination,
  DirectoryDestination,
  BucketDestination,
  HttpDestination,
]);
export type ExportDestination = Static<typeof ExportDestination>;
export type BucketDestination = Static<typeof BucketDestination>;
export type HttpDestination = Static<typeof HttpDestination>;

/** A destination as it may be told: nothing sealed, and of a URL the origin alone, as the rest is a secret often enough. */
export function shownDestination(destination: ExportDestination): object {
  switch (destination.type) {
    case 'download':
    case 'directory':
      return destination;
    case 's3': {
      const { credentials: _credentials, ...rest } = destination;
      return rest;
    }
    case 'http':
      return {
        type: destination.type,
        url: new URL(destination.url).origin,
        // Tells whether the rest of it was changed.
        urlDigest: hash('sha256', destination.url, 'hex'),
      };
  }
}
