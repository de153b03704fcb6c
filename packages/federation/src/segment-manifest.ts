/** What is signed of a segment, as JSON Schema; docs/federation-format.md, "Manifest" and "Head". */
import Type from 'typebox';
import type { Static } from 'typebox';
import { CONTENT_NAME_PATTERN, MAX_SEQUENCE } from './segment-names.ts';

/** Bytes of a manifest. */
export const MAX_MANIFEST_BYTES = 4 * 1024 * 1024;
/** Bytes of a detached signature, or of a signed head. */
export const MAX_SIGNATURE_BYTES = 16 * 1024;
/** Content files of a segment. */
export const MAX_FILES = 10_000;
/** Events of a block of lines, where the writer says nothing else. */
export const BLOCK_LINES = 1000;

/** Members unknown to this version are let pass: later ones may add some. */
const open = {} as const;

const Sha256 = Type.String({ pattern: '^[0-9a-f]{64}$', description: 'SHA-256, lower case hexadecimal' });
const Count = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });
/** Nothing that is no number as a time: compared with any other, it would be neither before nor after. */
export const Instant = Type.String({
  pattern:
    '^\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])T([01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(\\.\\d{1,9})?Z$',
  description: 'RFC 3339, UTC',
});
/** A URI or another name of a deployment; visible ASCII. */
export const Issuer = Type.String({ pattern: '^[!-~]{1,256}$' });
/** `<issuer>/feeds/<id>` or `<issuer>/exports/<id>`. */
const ChainName = Type.String({ pattern: '^[!-~]{1,256}/(feeds|exports)/[A-Za-z0-9._-]{1,128}$' });
const Nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()]);

/** Where an event is in the provider's log. */
export const Position = Type.Object({ partition: Count, offset: Count }, open);
export type Position = Static<typeof Position>;

/** SHA-256 of each so many lines of the content (unpacked), in their order; the last block may have fewer. */
export const LineBlocks = Type.Object(
  {
    lines: Type.Integer({ minimum: 1, maximum: 1_000_000 }),
    sha256: Type.Array(Sha256, { maxItems: 100_000 }),
  },
  open,
);
export type LineBlocks = Static<typeof LineBlocks>;

export const ManifestFile = Type.Object(
  {
    name: Type.String({ pattern: CONTENT_NAME_PATTERN }),
    bytes: Type.Integer({ ...Count, description: 'Of the file as it is stored' }),
    sha256: Sha256,
    count: Type.Integer({ ...Count, description: 'Events in it' }),
    format: Type.String({ pattern: '^[a-z0-9-]{1,64}$', description: 'A name of the formats of exports' }),
    lines: Type.Boolean({ description: 'Whether each event is one line that ends with a line feed' }),
    compression: Type.Optional(Type.Union([Type.Literal('gzip'), Type.Literal('zstd')])),
    contentBytes: Type.Optional(Type.Integer({ ...Count, description: 'Unpacked; with compression' })),
    contentSha256: Type.Optional(Sha256),
    blocks: Type.Optional(LineBlocks),
    role: Type.Optional(
      Type.Union([Type.Literal('events'), Type.Literal('origins')], {
        description: 'Events, where nothing is said; or which source each event of another file is of',
      }),
    ),
    of: Type.Optional(
      Type.String({ pattern: CONTENT_NAME_PATTERN, description: 'Of origins: the file they are about' }),
    ),
  },
  open,
);
export type ManifestFile = Static<typeof ManifestFile>;

/** A rule of redaction as recipients may know it: no key, no secret. */
export const RedactionNote = Type.Object(
  {
    id: Type.String({ minLength: 1, maxLength: 128 }),
    action: Type.String({ minLength: 1, maxLength: 64 }),
    paths: Type.Array(Type.String({ maxLength: 1024 }), { maxItems: 1000 }),
  },
  open,
);
export type RedactionNote = Static<typeof RedactionNote>;

