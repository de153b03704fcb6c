/**
 * The files of one feed on disk, in a directory that all processes of the service share. A run writes below a stage of its
 * own, which nobody else looks into; files get their names when the record of the feed names their segment.
 */
import { hash, randomBytes } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  HEAD_NAME,
  manifestName,
  MAX_MANIFEST_BYTES,
  SegmentManifest,
  signatureName,
} from '@cadf-pipeline/federation';
import { Compile } from 'typebox/compile';

export interface FeedDirectory {
  readonly path: string;
  pathOf(name: string): string;
  /** A new stage: its name, and where its files are to be written. */
  begin(): Promise<Stage>;
  /** Gives the files of a stage their names, in an order in which no manifest is there before its content. Once more does no harm. */
  publish(stage: string): Promise<void>;
  make(): Promise<void>;
  /** Removes all stages, what else was begun, and the segments before `kept`. */
  clean(kept: number): Promise<void>;
  putHead(bytes: Uint8Array): Promise<void>;
  /** Undefined where there is none, or none any more. */
  manifest(sequence: number): Promise<SegmentManifest | undefined>;
  /** What the head of a chain up to a segment says; undefined where it is not there. */
  end(sequence: number): Promise<ChainEnd | undefined>;
  removeSegment(sequence: number): Promise<void>;
  removeAll(): Promise<void>;
}

export interface ChainEnd {
  readonly sequence: number;
  /** SHA-256 of its manifest, and when that was made. */
  readonly manifest: string;
  readonly manifestMs: number;
}

export interface Stage {
  readonly name: string;
  pathOf(name: string): string;
  put(name: string, bytes: Uint8Array): Promise<void>;
  /** Resolves when all that was put is durable. */
  sync(): Promise<void>;
}

const SEQUENCE = /^([0-9]{12})\./;
const manifests = Compile(SegmentManifest);

export function openFeedDirectory(root: string, chain: string): FeedDirectory {
  const path = join(root, chain);
  const pathOf = (name: string): string => join(path, name);
  const stagePath = (stage: string): string => join(path, `.stage-${stage}`);

  const read = async (sequence: number): Promise<Buffer | undefined> =>
    sequence < 1 ? undefined : readIfThere(pathOf(manifestName(sequence)));

  async function manifest(sequence: number): Promise<SegmentManifest | undefined> {
    const text = await read(sequence);
    return text === undefined ? undefined : parseManifest(text);
  }

  return {
    path,
    pathOf,
    manifest,
    async begin() {
      const name = randomBytes(8).toString('hex');
      const within = stagePath(name);
      await mkdir(within, { recursive: true, mode: 0o700 });
      return {
        name,
        pathOf: (file) => join(within, file),
        put: (file, bytes) => writeDurably(join(within, file), bytes),
        async sync() {
          await syncDirectory(within);
          await syncDirectory(path);
        },
      };
    },
    async publish(stage) {
      const within = stagePath(stage);
      for (const name of (await listIfThere(within)).toSorted(inOrder))
        await rename(join(within, name), pathOf(name)).catch(unlessGone);
      await syncDirectory(path);
      await rm(within, { recursive: true, force: true });
    },
    make: async () => void (await mkdir(path, { recursive: true, mode: 0o700 })),
    async clean(kept) {
      for (const name of await readdir(path)) {
        const [, sequence] = SEQUENCE.exec(name) ?? [];
        if (name.startsWith('.') || (sequence !== undefined && Number(sequence) < kept))
          await rm(pathOf(name), { recursive: true, force: true });
      }
    },
    async putHead(bytes) {
      const written = pathOf(`.head-${randomBytes(8).toString('hex')}`);
      await writeDurably(written, bytes);
      await rename(written, pathOf(HEAD_NAME));
      await syncDirectory(path);
    },
    async end(sequence) {
      const text = await read(sequence);
      const found = text === undefined ? undefined : parseManifest(text);
      if (text === undefined || found === undefined) return undefined;
      return { sequence, manifest: hash('sha256', text, 'hex'), manifestMs: Date.parse(found.created) };
    },
    async removeSegment(sequence) {
      const found = await manifest(sequence);
      for (const { name } of found?.files ?? []) await rm(pathOf(name), { force: true });
      await rm(pathOf(signatureName(sequence)), { force: true });
      await rm(pathOf(manifestName(sequence)), { force: true });
    },
    removeAll: () => rm(path, { recursive: true, force: true }),
  };
}

function parseManifest(text: Buffer): SegmentManifest | undefined {
  if (text.length > MAX_MANIFEST_BYTES) return undefined;
  const value: unknown = JSON.parse(text.toString('utf8'));
  return manifests.Check(value) ? value : undefined;
}

/** By segment, its content before its manifest, the signature last. */
function inOrder(one: string, other: string): number {
  const rank = (name: string): string => {
    const last = name.endsWith('.manifest.jws') ? 2 : name.endsWith('.manifest.json') ? 1 : 0;
    return `${name.slice(0, 13)}${last}${name}`;
  };
  return rank(one) < rank(other) ? -1 : 1;
}

async function writeDurably(path: string, bytes: Uint8Array): Promise<void> {
  const handle = await open(path, 'wx', 0o600);
  try {
    await handle.writeFile(bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function syncDirectory(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function readIfThere(path: string): Promise<Buffer | undefined> {
  return readFile(path).catch((error: unknown) => {
    unlessGone(error);
    return undefined;
  });
}

async function listIfThere(path: string): Promise<readonly string[]> {
  return readdir(path).catch((error: unknown) => {
    unlessGone(error);
    return [];
  });
}

function unlessGone(error: unknown): void {
  if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
}
