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
import { ANALYST_ROLE } from '../../packages/event-store/src/engine/chdb-config.ts';
import { ANALYST_VIEWS } from '../../packages/event-store/src/engine/engine.ts';

export interface TestClickHouse {
  /** `http://127.0.0.1:<port>`; stays the same over restarts. */
  readonly url: string;
  readonly user: string;
  readonly password: string;
  /** An empty database of its own. */
  readonly database: string;
  /** Who may read the views for analysts in `database` and in those of `freshDatabase`, and nothing else. */
  readonly analyst: { readonly user: string; readonly password: string };
  /** The name of a database that is not there yet. */
  freshDatabase(): Promise<string>;
  /** Stops it and removes its data. */
  stop(): Promise<void>;
  /** Ends the process with SIGKILL. */
  kill(): Promise<void>;
  /** Starts it again on the same data and port, stopping it before if it runs. */
  restart(): Promise<void>;
}

/** The settings of a service that keeps its events there. */
export function clickHouseSettings({
  url,
  user,
  password,
  database,
}: Pick<TestClickHouse, 'database' | 'password' | 'url' | 'user'>): Record<string, string> {
  return {
    CADF_CLICKHOUSE_URL: url,
    CADF_CLICKHOUSE_USER: user,
    CADF_CLICKHOUSE_PASSWORD: password,
    CADF_CLICKHOUSE_DATABASE: database,
  };
}

const START_TIMEOUT_MS = 60_000;
const THREADS = 32;
/** Databases of one stand-in that its user for analysts reads. */
const FRESH_DATABASES = 200;

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
  const analyst = { user: `${database}_analyst`, password: randomBytes(9).toString('base64url') };
  const grant = async (name: string): Promise<void> => {
    for (const view of ANALYST_VIEWS)
      await statement(url, user, password, `GRANT SELECT ON ${name}.${view} TO ${analyst.user}`);
  };
  await statement(
    url,
    user,
    password,
    `CREATE USER ${analyst.user} IDENTIFIED WITH sha256_password BY '${analyst.password}'`,
  );
  await grant(database);
  return {
    url,
    user,
    password,
    database,
    analyst,
    async freshDatabase() {
      const name = `test_${randomBytes(6).toString('hex')}`;
      await grant(name);
      return name;
    },
    stop: async () => {
      await statement(url, user, password, `DROP USER IF EXISTS ${analyst.user}`);
      await statement(url, user, password, `DROP DATABASE IF EXISTS ${database}`);
    },
    kill: refuse,
    restart: refuse,
  };
}

async function startStandIn(database: string): Promise<TestClickHouse> {
  const path = await mkdtemp(join(tmpdir(), 'clickhouse-stand-in-'));
  const password = randomBytes(9).toString('base64url');
  const others = Array.from({ length: FRESH_DATABASES }, (_, n) => `${database}_${n}`);
  const databases = [database, ...others];
  let { child, port } = await launch(path, 0, password, databases);
  const url = `http://127.0.0.1:${port}`;
  await statement(url, 'default', password, `CREATE DATABASE ${database}`);
  return {
    url,
    user: 'default',
    password,
    database,
    analyst: { user: ANALYST_ROLE, password },
    freshDatabase() {
      const name = others.pop();
      if (name === undefined) throw new Error(`more than ${FRESH_DATABASES} databases`);
      return Promise.resolve(name);
    },
    async stop() {
      await end(child, 'SIGTERM');
      await rm(path, { recursive: true, force: true });
    },
    kill: () => end(child, 'SIGKILL'),
    async restart() {
      await end(child, 'SIGTERM');
      ({ child, port } = await launch(path, port, password, databases));
    },
  };
}

async function launch(
  path: string,
  port: number,
  password: string,
  databases: readonly string[],
): Promise<{ readonly child: ChildProcess; readonly port: number }> {
  const script = join(import.meta.dirname, 'clickhouse-server.ts');
  const child = spawn(
    process.execPath,
    // A password may begin with a dash.
    [
      script,
      '--path',
      path,
      '--port',
      String(port),
      `--password=${password}`,
      `--analyst-databases=${databases.join(',')}`,
    ],
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
