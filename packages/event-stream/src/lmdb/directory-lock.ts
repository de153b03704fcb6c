/**
 * One process owns a stream directory. The lock is a file that names its owner; it is taken by linking a
 * finished file into place (atomic on every local file system) and is stale when its owner is gone:
 * on the same machine when no process has that id and start time, from another host name (a volume that
 * moved between containers) when the owner has not refreshed the file for STALE_MS.
 */
import {
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { StreamError } from '../errors.ts';

const REFRESH_MS = 5_000;
const STALE_MS = 30_000;

interface Owner {
  readonly pid: number;
  readonly host: string;
  /** Start of the process in clock ticks since boot and the boot's id; empty where the system does not tell. */
  readonly started: string;
  /** Tells this lock from every other, also of the same process. */
  readonly nonce: string;
}

/** Takes the directory (made when missing). Throws StreamError `STREAM_UNAVAILABLE` naming the owner when it is taken. */
export function lockDirectory(path: string): { release(): void } {
  mkdirSync(path, { recursive: true });
  const lockFile = join(path, 'owner.lock');
  const me: Owner = {
    pid: process.pid,
    host: hostname(),
    started: startOf(process.pid),
    nonce: randomUUID(),
  };
  const draft = join(path, `owner.${me.nonce}`);
  writeFileSync(draft, JSON.stringify(me), { flag: 'wx' });
  try {
    for (let attempt = 0; !tryLink(draft, lockFile); attempt += 1) {
      const owner = readOwner(lockFile);
      if (attempt >= 10 || (owner !== undefined && isAlive(owner, lockFile)))
        throw new StreamError(
          'STREAM_UNAVAILABLE',
          `the stream directory ${path} is in use by process ${owner?.pid ?? 'unknown'} on ${owner?.host ?? 'unknown'}; ` +
            'one process owns a directory: stop that one or choose another path',
        );
      removeStale(lockFile, owner, path);
    }
  } finally {
    rmSync(draft, { force: true });
  }
  const refresh = setInterval(() => {
    const now = new Date();
    try {
      utimesSync(lockFile, now, now);
    } catch {
      // The directory was removed under us; appends report that.
    }
  }, REFRESH_MS);
  refresh.unref();
  return {
    release() {
      clearInterval(refresh);
      if (readOwner(lockFile)?.nonce === me.nonce) rmSync(lockFile, { force: true });
    },
  };
}

function tryLink(draft: string, lockFile: string): boolean {
  try {
    linkSync(draft, lockFile);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

/** Moves the stale file away; whoever moved a lock that was renewed in between puts it back. */
function removeStale(lockFile: string, stale: Owner | undefined, path: string): void {
  const moved = join(path, `owner.stale.${randomUUID()}`);
  try {
    renameSync(lockFile, moved);
  } catch {
    return; // Another process was faster; the next attempt sees its lock.
  }
  if (stale !== undefined && readOwner(moved)?.nonce !== stale.nonce) tryLink(moved, lockFile);
  unlinkSync(moved);
}

function readOwner(file: string): Owner | undefined {
  try {
    const value: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (typeof value !== 'object' || value === null) return undefined;
    const { pid, host, started, nonce } = Object.fromEntries(Object.entries(value));
    if (typeof pid !== 'number' || typeof host !== 'string') return undefined;
    return {
      pid,
      host,
      started: typeof started === 'string' ? started : '',
      nonce: typeof nonce === 'string' ? nonce : '',
    };
  } catch {
    return undefined;
  }
}

function isAlive(owner: Owner, lockFile: string): boolean {
  if (owner.host !== hostname()) return Date.now() - modifiedMs(lockFile) < STALE_MS;
  try {
    process.kill(owner.pid, 0);
  } catch (error) {
    // EPERM: it lives and belongs to somebody else.
    if (!(error instanceof Error && 'code' in error && error.code === 'EPERM')) return false;
  }
  const started = startOf(owner.pid);
  return owner.started === '' || started === '' || started === owner.started;
}

function modifiedMs(file: string): number {
  try {
    return statSync(file).mtimeMs;
  } catch {
    return 0;
  }
}

/** Process ids are reused; together with its start time an id is not. */
function startOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    // Fields after the command name, which is in parentheses and may itself hold spaces; start time is field 22.
    return `${boot}:${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''}`;
  } catch {
    return '';
  }
}
