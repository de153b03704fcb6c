/** A service of the product as a real process on free ports and a temporary directory. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { putMigratedStore } from './migrated-store.ts';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..', '..');
const START_TIMEOUT_MS = 60_000;

/** The key every test service is given. */
export const TEST_KEY = 'cadf_bootstrap_Jm3vQ8rT1xYz7LbNc5KdWfGhPs2UaEo6';

export interface TestService {
  readonly url: string;
  readonly key: string;
  readonly dataDir: string;
  readonly process: ChildProcess;
  /** All it wrote so far. */
  output(): string;
  /** Sends a request with the administrator's key (or another). */
  fetch(path: string, init?: RequestInit & { readonly key?: string }): Promise<Response>;
  /** Asks it to stop (SIGTERM) and answers its exit code. */
  stop(): Promise<number | null>;
  /** SIGKILL. */
  kill(): Promise<void>;
  /** Removes its data. */
  clean(): void;
}

export interface TestServiceOptions {
  /** Path from the root of the checkout. Default: the standalone process. */
  readonly entry?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Use this directory again instead of a fresh one. */
  readonly dataDir?: string;
}

/** Starts a service and waits until it is ready. Throws with its output when it does not come up. */
export async function startService(options: TestServiceOptions = {}): Promise<TestService> {
  const dataDir = options.dataDir ?? freshDataDir();
  const child = spawn(process.execPath, [options.entry ?? 'services/standalone/src/main.ts'], {
    cwd: root,
    env: {
      PATH: process.env['PATH'],
      CADF_DATA_DIR: dataDir,
      CADF_HTTP_PORT: '0',
      CADF_BOOTSTRAP_KEY: TEST_KEY,
      ...options.env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const hear = (part: Buffer): void => {
    output = (output + part.toString()).slice(-1_000_000);
  };
  child.stdout.on('data', hear);
  child.stderr.on('data', hear);
  const exited = new Promise<number | null>((done) => child.on('exit', (code) => done(code)));
  // A test process that ends early must not leave services behind.
  const endWithUs = (): void => void child.kill('SIGKILL');
  process.once('exit', endWithUs);
  void exited.then(() => process.off('exit', endWithUs));

  const url = await listening(child, () => output).catch((error: unknown) => {
    child.kill('SIGKILL');
    throw error;
  });
  const service: TestService = {
    url,
    key: TEST_KEY,
    dataDir,
    process: child,
    output: () => output,
    fetch(path, { key, ...init } = {}) {
      const headers = new Headers(init.headers);
      if (!headers.has('authorization')) headers.set('authorization', `Bearer ${key ?? TEST_KEY}`);
      return fetch(url + path, { ...init, headers });
    },
    stop() {
      child.kill('SIGTERM');
      return exited;
    },
    async kill() {
      child.kill('SIGKILL');
      await exited;
    },
    clean: () => rmSync(dataDir, { recursive: true, force: true }),
  };
  await untilReady(service, START_TIMEOUT_MS);
  return service;
}

function freshDataDir(): string {
  const dataDir = mkdtempSync(join(tmpdir(), 'cadf-test-'));
  putMigratedStore(join(dataDir, 'store'));
  return dataDir;
}

/** Waits until a service says it is ready. Throws with what it says instead, and its output. */
export async function untilReady(service: TestService, timeoutMs?: number): Promise<void> {
  let last = 'no answer';
  await until(
    async () => {
      const answer = await service.fetch('/readyz');
      last = `${answer.status} ${await answer.text()}`;
      return answer.ok;
    },
    timeoutMs,
    () => `not ready: ${last}\n${service.output().slice(-20_000)}`,
  );
}

function listening(child: ChildProcess, output: () => string): Promise<string> {
  return new Promise((found, failed) => {
    const fail = (why: string): void => failed(new Error(`${why}:\n${output()}`));
    const timer = setTimeout(() => fail('the service did not start'), START_TIMEOUT_MS);
    const look = (): void => {
      const url = /(?:listening on |Server listening at )(https?:\/\/[^\s"\\]+:\d+)/.exec(output())?.[1];
      if (url === undefined) return;
      clearTimeout(timer);
      found(url);
    };
    child.stdout?.on('data', look);
    child.stderr?.on('data', look);
    child.on('exit', (code) => {
      clearTimeout(timer);
      fail(`the service ended with ${code}`);
    });
  });
}

/** Waits until `condition` is true; a condition that throws counts as not yet. */
export async function until(
  condition: () => Promise<boolean>,
  timeoutMs = 20_000,
  describe: () => string = () => 'it did not come true in time',
): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    if (await condition().catch(() => false)) return;
    if (Date.now() > deadline) throw new Error(describe());
    await new Promise((resume) => setTimeout(resume, 50));
  }
}
