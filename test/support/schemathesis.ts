/**
 * Schemathesis (PyPI), which asks a running service everything its API document says can be asked, fetched once with pip
 * into `.cache/schemathesis-<version>` (not kept in git).
 */
import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

export const SCHEMATHESIS_VERSION = '4.32.5';
const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const CACHE = join(ROOT, '.cache');
const LIBRARY = join(CACHE, `schemathesis-${SCHEMATHESIS_VERSION}`);
const SETTINGS = join(ROOT, 'test', 'conformance', 'schemathesis');
const FETCH_TIMEOUT_MS = 240_000;
const run = promisify(execFile);

/** Why Schemathesis cannot be run here, or undefined when it can; fetches it when it is not there. */
export async function schemathesisMissing(): Promise<string | undefined> {
  if (existsSync(LIBRARY)) return undefined;
  try {
    await run('python3', ['-c', 'import sys; sys.exit(sys.version_info < (3, 10))'], { timeout: 30_000 });
  } catch {
    return 'there is no python3 of version 3.10 or later';
  }
  try {
    await fetchLibrary();
    return undefined;
  } catch (error) {
    return `pip cannot fetch it: ${error instanceof Error ? error.message.slice(0, 500) : String(error)}`;
  }
}

/** Into a folder of its own, then in one step to its place: test processes may start at the same time. */
async function fetchLibrary(): Promise<void> {
  await mkdir(CACHE, { recursive: true });
  const work = await mkdtemp(join(CACHE, 'pip-'));
  try {
    await run(
      'python3',
      ['-m', 'pip', 'install', '--quiet', '--target', work, `schemathesis==${SCHEMATHESIS_VERSION}`],
      { timeout: FETCH_TIMEOUT_MS },
    );
    await rename(work, LIBRARY).catch((error: unknown) => {
      if (!existsSync(LIBRARY)) throw error;
    });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

export interface SchemathesisRun {
  readonly url: string;
  /** Of an administrator that reaches all tenants. */
  readonly key: string;
  /** Id of a dead letter it has. */
  readonly deadLetter: string;
  /** More of its command line. */
  readonly args: readonly string[];
  /** After so long it is told to end and to say what it found. */
  readonly timeoutMs: number;
  /** Told what it says as it says it. */
  readonly onOutput?: (text: string) => void;
}

export interface SchemathesisVerdict {
  /** 0: nothing was found. */
  readonly code: number | null;
  readonly output: string;
}

/** Runs all its checks, and ours, with a fixed seed. */
export async function runSchemathesis(options: SchemathesisRun): Promise<SchemathesisVerdict> {
  // It keeps what it found in the folder it is run in, and begins with that the next time.
  const folder = await mkdtemp(join(tmpdir(), 'schemathesis-'));
  const child = spawn(
    'python3',
    [
      '-c',
      'from schemathesis.cli import schemathesis; schemathesis()',
      '--config-file',
      join(SETTINGS, 'schemathesis.toml'),
      'run',
      `${options.url}/openapi.json`,
      '--header',
      `Authorization: Bearer ${options.key}`,
      '--seed',
      '1',
      '--no-color',
      '--generation-database',
      'none',
      '--suppress-health-check',
      'all',
      ...options.args,
    ],
    {
      cwd: folder,
      env: {
        PATH: process.env['PATH'],
        PYTHONPATH: [LIBRARY, SETTINGS].join(':'),
        PYTHONDONTWRITEBYTECODE: '1',
        SCHEMATHESIS_HOOKS: 'hooks',
        CADF_TEST_DEAD_LETTER: options.deadLetter,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  let output = '';
  const hear = (part: Buffer): void => {
    output = (output + part.toString()).slice(-1_000_000);
    options.onOutput?.(part.toString());
  };
  child.stdout.on('data', hear);
  child.stderr.on('data', hear);
  const timer = setTimeout(() => child.kill('SIGINT'), options.timeoutMs);
  try {
    return await new Promise((done, failed) => {
      child.on('error', failed);
      child.on('close', (code) => done({ code, output }));
    });
  } finally {
    clearTimeout(timer);
    await rm(folder, { recursive: true, force: true });
  }
}
