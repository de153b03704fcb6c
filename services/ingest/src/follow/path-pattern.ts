/** The files a path with wildcards stands for, looked for within bounds. No library: those at hand bound nothing. */
import { readdir } from 'node:fs/promises';
import type { Dirent } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import { rotationOf } from '../rotated-files.ts';
import { createWildcard, isWildcard, WildcardError } from './wildcard.ts';

export interface FoundFiles {
  /** Absolute, sorted; without older files that rotation made of others of them, and without compressed ones. */
  readonly paths: readonly string[];
  /** Why there may be more. */
  readonly trouble?: string;
}

export interface PathPattern {
  /** The part of the path before the first wildcard: a directory all files are in, or the file itself. */
  readonly base: string;
  readonly isPattern: boolean;
  find(): Promise<FoundFiles>;
}

export interface PatternLimits {
  /** Entries of directories looked at in one search; default 100,000. */
  readonly maxEntries?: number;
  /** Directories `**` goes down; default 8. */
  readonly maxDepth?: number;
}

const COMPRESSED = /\.(?:gz|zst|xz|bz2|Z|lz4)$/;
const MAX_SUFFIXES = 16;

interface Search {
  readonly found: Set<string>;
  readonly maxEntries: number;
  readonly maxDepth: number;
  entries: number;
  isCut: boolean;
}

type Segment =
  | { readonly deep: true }
  | { readonly deep: false; readonly matches: (name: string) => boolean };

/** `path` is absolute. `**` stands for any directories, also none. Throws WildcardError. */
export function createPathPattern(
  path: string,
  { maxEntries = 100_000, maxDepth = 8 }: PatternLimits = {},
): PathPattern {
  const parts = path.split('/').filter((part) => part !== '');
  const first = parts.findIndex(isWildcard);
  if (first < 0) return { base: path, isPattern: false, find: async () => ({ paths: [path] }) };
  const segments = parts.slice(first).map(toSegment);
  if (segments.filter(({ deep }) => deep).length > 1) throw new WildcardError(`** may stand once: ${path}`);
  if (segments.at(-1)?.deep === true)
    throw new WildcardError(`** stands for directories, not files: ${path}`);
  const base = `/${parts.slice(0, first).join('/')}`;
  return {
    base,
    isPattern: true,
    async find() {
      const search: Search = { found: new Set(), maxEntries, maxDepth, entries: 0, isCut: false };
      await walk(search, base, segments, 0);
      const paths = withoutOlder([...search.found].sort());
      if (!search.isCut) return { paths };
      return {
        paths,
        trouble: `${path}: more than ${maxEntries} entries of directories were to be looked at; name fewer`,
      };
    },
  };
}

function toSegment(part: string): Segment {
  return part === '**' ? { deep: true } : { deep: false, matches: createWildcard(part) };
}

async function walk(
  search: Search,
  directory: string,
  segments: readonly Segment[],
  depth: number,
): Promise<void> {
  const [segment, ...rest] = segments;
  if (segment === undefined || search.isCut) return;
  if (segment.deep) await walk(search, directory, rest, depth);
  for (const entry of await entriesOf(directory)) {
    if (search.entries++ >= search.maxEntries) {
      search.isCut = true;
      return;
    }
    const path = join(directory, entry.name);
    if (segment.deep) {
      if (entry.isDirectory() && !entry.name.startsWith('.') && depth < search.maxDepth)
        await walk(search, path, segments, depth + 1);
      continue;
    }
    if (!segment.matches(entry.name)) continue;
    // A link may lead to either; links to directories are followed where the pattern names them, never by `**`.
    if (rest.length > 0) {
      if (entry.isDirectory() || entry.isSymbolicLink()) await walk(search, path, rest, depth);
    } else if (entry.isFile() || entry.isSymbolicLink()) search.found.add(path);
  }
}

/** A directory that is gone, or was none, has no entries; neither has one that may not be read. */
async function entriesOf(directory: string): Promise<readonly Dirent[]> {
  try {
    return await readdir(directory, { withFileTypes: true });
  } catch {
    return [];
  }
}

function withoutOlder(paths: readonly string[]): string[] {
  const byDirectory = new Map<string, Set<string>>();
  for (const path of paths) {
    const names = byDirectory.get(dirname(path)) ?? new Set();
    byDirectory.set(dirname(path), names.add(basename(path)));
  }
  return paths.filter((path) => {
    const name = basename(path);
    if (COMPRESSED.test(name)) return false;
    const names = byDirectory.get(dirname(path));
    return !currentNames(name).some(
      (current) => names?.has(current) === true && rotationOf(name, current) !== undefined,
    );
  });
}

/** What a file may have been called before rotation gave it this name. */
function currentNames(name: string): string[] {
  const ending = extname(name);
  const names: string[] = [];
  for (const { index } of [...name.matchAll(/[.-](?=\d)/g)].slice(0, MAX_SUFFIXES)) {
    const before = name.slice(0, index);
    names.push(before, before + ending);
  }
  return names;
}
