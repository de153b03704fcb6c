/** Whether the log files of CloudTrail are all there and unchanged, with nothing but them and the public keys. */
import { logFileTime, logFolderOf, readDigestName } from './digest-name.ts';
import type { DigestName } from './digest-name.ts';
import { DEFAULT_LIMITS } from './trail-file.ts';
import type { TrailItem, VerifyTrailOptions } from './trail-item.ts';
import type { TrailReader } from './trail-reader.ts';
import { verifyChain } from './verify-chain.ts';

const HOUR_MS = 3_600_000;
/** Digests are made each hour, and delivered some time later. */
const DIGEST_DELAY_MS = 2 * HOUR_MS;
const DIGEST_FOLDER = '/CloudTrail-Digest/';

/**
 * Verifies everything below `prefix`: chain by chain, digest by digest in the order of time; the log files of a digest
 * come before the item of the digest itself. A fault does not end it. What holds: the signature of each digest (so its
 * name, end, content and what is before it), its link to the digest before it, and the hash of each log file. What does
 * not show here: digests taken away at the end (`until` does), and whether a key is really AWS's.
 *
 * Holds the names of all digests and, with `unlisted`, of the log files of one region of an account; of files the one
 * that is read, packed. Throws only what the reader throws, and when `signal` is aborted.
 */
export async function* verifyTrail(
  reader: TrailReader,
  options: VerifyTrailOptions,
): AsyncGenerator<TrailItem, void, undefined> {
  const { prefix = '', root = '', unlisted = true, signal } = options;
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const { digests, logs } = await listFiles(reader, prefix, signal);
  const objects = new Set(digests.map(({ name }) => root + name));
  for (const [folder, inFolder] of grouped(digests, logFolder)) {
    logs.delete(folder);
    const named = new Set<string>();
    const covered = { from: Infinity, upto: -Infinity };
    for (const [chain, ofChain] of grouped(inFolder, (digest) => digest.chain)) {
      const after = options.after?.get(chain);
      const news = ofChain
        .filter(({ endMs }) => after === undefined || endMs > after.endMs)
        .toSorted((a, b) => a.endMs - b.endMs);
      yield* verifyChain({
        chain,
        digests: news,
        reader,
        keys: options.keys,
        limits,
        root,
        after,
        partial: options.partial ?? false,
        has: (object) => objects.has(object),
        named: (name) => void (unlisted && named.add(name)),
        signal,
      });
      const last = news.at(-1)?.endMs ?? after?.endMs ?? -Infinity;
      covered.from = Math.min(covered.from, after?.endMs ?? (news[0]?.endMs ?? Infinity) - HOUR_MS);
      covered.upto = Math.max(covered.upto, last);
      const isOngoing = ofChain.some(({ isBackfill }) => !isBackfill);
      if (options.until !== undefined && isOngoing && last < options.until - DIGEST_DELAY_MS) {
        const name = news.at(-1)?.name ?? after?.object ?? chain;
        const detail = `The last digest is of ${new Date(last).toISOString()}, and the chain has to reach ${new Date(options.until).toISOString()}.`;
        yield { kind: 'fault', chain, fault: { code: 'gap', name, detail } };
      }
    }
    if (unlisted) yield* unlistedFiles(reader, folder, named, covered, signal);
  }
  if (!unlisted) return;
  for (const [folder, { name, count }] of logs) {
    const detail = `It is the first of ${count} log files in ${folder}, about which there is no digest at all: validation was off, or the digests were taken away. None of them was read.`;
    yield { kind: 'fault', chain: folder, fault: { code: 'unlisted-log-file', name, detail } };
  }
}

interface ListedFiles {
  readonly digests: readonly DigestName[];
  /** By the folder of a region: how many log files, and the first of them. */
  readonly logs: Map<string, { readonly name: string; count: number }>;
}

async function listFiles(
  reader: TrailReader,
  prefix: string,
  signal: AbortSignal | undefined,
): Promise<ListedFiles> {
  const digests: DigestName[] = [];
  const logs: ListedFiles['logs'] = new Map();
  for await (const name of reader.list(prefix)) {
    signal?.throwIfAborted();
    const digest = name.includes(DIGEST_FOLDER) ? readDigestName(name) : undefined;
    if (digest !== undefined) digests.push(digest);
    const folder = digest === undefined ? logFolderOf(name) : undefined;
    if (folder === undefined) continue;
    const known = logs.get(folder);
    if (known === undefined) logs.set(folder, { name, count: 1 });
    else known.count++;
  }
  return { digests: digests.toSorted((a, b) => (a.name < b.name ? -1 : 1)), logs };
}

/** Where the log files are that these digests may name. */
function logFolder({ base, region }: DigestName): string {
  return `${base}CloudTrail/${region}/`;
}

function grouped<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  return Map.groupBy(items, keyOf);
}

/**
 * Log files of the time that the digests are about. A file is named by a digest when it is delivered, up to an hour after
 * the time in its name: those of the last hour may be in a digest that is yet to come.
 */
async function* unlistedFiles(
  reader: TrailReader,
  folder: string,
  named: ReadonlySet<string>,
  { from, upto }: { readonly from: number; readonly upto: number },
  signal: AbortSignal | undefined,
): AsyncGenerator<TrailItem, void, undefined> {
  for await (const name of reader.list(folder)) {
    signal?.throwIfAborted();
    const time = logFileTime(name);
    if (time === undefined || time < from || time >= upto - HOUR_MS || named.has(name)) continue;
    const detail =
      'No digest that could be verified names this log file: it was added, or its digest is gone.';
    yield { kind: 'fault', chain: folder, fault: { code: 'unlisted-log-file', name, detail } };
  }
}
