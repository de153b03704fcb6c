/** The files of one source: one, or all that match a pattern, also those that appear while it runs. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { ResolvedSource, SourceDefinition } from '@cadf-pipeline/control-state';
import { statLogFile } from '../rotated-files.ts';
import type { Source } from '../source.ts';
import { checkAllowed } from './allowed-paths.ts';
import { followDocument } from './followed-document.ts';
import { followIntoStream } from './followed-file.ts';
import type { FollowedFile, FollowedFileDependencies } from './followed-file.ts';
import { createPathPattern } from './path-pattern.ts';
import type { PathPattern } from './path-pattern.ts';

export interface FollowedSourceOptions {
  readonly source: Source;
  readonly definition: SourceDefinition;
  readonly follow: NonNullable<SourceDefinition['follow']>;
  readonly maxLineBytes: number;
  /** A file silent for so long is at the end of its last record; default one minute. */
  readonly idleMs?: number;
  /** Called with all that keeps files from being followed; undefined: nothing. */
  readonly onTrouble: (reason: string | undefined) => void;
  /** Between two searches for files; default 5 s. */
  readonly searchMs?: number;
}

export interface FollowedSource {
  stop(): Promise<void>;
}

const DEFAULT_MAX_FILES = 1000;
/** Searches without a file before it counts as deleted. A rotation makes a new one at once. */
const MAX_MISSES = 12;
const POLL_MS = 250;
/** The more files, the less often each is looked at: all of them cost the same. */
const POLL_MS_PER_FILE = 2;

interface Known {
  readonly file: FollowedFile;
  misses: number;
}

export function followSource(
  options: FollowedSourceOptions,
  dependencies: FollowedFileDependencies,
): FollowedSource {
  const { definition, follow, onTrouble, searchMs = 5000 } = options;
  const resolved: ResolvedSource = { id: definition.id, type: definition.type, definition };
  const { maxFiles = DEFAULT_MAX_FILES } = follow;
  const stopping = new AbortController();
  const files = new Map<string, Known>();
  const troubles = new Map<string, string>();

  function tell(place: string, reason: string | undefined): void {
    const before = troubles.get(place);
    if (before === reason) return;
    if (reason === undefined) troubles.delete(place);
    else troubles.set(place, reason);
    const [first] = troubles.values();
    const more = troubles.size > 1 ? ` (and ${troubles.size - 1} more)` : '';
    onTrouble(first === undefined ? undefined : first + more);
  }

  function begin(path: string, isFirst: boolean, count: number): void {
    const follower = follow.whole === true ? followDocument : followIntoStream;
    const file = follower(
      {
        path,
        resolved,
        source: options.source,
        maxLineBytes: options.maxLineBytes,
        ...(options.idleMs === undefined ? {} : { idleMs: options.idleMs }),
        pollMs: Math.max(POLL_MS, count * POLL_MS_PER_FILE),
        // A file that was not there at the first start is new, wherever reading began then.
        start: isFirst ? (follow.start ?? 'beginning') : 'beginning',
        rotated: follow.rotated ?? false,
        onTrouble: (reason) => tell(path, reason),
      },
      dependencies,
    );
    files.set(path, { file, misses: 0 });
  }

  /** A file of that name has no other follower until this one has ended. */
  async function forget(path: string, { file }: Known): Promise<void> {
    await file.finish();
    const isGone = !stopping.signal.aborted && (await statLogFile(path).catch(() => undefined)) === undefined;
    // Else names of files that are made once would be kept forever.
    if (isGone) await dependencies.checkpoints.forget(definition.id, path).catch(() => undefined);
    files.delete(path);
    tell(path, undefined);
  }

  async function search(pattern: PathPattern, isFirst: boolean): Promise<void> {
    if (pattern.isPattern) await checkAllowed(pattern.base, dependencies.directories);
    const { paths, trouble } = await pattern.find();
    const found = new Set(paths);
    for (const [path, known] of files) {
      known.misses = found.has(path) ? 0 : known.misses + 1;
      if (known.misses === MAX_MISSES) void forget(path, known);
    }
    for (const path of paths) {
      if (files.has(path)) continue;
      if (files.size >= maxFiles) break;
      begin(path, isFirst, Math.max(paths.length, files.size));
    }
    const unfollowed = paths.filter((path) => !files.has(path)).length;
    tell(
      '',
      unfollowed === 0
        ? trouble
        : `${unfollowed} of ${paths.length} files of ${follow.path} are not followed, for ${maxFiles} are`,
    );
  }

  async function run(): Promise<void> {
    const pattern = createPathPattern(follow.path);
    let isFirst = !dependencies.checkpoints.has(definition.id);
    while (!stopping.signal.aborted) {
      try {
        await search(pattern, isFirst);
        isFirst = false;
        if (!pattern.isPattern) return;
      } catch (error) {
        tell('', error instanceof Error ? error.message : String(error));
      }
      await sleep(searchMs, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  }

  const done = run().catch((error: unknown) =>
    tell('', error instanceof Error ? error.message : String(error)),
  );
  return {
    async stop() {
      stopping.abort();
      await done;
      await Promise.all([...files.values()].map(({ file }) => file.stop()));
    },
  };
}
