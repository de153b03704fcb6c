/** Libraries of Python (PyPI) that judge what the product does, fetched once with pip into `.cache` (not kept in git). */
import { execFile, execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const CACHE = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '.cache');
const FETCH_TIMEOUT_MS = 240_000;
const run = promisify(execFile);

export interface PythonLibrary {
  /** As pip knows it, such as `standardwebhooks`. */
  readonly name: string;
  readonly version: string;
}

/** The folder it is in, or will be: for PYTHONPATH. */
export function pythonLibraryFolder({ name, version }: PythonLibrary): string {
  return join(CACHE, `${name}-${version}`);
}

/** Why it cannot be used here, or undefined when it can; fetches it when it is not there. */
export async function pythonLibraryMissing(library: PythonLibrary): Promise<string | undefined> {
  if (existsSync(pythonLibraryFolder(library))) return undefined;
  try {
    await run('python3', ['-c', 'import sys; sys.exit(sys.version_info < (3, 10))'], { timeout: 30_000 });
  } catch {
    return 'there is no python3 of version 3.10 or later';
  }
  try {
    await fetchLibrary(library);
    return undefined;
  } catch (error) {
    return `pip cannot fetch it: ${error instanceof Error ? error.message.slice(0, 500) : String(error)}`;
  }
}

export interface PythonRun {
  /** What `sys.argv` has from 1. */
  readonly args?: readonly string[];
  readonly input?: string;
}

/** What a script that uses the library prints. Throws when it fails. */
export function runPython(
  library: PythonLibrary,
  script: string,
  { args = [], input = '' }: PythonRun,
): string {
  const env = {
    PATH: process.env['PATH'],
    PYTHONPATH: pythonLibraryFolder(library),
    PYTHONDONTWRITEBYTECODE: '1',
  };
  return execFileSync('python3', ['-c', script, ...args], {
    env,
    input,
    timeout: 60_000,
    maxBuffer: 64 * 1024 * 1024,
  }).toString();
}

/** Into a folder of its own, then in one step to its place: test processes may start at the same time. */
async function fetchLibrary(library: PythonLibrary): Promise<void> {
  await mkdir(CACHE, { recursive: true });
  const work = await mkdtemp(join(CACHE, 'pip-'));
  const folder = pythonLibraryFolder(library);
  try {
    await run(
      'python3',
      ['-m', 'pip', 'install', '--quiet', '--target', work, `${library.name}==${library.version}`],
      { timeout: FETCH_TIMEOUT_MS },
    );
    await rename(work, folder).catch((error: unknown) => {
      if (!existsSync(folder)) throw error;
    });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}
