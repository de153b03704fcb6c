/** One process at a time: two that wrote into one spool would damage it. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ClientError, clientCodes } from '../client-error.ts';

/**
 * Takes the spool for this process; answers how to let go of it. What a process left that was killed is taken over, also
 * when another one has its number now (on Linux, by the time it started). Throws ClientError CLIENT_SPOOL_FAILED.
 */
export function lockSpool(dir: string): () => void {
  const file = join(dir, 'lock');
  const own = JSON.stringify({ pid: process.pid, started: startOf(process.pid) });
  if (held.has(file)) throw taken(file, process.pid);
  try {
    writeFileSync(file, own, { flag: 'wx' });
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error) || error.code !== 'EEXIST') throw error;
    const holder = readHolder(file);
    if (holder !== undefined && lives(holder)) throw taken(file, holder.pid);
    writeFileSync(file, own);
  }
  held.add(file);
  return () => {
    if (held.delete(file)) rmSync(file, { force: true });
  };
}

/** Spools that this process has open. */
const held = new Set<string>();

interface Holder {
  readonly pid: number;
  /** Since the machine started, in its own units; empty where that is not known. */
  readonly started: string;
}

function readHolder(file: string): Holder | undefined {
  try {
    const holder: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (typeof holder !== 'object' || holder === null || !('pid' in holder) || !('started' in holder)) return;
    const { pid, started } = holder;
    return typeof pid === 'number' && typeof started === 'string' ? { pid, started } : undefined;
  } catch {
    // Written by halves when its process was killed.
    return undefined;
  }
}

function lives({ pid, started }: Holder): boolean {
  // This process has not taken it, so that is another's, of an earlier life of a container, say.
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
  const now = startOf(pid);
  return started === '' || now === '' || started === now;
}

/** Field 22 of /proc/<pid>/stat (proc_pid_stat(5)), counted after the name, which may hold anything. */
function startOf(pid: number): string {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    return '';
  }
}

function taken(file: string, pid: number): ClientError {
  return new ClientError(
    clientCodes.CLIENT_SPOOL_FAILED,
    `The spool is in use by process ${pid}: give each process a directory of its own. If none uses it, delete ${file}.`,
  );
}
