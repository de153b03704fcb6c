/** What brings events in from outside as files: a peer's feed, a directory, a bucket, uploads. As JSON Schema. */
import { keyOwner } from './key-owner.ts';
import Type from 'typebox';
import type { Static } from 'typebox';
import {
  BucketAccessKey,
  BucketEndpoint,
  BucketName,
  BucketPrefix,
  BucketRegion,
  PathStyle,
} from './export-destination.ts';

/** Imports of one owner. */
export const MAX_IMPORTS_OF_ONE = 100;
/** Bytes of one as JSON: each is in the memory of every process. */
export const MAX_IMPORT_BYTES = 128 * 1024;

/** No full stop: what stands before the first one in the name of a source is the prefix. */
export const IMPORT_ID_PATTERN = '^[A-Za-z0-9][A-Za-z0-9_-]{0,31}$';
export const IMPORT_PREFIX_PATTERN = '^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$';

const closed = { additionalProperties: false } as const;
/** AES-256-GCM, base64url; opened by intake alone. */
const Sealed = Type.String({ pattern: '^[A-Za-z0-9_-]{1,16384}$' });
const Instant = Type.String({
  pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d{1,9})?Z$',
  description: 'RFC 3339, UTC',
});

export const ImportDirectoryPath = Type.String({
  pattern: '^/[^\\u0000]{0,4095}$',
  description: 'Absolute path of a directory, at or below one of CADF_IMPORT_DIRECTORIES',
});
export const PeerFeedUrl = Type.String({
  maxLength: 2048,
  pattern: '^[Hh][Tt][Tt][Pp][Ss]?://[^\\s?#@]{1,2040}$',
  description: 'Origin of the peer, such as `https://audit.provider.example`',
});
export const PeerFeedId = Type.String({
  pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$',
  description: 'Id of the feed at the peer',
});
export const PeerFeedChain = Type.String({
  pattern: '^[!-~]{1,256}/(feeds|exports)/[A-Za-z0-9._-]{1,128}$',
  description: 'Name of the chain, as its manifests have it',
});

export const bucketContent = {
  bucket: BucketName,
  region: Type.Optional(BucketRegion),
  endpoint: Type.Optional(BucketEndpoint),
  prefix: Type.Optional(BucketPrefix),
  pathStyle: Type.Optional(PathStyle),
  accessKeyId: BucketAccessKey,
};

export const ImportFrom = Type.Union([
  Type.Object({ type: Type.Literal('upload') }, closed),
  Type.Object({ type: Type.Literal('directory'), path: ImportDirectoryPath }, closed),
  Type.Object(
    {
      type: Type.Literal('bucket'),
      ...bucketContent,
      /** The secret access key and the session token, sealed. */
      credentials: Sealed,
    },
    closed,
  ),
  Type.Object(
    {
      type: Type.Literal('feed'),
      url: PeerFeedUrl,
      feed: PeerFeedId,
      chain: PeerFeedChain,
      /** A pull token of the feed, sealed. */
      token: Sealed,
    },
    closed,
  ),
]);
export type ImportFrom = Static<typeof ImportFrom>;

export const ImportContent = Type.Enum(['auto', 'segments', 'cadf', 'aws-cloudtrail'] as const, {
  description:
    '`segments`: signed segments of a chain. `cadf`: CADF Logs, Reports and events in JSON, NDJSON and XML. `aws-cloudtrail`: log files of CloudTrail, with their digest files. `auto` (default): segments where there is a signed head, else `cadf`',
});
export const ImportRouting = Type.Enum(['rules', 'fixed'] as const, {
  description:
    '`rules` (default): the tenants of an event are found as those of submitted events are; `tenants` are those of events for which no rule finds one. `fixed`: every event belongs to `tenants`, whatever it says. Of a key bound to tenants it is always `fixed`',
});
export const ImportProfile = Type.Enum(['strict', 'openstack', 'ibm', 'lenient'] as const, {
  description: 'Rules the events must pass; default `openstack`',
});
export const ImportInterval = Type.Integer({
  minimum: 5,
  maximum: 86_400,
  description:
    'How often new files are looked for; default 60, of uploads 5, of an invited feed a quarter of its cadence',
});
export const ImportUnsigned = Type.Boolean({
  description: 'Whether files are taken that nothing signs; default false',
});

/** What its owner says of it, beside where it is from. */
export const importContent = {
  name: Type.Optional(Type.String({ minLength: 1, maxLength: 256, description: 'For people' })),
  profile: Type.Optional(ImportProfile),
  routing: Type.Optional(ImportRouting),
  everySeconds: Type.Optional(ImportInterval),
  unsigned: Type.Optional(ImportUnsigned),
};

export const importMembers = {
  id: Type.String({ pattern: IMPORT_ID_PATTERN }),
  ...importContent,
  prefix: Type.String({
    pattern: IMPORT_PREFIX_PATTERN,
    description: 'Sources are named `<prefix>.<source at the origin>`, or `<prefix>` where none is told',
  }),
  content: ImportContent,
  from: ImportFrom,
  owner: keyOwner('The API key that made it'),
  /** Text of a JWK set, well-known document or PEM: who is believed. */
  trusted: Type.Optional(Type.String({ maxLength: 65_536 })),
  paused: Type.Boolean(),
  /** From 0; one more with each resume. */
  resumed: Type.Integer({ minimum: 0 }),
  /** What an administrator accepted with the last resume: go on with this segment, or past the faults of a trail. */
  accepted: Type.Optional(Type.Object({ sequence: Type.Optional(Type.Integer({ minimum: 1 })) }, closed)),
  created: Instant,
};

/** Where it is from, without what is sealed. */
export function shownImportFrom(from: ImportFrom): object {
  if (from.type === 'bucket') {
    const { credentials: _credentials, ...rest } = from;
    return rest;
  }
  if (from.type === 'feed') {
    const { token: _token, ...rest } = from;
    return rest;
  }
  return from;
}
