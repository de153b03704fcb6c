/** Chains for tests: made in memory, kept in a map or in a directory. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { chainName, contentName, createFileDigest, openSigner, signHead, signManifest } from './index.ts';
import type { ManifestFile, SegmentManifest, SegmentReader, Signer, SigningKey } from './index.ts';

export const ISSUER = 'urn:uuid:6f1c0c1e-0d52-4f6e-9a53-6a1f0a6f4a11';
export const CHAIN = chainName(ISSUER, 'feed', 'example');

/** Fixed, so that what is made is the same each time. Never used for anything but tests. */
export const KEY_ONE: SigningKey = {
  kty: 'OKP',
  crv: 'Ed25519',
  x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo',
  kid: 'kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k',
  alg: 'EdDSA',
  use: 'sig',
  created: '2026-01-01T00:00:00.000Z',
  d: 'nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A',
};

export type Place = Map<string, Buffer>;

export interface FileOfSegment {
  /** Each is one line. */
  readonly events: readonly string[];
  readonly compression?: 'gzip' | 'zstd';
}

export interface SegmentOfChain {
  readonly files: readonly FileOfSegment[];
  readonly late?: boolean;
  readonly key?: SigningKey;
  readonly more?: Partial<SegmentManifest>;
}

/** The last segment's key signs the head. `created` of segment n is n minutes past 2026-02-01. */
export async function makeChain(
  segments: readonly SegmentOfChain[],
  {
    blockLines = 2,
    chain = CHAIN,
    final = false,
  }: { blockLines?: number; chain?: string; final?: boolean } = {},
): Promise<Place> {
  const place: Place = new Map();
  let previous: string | null = null;
  let offset = 0;
  let signer = await openSigner(KEY_ONE);
  for (const [index, segment] of segments.entries()) {
    signer = await openSigner(segment.key ?? KEY_ONE);
    const sequence = index + 1;
    const files = segment.files.map((file, part) => addFile(place, sequence, part + 1, file, blockLines));
    const count = files.reduce((sum, file) => sum + file.count, 0);
    const signed = await signManifest(signer, {
      version: 1,
      issuer: ISSUER,
      chain,
      kind: 'feed',
      sequence,
      previous,
      created: atMinute(sequence),
      period: { from: atMinute(sequence - 1), to: atMinute(sequence) },
      late: segment.late ?? false,
      count,
      first: count === 0 ? null : { partition: 0, offset },
      last: count === 0 ? null : { partition: 0, offset: offset + count - 1 },
      positions: [{ partition: 0, from: offset, upto: offset + count }],
      files,
      filter: "outcome = 'failure'",
      tenants: ['p-blue'],
      redaction: null,
      ...segment.more,
    });
    for (const { name, bytes } of signed.files) place.set(name, bytes);
    offset += count;
    previous = signed.sha256;
  }
  await putHead(place, signer, { sequence: segments.length, manifest: previous, chain, final });
  return place;
}

export async function putHead(
  place: Place,
  signer: Signer,
  head: { sequence: number; manifest: string | null; chain?: string; final?: boolean },
): Promise<void> {
  const { bytes, name } = await signHead(signer, {
    version: 1,
    issuer: ISSUER,
    chain: CHAIN,
    created: atMinute(head.sequence),
    final: false,
    ...head,
  });
  place.set(name, bytes);
}

export function readerOf(place: ReadonlyMap<string, Buffer>): SegmentReader {
  return {
    description: 'memory',
    read: (name) => {
      const bytes = place.get(name);
      return Promise.resolve(bytes === undefined ? undefined : pieces(bytes));
    },
    async *list() {
      yield* place.keys();
    },
  };
}

export function writePlace(place: Place, directory: string): void {
  mkdirSync(directory, { recursive: true });
  for (const [name, bytes] of place) writeFileSync(`${directory}/${name}`, bytes);
}

/** What is left of it. */
export function without(place: Place, names: RegExp): Place {
  return new Map([...place].filter(([name]) => !names.test(name)));
}

/** Two files change places. */
export function exchange(place: Place, one: string, other: string): void {
  const [first, second] = [place.get(one), place.get(other)];
  if (first !== undefined) place.set(other, first);
  if (second !== undefined) place.set(one, second);
}

export function atMinute(minute: number): string {
  return new Date(Date.UTC(2026, 1, 1) + minute * 60_000).toISOString();
}

function addFile(
  place: Place,
  sequence: number,
  part: number,
  { compression, events }: FileOfSegment,
  blockLines: number,
): ManifestFile {
  const extension = { none: '', gzip: '.gz', zstd: '.zst' }[compression ?? 'none'];
  const name = contentName(sequence, `events-${String(part).padStart(4, '0')}.ndjson${extension}`);
  const content = Buffer.from(events.map((event) => `${event}\n`).join(''));
  const digest = createFileDigest({
    name,
    format: 'cadf-ndjson',
    lines: true,
    blockLines,
    ...(compression === undefined ? {} : { compression }),
  });
  digest.content(content);
  let stored = content;
  if (compression === 'gzip') stored = gzipSync(content);
  if (compression === 'zstd') stored = zstdCompressSync(content);
  if (compression !== undefined) digest.stored(stored);
  place.set(name, stored);
  return digest.end(events.length);
}

async function* pieces(bytes: Buffer): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 1000) yield bytes.subarray(at, at + 1000);
}
