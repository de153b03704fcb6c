/** A trail with real signatures, in memory: what CloudTrail would have delivered to a bucket. */
import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { TrailReader } from './trail-reader.ts';

export const BUCKET = 'audit-bucket';
export const ACCOUNT = '111122223333';
export const REGION = 'eu-west-1';
export const FINGERPRINT = '00112233445566778899aabbccddeeff';
export const START = Date.parse('2026-11-20T10:00:00Z');
const HOUR = 3_600_000;

export interface TestTrail {
  readonly files: Map<string, Buffer>;
  readonly metadata: Map<string, Record<string, string>>;
  readonly digests: string[];
  readonly logs: string[];
  readonly reader: TrailReader;
  /** Signs a digest again after its content was replaced: what only AWS could do. */
  sign(name: string, digest: Record<string, unknown>): void;
}

export const keyPair = generateKeyPairSync('rsa', { modulusLength: 2048 });
export const publicKeys: ReadonlyMap<string, KeyObject> = new Map([[FINGERPRINT, keyPair.publicKey]]);

const stamp = (ms: number): string => new Date(ms).toISOString().replace(/\.\d{3}/, '');
const compact = (ms: number): string => stamp(ms).replaceAll(/[-:]/g, '');
const day = (ms: number): string => stamp(ms).slice(0, 10).replaceAll('-', '/');
export const sha256 = (content: string | Buffer): string =>
  createHash('sha256').update(content).digest('hex');

/** `hours` digests of `perHour` log files of 3 records; `suffix` stands behind the time in the names of the digests. */
export function makeTrail(hours: number, perHour = 2, suffix = ''): TestTrail {
  const files = new Map<string, Buffer>();
  const metadata = new Map<string, Record<string, string>>();
  const digests: string[] = [];
  const logs: string[] = [];

  function write(name: string, digest: Record<string, unknown>): void {
    const content = JSON.stringify(digest);
    const text = `${String(digest['digestEndTime'])}\n${String(digest['digestS3Bucket'])}/${String(digest['digestS3Object'])}\n${sha256(content)}\n${String(digest['previousDigestSignature'] ?? 'null')}`;
    const signature = sign('sha256', Buffer.from(text), keyPair.privateKey).toString('hex');
    files.set(name, gzipSync(content));
    metadata.set(name, { signature, 'signature-algorithm': 'SHA256withRSA' });
  }

  let previous: { name: string; content: string; signature: string } | undefined;
  for (let hour = 0; hour < hours; hour++) {
    const from = START + hour * HOUR;
    const end = from + HOUR;
    const logFiles = Array.from({ length: perHour }, (_, index) => {
      const at = from + (index * HOUR) / perHour;
      const name = `AWSLogs/${ACCOUNT}/CloudTrail/${REGION}/${day(at)}/${ACCOUNT}_CloudTrail_${REGION}_${compact(at).replace(/\d\dZ$/, 'Z')}_Abc${hour}x${index}.json.gz`;
      const records = [0, 1, 2].map((n) => ({ eventVersion: '1.11', eventID: `${hour}-${index}-${n}` }));
      const content = JSON.stringify({ Records: records });
      files.set(name, gzipSync(content));
      logs.push(name);
      return { s3Bucket: BUCKET, s3Object: name, hashValue: sha256(content), hashAlgorithm: 'SHA-256' };
    });
    const name = `AWSLogs/${ACCOUNT}/CloudTrail-Digest/${REGION}/${day(end)}/${ACCOUNT}_CloudTrail-Digest_${REGION}_main-trail_${REGION}_${compact(end)}${suffix}.json.gz`;
    const digest = {
      awsAccountId: ACCOUNT,
      digestStartTime: stamp(from),
      digestEndTime: stamp(end),
      digestS3Bucket: BUCKET,
      digestS3Object: name,
      digestPublicKeyFingerprint: FINGERPRINT,
      digestSignatureAlgorithm: 'SHA256withRSA',
      previousDigestS3Bucket: previous === undefined ? null : BUCKET,
      previousDigestS3Object: previous?.name ?? null,
      previousDigestHashValue: previous === undefined ? null : sha256(previous.content),
      previousDigestHashAlgorithm: previous === undefined ? null : 'SHA-256',
      previousDigestSignature: previous?.signature ?? null,
      logFiles,
    };
    write(name, digest);
    digests.push(name);
    previous = { name, content: JSON.stringify(digest), signature: metadata.get(name)?.['signature'] ?? '' };
  }
  const reader: TrailReader = {
    async *list(prefix) {
      await Promise.resolve();
      for (const name of files.keys()) if (name.startsWith(prefix)) yield name;
    },
    read: async (name) => {
      const content = files.get(name);
      return content === undefined ? undefined : one(content);
    },
    metadata: async (name) => metadata.get(name),
  };
  return { files, metadata, digests, logs, reader, sign: write };
}

async function* one(content: Buffer): AsyncGenerator<Uint8Array, void, undefined> {
  await Promise.resolve();
  yield content;
}

export async function collected<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}
