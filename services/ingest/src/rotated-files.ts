/** Tells log files apart whatever they are called at the moment, and finds them among their rotated siblings. */
import { createHash } from 'node:crypto';
import { open, readdir, stat } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';

/** This many first bytes of a file tell it from another one with the same inode number. */
export const HEAD_BYTES = 256;

const MAX_LISTINGS = 20;

/** How far a file was read. Survives renaming, and copying with truncation. */
export interface FileCheckpoint {
  /** `<device>:<inode>`. */
  readonly file: string;
  /** Bytes from the beginning that are done with; always behind a line end, or at the end of a finished file. */
  readonly offset: number;
  /** SHA-256 of the first `bytes` bytes, hex. */
  readonly head: { readonly bytes: number; readonly sha256: string };
  /** When the file was last written to, as seen then; milliseconds since 1970. */
  readonly modifiedMs: number;
}

export interface LogFile {
  readonly path: string;
  readonly file: string;
  readonly size: number;
  readonly modifiedMs: number;
  /** How it was compressed, as its name says. */
  readonly compression?: Compression;
}

/** `gzip` and `zstd` are read; the others are told as gaps. */
export type Compression = 'gzip' | 'zstd' | 'xz' | 'bzip2';

const COMPRESSIONS: ReadonlyMap<string, Compression> = new Map([
  ['.gz', 'gzip'],
  ['.zst', 'zstd'],
  ['.xz', 'xz'],
  ['.bz2', 'bzip2'],
]);

/** Undefined when there is no such file. */
export async function statLogFile(path: string): Promise<LogFile | undefined> {
  try {
    return { path, ...toIdentity(await stat(path, { bigint: true })) };
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

export function toIdentity(stats: {
  readonly dev: bigint;
  readonly ino: bigint;
  readonly size: bigint;
  readonly mtimeMs: bigint;
}): Omit<LogFile, 'path'> {
  return { file: `${stats.dev}:${stats.ino}`, size: Number(stats.size), modifiedMs: Number(stats.mtimeMs) };
}

export function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

/**
 * The file and what rotation made of it before, oldest first, the file itself (when it is there) last. Knows
 * `name.1`, `name-20261121`, `name.2026-11-21` and `name-20261121.ext`, each also compressed; while a file is being
 * compressed, it counts and not what is made of it.
 */
export async function listLogFiles(path: string): Promise<readonly LogFile[]> {
  // A rotation in the middle of a listing can hide a file: only two equal ones in a row count.
  let files = await listOnce(path);
  for (let tries = 0; tries < MAX_LISTINGS; tries += 1) {
    const again = await listOnce(path);
    if (again.length === files.length && again.every(({ file }, index) => file === files[index]?.file))
      return again;
    files = again;
  }
  return files;
}

async function listOnce(path: string): Promise<readonly LogFile[]> {
  const base = basename(path);
  const bySuffix = new Map<string, LogFile>();
  for (const name of await readdir(dirname(path))) {
    const { suffix, compression } = rotationOf(name, base) ?? {};
    if (suffix === undefined || (compression !== undefined && bySuffix.has(suffix))) continue;
    const found = await statLogFile(join(dirname(path), name));
    if (found !== undefined)
      bySuffix.set(suffix, compression === undefined ? found : { ...found, compression });
  }
  const rotated = [...bySuffix].map(([suffix, found]) => ({ suffix, found }));
  const numbered = rotated.every(({ suffix }) => /^\d{1,4}$/.test(suffix));
  rotated.sort((left, right) =>
    numbered ? Number(right.suffix) - Number(left.suffix) : left.found.modifiedMs - right.found.modifiedMs,
  );
  const current = await statLogFile(path);
  return [...rotated.map(({ found }) => found), ...(current === undefined ? [] : [current])];
}

export interface Rotation {
  /** `1`, `20261121`. */
  readonly suffix: string;
  readonly compression?: Compression;
}

/** Whether a file name is one that rotation gives a file of the name `base`. */
export function rotationOf(name: string, base: string): Rotation | undefined {
  const ending = extname(name);
  const compression = COMPRESSIONS.get(ending);
  const plain = compression === undefined ? name : name.slice(0, -ending.length);
  const extension = extname(base);
  const stem = base.slice(0, base.length - extension.length);
  const suffix =
    suffixOf(plain, base, '') ?? (extension === '' ? undefined : suffixOf(plain, stem, extension));
  if (suffix === undefined) return undefined;
  return compression === undefined ? { suffix } : { suffix, compression };
}

/** A number behind a point; a date or a time behind a point or a hyphen, for `web-1.log` is no older `web.log`. */
function suffixOf(name: string, before: string, after: string): string | undefined {
  if (!name.startsWith(before) || !name.endsWith(after)) return undefined;
  const middle = name.slice(before.length, name.length - after.length);
  return /^(?:\.\d|-\d{4}-?\d\d-?\d\d)[\dT._:+-]{0,64}$/.test(middle) ? middle.slice(1) : undefined;
}

/** The first bytes of an open file, at most HEAD_BYTES. */
export async function readHead(handle: FileHandle, bytes: number = HEAD_BYTES): Promise<Buffer> {
  const head = Buffer.alloc(Math.min(bytes, HEAD_BYTES));
  let length = 0;
  while (length < head.length) {
    const { bytesRead } = await handle.read(head, length, head.length - length, length);
    if (bytesRead === 0) break;
    length += bytesRead;
  }
  return head.subarray(0, length);
}

export function toHead(bytes: Buffer): FileCheckpoint['head'] {
  return { bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
}

/** Undefined when there is no such file. */
export async function openForReading(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, 'r');
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}
