/**
 * A ClickHouse server for tests: the one named by CADF_TEST_CLICKHOUSE_URL (a fresh database per call; kill and
 * restart are refused there), else the HTTP stand-in over chDB in a process of its own. Docker is not tried: the
 * stand-in is the same engine, and a real server is one environment variable away.
 */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export interface TestClickHouse {
  /** `http://127.0.0.1:<port>`; stays the same over restarts. */
  readonly url: string;
  readonly user: string;
  readonly password: string;
  /** An empty database of its own. */
  readonly database: string;
  /** Stops it and removes its data. */
  stop(): Promise<void>;
  /** Ends the process with SIGKILL. */
  kill(): Promise<void>;
  /** Starts it again on the same data and port, stopping it before if it runs. */
  restart(): Promise<void>;
}

const START_TIMEOUT_MS = 60_000;
const THREADS = 32;

/** Resolves once it answers /ping and its database exists. */
export async function startClickHouse(): Promise<TestClickHouse> {
  const given = process.env['CADF_TEST_CLICKHOUSE_URL'];
  const database = `test_${randomBytes(6).toString('hex')}`;
  return given === undefined || given === '' ? startStandIn(database) : useServer(given, database);
}

async function useServer(given: string, database: string): Promise<TestClickHouse> {
  const parsed = new URL(given);
  const user = decodeURIComponent(parsed.username) || 'default';
  const password = decodeURIComponent(parsed.password);
  const url = parsed.origin;
  await statement(url, user, password, `CREATE DATABASE ${database}`);
  const refuse = (): Promise<void> =>
    Promise.reject(new Error('the server of CADF_TEST_CLICKHOUSE_URL is not ours to stop'));
  return {
    url,
    user,
    password,
    database,
    stop: () => statement(url, user, password, `DROP DATABASE IF EXISTS ${database}`),
    kill: refuse,
    restart: refuse,
  };
}

async function startStandIn(database: string): Promise<TestClickHouse> {
  const path = await mkdtemp(join(tmpdir(), 'clickhouse-stand-in-'));
  const password = randomBytes(9).toString('base64url');
  let { child, port } = await launch(path, 0, password);
  const url = `http://127.0.0.1:${port}`;
  await statement(url, 'default', password, `CREATE DATABASE ${database}`);
  return {
    url,
    user: 'default',
    password,
    database,
    async stop() {
      await end(child, 'SIGTERM');
      await rm(path, { recursive: true, force: true });
    },
    kill: () => end(child, 'SIGKILL'),
    async restart() {
      await end(child, 'SIGTERM');
      ({ child, port } = await launch(path, port, password));
    },
  };
}

async function launch(
  path: string,
  port: number,
  password: string,
): Promise<{ readonly child: ChildProcess; readonly port: number }> {
  const script = join(import.meta.dirname, 'clickhouse-server.ts');
  const child = spawn(
    process.execPath,
    // A password may begin with a dash.
    [script, '--path', path, '--port', String(port), `--password=${password}`],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, UV_THREADPOOL_SIZE: String(THREADS), TZ: 'UTC' },
    },
  );
  process.once('exit', () => child.kill('SIGKILL'));
  const lines = createInterface({ input: child.stdout });
  const ready = (async (): Promise<number> => {
    for await (const line of lines) {
      const found = /^listening (\d+)$/.exec(line)?.[1];
      if (found !== undefined) return Number(found);
    }
    throw new Error(`the ClickHouse stand-in ended before it listened (exit code ${child.exitCode})`);
  })();
  const timer = setTimeout(() => child.kill('SIGKILL'), START_TIMEOUT_MS);
  try {
    const listening = await ready;
    child.stdout.resume();
    const ping = await fetch(`http://127.0.0.1:${listening}/ping`);
    if (!ping.ok) throw new Error(`the ClickHouse stand-in answers ${ping.status} to /ping`);
    return { child, port: listening };
  } finally {
    clearTimeout(timer);
  }
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill(signal);
  const timer = setTimeout(() => child.kill('SIGKILL'), 10_000);
  await gone;
  clearTimeout(timer);
}

async function statement(url: string, user: string, password: string, sql: string): Promise<void> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'X-ClickHouse-User': user, 'X-ClickHouse-Key': password },
    body: sql,
  });
  if (!response.ok) throw new Error(`${sql}: ${response.status} ${await response.text()}`);
}
