/** Parameters and answers of the routes that pull a feed, and their examples. */
import { ManifestFile, SegmentManifest } from '@cadf-pipeline/federation';
import { Type } from 'typebox';
import type { Static } from 'typebox';
import { FEED_PARAMS } from './feed-routes.ts';

const MAX_LISTED = 1000;
export const DEFAULT_LISTED = 100;

export const FileParams = Type.Object({
  ...FEED_PARAMS.properties,
  name: Type.String({
    pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$',
    description: 'Of a file, as the segments list them',
    examples: ['000000000001.manifest.json'],
  }),
});
export type FileParams = Static<typeof FileParams>;

export const SegmentsQuery = Type.Object(
  {
    after: Type.Optional(
      Type.String({
        pattern: '^[0-9]{1,12}$',
        description: 'Only segments after this one; default 0',
        examples: ['6'],
      }),
    ),
    limit: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: MAX_LISTED,
        default: DEFAULT_LISTED,
        description: 'Most segments',
        examples: [100],
      }),
    ),
  },
  { additionalProperties: false },
);
export type SegmentsQuery = Static<typeof SegmentsQuery>;

const { count, created, late, period } = SegmentManifest.properties;
const { bytes, compression, format, name, of, role, sha256 } = ManifestFile.properties;
export const Segments = Type.Object(
  {
    chain: Type.String({ description: 'Name of the chain' }),
    sequence: Type.Integer({ description: 'The last segment that can be had; 0: none yet' }),
    firstKept: Type.Integer({ description: 'The first segment that can be had' }),
    segments: Type.Array(
      Type.Object({
        sequence: Type.Integer(),
        created,
        period,
        late,
        count,
        files: Type.Array(
          Type.Object({
            name,
            bytes,
            sha256,
            count: ManifestFile.properties.count,
            format,
            compression,
            role,
            of,
            href: Type.String(),
          }),
          { description: 'Of the content' },
        ),
        manifest: Type.String({ description: 'Where its manifest is' }),
        signature: Type.String({ description: 'Where the signature of the manifest is' }),
      }),
    ),
  },
  { description: 'Segments in their order' },
);
export const SEGMENTS_EXAMPLE = {
  chain: 'urn:uuid:0e8f9a52-6a0c-4a56-8f0e-4d539a550d1f/feeds/acme-audit.0d1f2ab0d6a1',
  sequence: 7,
  firstKept: 1,
  segments: [
    {
      sequence: 7,
      created: '2026-11-01T12:07:00.512Z',
      period: { from: '2026-11-01T12:06:00.000Z', to: '2026-11-01T12:07:00.000Z' },
      late: false,
      count: 12,
      files: [
        {
          name: '000000000007.events.ndjson.gz',
          bytes: 2345,
          sha256: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
          count: 12,
          format: 'cadf-ndjson',
          compression: 'gzip',
          href: '/cadf/v1/feeds/acme-audit/segments/000000000007.events.ndjson.gz',
        },
      ],
      manifest: '/cadf/v1/feeds/acme-audit/segments/000000000007.manifest.json',
      signature: '/cadf/v1/feeds/acme-audit/segments/000000000007.manifest.jws',
    },
  ],
} as const;