/** Events that the segment should have, and that could not be given away as its rules want; why, each reason once. */
export const Withheld = Type.Object(
  {
    count: Count,
    reasons: Type.Array(
      Type.Object(
        {
          code: Type.String({ pattern: '^[A-Z][A-Z0-9_]{0,63}$' }),
          count: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }),
        },
        open,
      ),
      { maxItems: 100 },
    ),
  },
  open,
);
export type Withheld = Static<typeof Withheld>;

export const SegmentManifest = Type.Object(
  {
    version: Type.Literal(1),
    issuer: Issuer,
    chain: ChainName,
    kind: Type.Union([Type.Literal('feed'), Type.Literal('export')]),
    sequence: Type.Integer({ minimum: 1, maximum: MAX_SEQUENCE }),
    previous: Nullable(Sha256),
    created: Instant,
    period: Type.Object({ from: Nullable(Instant), to: Nullable(Instant) }, open),
    late: Type.Boolean(),
    count: Count,
    first: Nullable(Position),
    last: Nullable(Position),
    positions: Type.Array(Type.Object({ partition: Count, from: Count, upto: Count }, open), {
      maxItems: 10_000,
      description: 'From is of the first record looked at, upto is behind the last',
    }),
    files: Type.Array(ManifestFile, { maxItems: MAX_FILES }),
    filter: Nullable(Type.String({ maxLength: 65_536 })),
    tenants: Nullable(Type.Array(Type.String({ minLength: 1, maxLength: 256 }), { maxItems: 10_000 })),
    redaction: Nullable(Type.Array(RedactionNote, { maxItems: 1000 })),
    withheld: Type.Optional(Withheld),
    asked: Type.Optional(
      Type.Object({ by: Type.String({ minLength: 1, maxLength: 512 }), at: Instant }, open),
    ),
    cursor: Type.Optional(
      Type.Object(
        {
          from: Nullable(Type.String({ maxLength: 4096 })),
          upto: Nullable(Type.String({ maxLength: 4096 })),
        },
        open,
      ),
    ),
  },
  open,
);
/**
 * One segment of a chain.
 * `previous`: SHA-256 of the bytes of the manifest before, null for the first. `period`: what the segment is about, from
 * included, to excluded; null where it has no end. `late`: its events are from before the period. `first`, `last`:
 * positions of its first and last event, null where it has none. `filter`, `redaction`: null is none; `tenants`: null is
 * all. `withheld`: absent is none. `asked`, `cursor`: of export jobs.
 */
export type SegmentManifest = Static<typeof SegmentManifest>;

export const ChainHead = Type.Object(
  {
    version: Type.Literal(1),
    issuer: Issuer,
    chain: ChainName,
    sequence: Type.Integer({ minimum: 0, maximum: MAX_SEQUENCE }),
    manifest: Nullable(Sha256),
    created: Instant,
    final: Type.Boolean(),
  },
  open,
);
/**
 * How far a chain goes: `manifest` is SHA-256 of the bytes of the manifest of segment `sequence`; 0 and null where there is
 * none yet. `final`: nothing will follow.
 */
export type ChainHead = Static<typeof ChainHead>;

/** `chainName('urn:uuid:…', 'feed', 'f1')` is `urn:uuid:…/feeds/f1`. */
export function chainName(issuer: string, kind: SegmentManifest['kind'], id: string): string {
  return `${chainPrefix(issuer, kind)}${id}`;
}

/** Whether the name is one of its issuer's: of `a`, and not of `a/feeds/b`. */
export function isChainOf(chain: string, issuer: string, kind: SegmentManifest['kind']): boolean {
  const prefix = chainPrefix(issuer, kind);
  return chain.startsWith(prefix) && !chain.includes('/', prefix.length);
}

function chainPrefix(issuer: string, kind: SegmentManifest['kind']): string {
  return `${issuer}/${kind}s/`;
}
