/**
 * Schemathesis (PyPI), which asks a running service everything its API document says can be asked, fetched once with pip
 * into `.cache/schemathesis-<version>` (not kept in git).
 */
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pythonLibraryFolder, pythonLibraryMissing } from './python-library.ts';
import type { SeededThings } from './seeded-service.ts';

export const SCHEMATHESIS_VERSION = '4.32.5';
const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const LIBRARY = { name: 'schemathesis', version: SCHEMATHESIS_VERSION };
const SETTINGS = join(ROOT, 'test', 'conformance', 'schemathesis');

/** Why Schemathesis cannot be run here, or undefined when it can; fetches it when it is not there. */
export async function schemathesisMissing(): Promise<string | undefined> {
  return pythonLibraryMissing(LIBRARY);
}

export interface SchemathesisRun {
  readonly url: string;
  /** Of an administrator that reaches all tenants. */
  readonly key: string;
  /** What it has that no answer to a request tells. */
  readonly known: SeededThings;
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
        PYTHONPATH: [pythonLibraryFolder(LIBRARY), SETTINGS].join(':'),
        PYTHONDONTWRITEBYTECODE: '1',
        SCHEMATHESIS_HOOKS: 'hooks',
        CADF_TEST_DEAD_LETTER: options.known.deadLetter,
        CADF_TEST_EXPORT: options.known.exportJob,
        CADF_TEST_FEED: options.known.feed,
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
