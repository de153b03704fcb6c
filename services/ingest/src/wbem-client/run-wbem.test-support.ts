/** Runs `cadf wbem …` for tests: in this process, or as one of its own where environment and exit matter. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { runProgram } from '@cadf-pipeline/cli';
import type { Output } from '@cadf-pipeline/cli';
import { defineCommand } from '../commands/wbem.ts';

export interface Run {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export async function cadf(...commandLine: readonly string[]): Promise<Run> {
  let stdout = '';
  let stderr = '';
  const collect = (add: (text: string) => void): Output => ({
    write: (text) => Promise.resolve(add(text)),
    flush: () => Promise.resolve(),
  });
  const status = await runProgram(['wbem', ...commandLine], [defineCommand], {
    stdin: Readable.from([]),
    stdout: collect((text) => (stdout += text)),
    stderr: collect((text) => (stderr += text)),
    isTerminal: false,
    color: false,
    interruption: () => new AbortController().signal,
  });
  return { status, stdout, stderr };
}

const launcher = fileURLToPath(new URL('../../../../packages/cli/bin/cadf.js', import.meta.url));

export async function cadfProcess(
  env: Readonly<Record<string, string>>,
  ...commandLine: readonly string[]
): Promise<Run> {
  const child = spawn(process.execPath, [launcher, 'wbem', ...commandLine], {
    // oxlint-disable-next-line node/no-process-env -- A test's: the process needs a PATH.
    env: { ...process.env, ...env },
  });
  child.stdin.end();
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const [status]: unknown[] = await once(child, 'close');
  return { status: typeof status === 'number' ? status : null, stdout, stderr };
}
