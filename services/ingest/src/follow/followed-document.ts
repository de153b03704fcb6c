/**
 * A file that is a document and is written anew as a whole (a job file, an export): read when it changed and has been
 * left alone for a moment, cut into records as a body is, remembered when these are durable. Versions that come and go
 * between two looks are not seen.
 */
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { normalizeRecords } from '../records/normalize-records.ts';
import { splitRecords } from '../records/split-records.ts';
import { HEAD_BYTES, statLogFile, toHead } from '../rotated-files.ts';
import type { FileCheckpoint, LogFile } from '../rotated-files.ts';
import { checkAllowed } from './allowed-paths.ts';
import { SUBMITTER } from './followed-file.ts';
import type { FollowedFile, FollowedFileDependencies, FollowedFileOptions } from './followed-file.ts';

/** Since the last change: who writes a file in pieces does so without long pauses. */
const SETTLE_MS = 1000;
const DEFAULT_POLL_MS = 1000;
const MAX_DOCUMENT_BYTES = 64 * 1024 ** 2;

export function followDocument(
  {
    maxLineBytes = 1 << 20,
    onTrouble,
    path,
    pollMs = DEFAULT_POLL_MS,
    resolved,
    source,
    start,
  }: FollowedFileOptions,
  { checkpoints, directories, intake, logger, metrics }: FollowedFileDependencies,
  now: () => number = Date.now,
): FollowedFile {
  const stopping = new AbortController();
  const { signal } = stopping;

  async function run(): Promise<void> {
    if (start === 'end') await skip();
    while (!signal.aborted) {
      try {
        await checkAllowed(path, directories);
        await readChanged();
        onTrouble(undefined);
      } catch (error) {
        onTrouble(error instanceof Error ? error.message : String(error));
        logger.warn({ err: error, source: resolved.id, path }, 'a file is not being read, trying again');
      }
      await sleep(pollMs, undefined, { signal }).catch(() => undefined);
    }
  }

  /** What is there at the first start counts as read. */
  async function skip(): Promise<void> {
    const found = await statLogFile(path).catch(() => undefined);
    if (found !== undefined && checkpoints.get(resolved.id, path) === undefined)
      await checkpoints.put(resolved.id, path, checkpointOf(found, Buffer.alloc(0)));
  }

  async function readChanged(): Promise<void> {
    const found = await statLogFile(path);
    if (found === undefined || isSame(found, checkpoints.get(resolved.id, path))) return;
    const age = now() - found.modifiedMs;
    if (age >= 0 && age < SETTLE_MS) return;
    if (found.size > MAX_DOCUMENT_BYTES)
      throw new Error(`${path} has ${found.size} bytes; documents of at most ${MAX_DOCUMENT_BYTES} are read`);
    const body = await readFile(path);
    const after = await statLogFile(path);
    // Changed while it was read: again at the next look.
    if (after === undefined || !isSame(after, checkpointOf(found, body))) return;
    const records = splitRecords(body, source.describe.framings, {
      receivedMs: Math.min(now(), found.modifiedMs),
      maxRecordBytes: maxLineBytes,
    }).map((record) => ({ ...record, position: `${found.file}, ${record.position}` }));
    metrics.received(resolved.id, records.length);
    const outcomes = normalizeRecords(records, intake.normalizerFor(source, resolved, basename(path)));
    if (outcomes.length > 0)
      await intake.take(outcomes, { source: resolved, reach: { tenants: '*' }, submitter: SUBMITTER });
    await checkpoints.put(resolved.id, path, checkpointOf(found, body));
  }

  const done = run();
  const stop = async (): Promise<void> => {
    stopping.abort();
    await done;
  };
  return { stop, finish: stop };
}

function checkpointOf({ file, modifiedMs, size }: LogFile, body: Buffer): FileCheckpoint {
  return { file, offset: size, head: toHead(body.subarray(0, HEAD_BYTES)), modifiedMs };
}

function isSame(found: LogFile, known: FileCheckpoint | undefined): boolean {
  return (
    known !== undefined &&
    found.file === known.file &&
    found.size === known.offset &&
    found.modifiedMs === known.modifiedMs
  );
}
