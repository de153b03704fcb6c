/** The digests of one trail, account and region, in their order, each linked to the one before. */
import type { DigestName } from './digest-name.ts';
import type { TrailLimits } from './trail-file.ts';
import type { ChainHead, TrailFault, TrailItem } from './trail-item.ts';
import type { TrailKeys } from './trail-keys.ts';
import type { TrailReader } from './trail-reader.ts';
import { verifyDigest } from './verify-digest.ts';
import { verifyLogFile } from './verify-log-file.ts';

export interface ChainWork {
  readonly chain: string;
  /** By time; those of `after` and before it left out. */
  readonly digests: readonly DigestName[];
  readonly reader: TrailReader;
  readonly keys: TrailKeys;
  readonly limits: TrailLimits;
  readonly root: string;
  readonly after: ChainHead | undefined;
  readonly partial: boolean;
  /** Whether a digest of this object is among the files at all. */
  has(object: string): boolean;
  /** Each log file that a verified digest names. */
  named(name: string): void;
  readonly signal: AbortSignal | undefined;
}

/** What the next digest is held against: the head of the chain, or a digest that was found faulty. */
type Before = ChainHead | { readonly object: string; readonly endMs: number };

export async function* verifyChain(work: ChainWork): AsyncGenerator<TrailItem, void, undefined> {
  const { chain, root, signal } = work;
  const fault = (told: TrailFault): TrailItem => ({ kind: 'fault', chain, fault: told });
  let before: Before | undefined = work.after;
  for (const { name, endMs } of work.digests) {
    signal?.throwIfAborted();
    const object = root + name;
    const state = await verifyDigest(work.reader, name, object, work.keys, work.limits);
    if ('code' in state) {
      yield fault({ code: state.code, name, detail: state.detail });
      before = { object, endMs };
      continue;
    }
    const broken = linkFault(work, name, state.digest, before);
    if (broken !== undefined) yield fault(broken);
    let verified = 0;
    for (const { s3Object, hashValue } of state.digest.logFiles) {
      signal?.throwIfAborted();
      if (!s3Object.startsWith(root)) {
        const detail = `It is not below ${root}, which is all that can be read here.`;
        yield fault({ code: 'missing-log-file', name: s3Object, digest: name, detail });
        continue;
      }
      const logFile = s3Object.slice(root.length);
      work.named(logFile);
      const found = await verifyLogFile(work.reader, logFile, hashValue, work.limits);
      if ('code' in found) {
        yield fault({ code: found.code, name: logFile, digest: name, detail: found.detail });
        continue;
      }
      verified++;
      yield {
        kind: 'log-file',
        chain,
        name: logFile,
        digest: name,
        sha256: hashValue.toLowerCase(),
        bytes: found.bytes,
        records: () => found.records(),
      };
    }
    const head: ChainHead = { object, sha256: state.sha256, signature: state.signature, endMs };
    yield { kind: 'digest', chain, name, head, logFiles: state.digest.logFiles.length, verified };
    before = head;
  }
}

interface Links {
  readonly previousDigestS3Object?: string | null;
  readonly previousDigestHashValue?: string | null;
  readonly previousDigestSignature?: string | null;
}

/** The digest is AWS's own; this is about what is, or is not, before it. */
function linkFault(
  work: ChainWork,
  name: string,
  { previousDigestS3Object: object, previousDigestHashValue, previousDigestSignature }: Links,
  before: Before | undefined,
): TrailFault | undefined {
  const { root, partial } = work;
  if (object === undefined || object === null) {
    if (before === undefined) return undefined;
    const detail = `It begins a new chain, and the one before, ${before.object.slice(root.length)}, ended at ${new Date(before.endMs).toISOString()}: logging was switched off between, or digests were taken away with the beginning of the chain.`;
    return { code: 'gap', name, detail };
  }
  if (before === undefined && partial && !work.has(object)) return undefined;
  if (before?.object !== object) {
    if (work.has(object)) {
      const detail = `It names ${object} as the digest before it, which is not the one that comes before it in time.`;
      return { code: 'broken-chain', name, detail };
    }
    return {
      code: 'missing-digest',
      name: object.startsWith(root) ? object.slice(root.length) : object,
      digest: name,
      detail: 'The digest after it names it, and it is not there. Its log files cannot be verified.',
    };
  }
  // What was faulty itself has been told; it says nothing of the digests after it.
  if (!('sha256' in before)) return undefined;
  const isLinked =
    previousDigestHashValue?.toLowerCase() === before.sha256 &&
    previousDigestSignature?.toLowerCase() === before.signature;
  if (isLinked) return undefined;
  return {
    code: 'broken-chain',
    name,
    detail: `It says another hash or signature of the digest before it than ${object} has.`,
  };
}
