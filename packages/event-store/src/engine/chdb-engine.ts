/**
 * The ClickHouse engine in this process (chDB).
 *
 * One connection runs one statement at a time, several connections to one directory run side by side: readers share a
 * pool, the writer and the control (which stops queries) have their own. Each statement occupies a thread of libuv's pool while it
 * runs: UV_THREADPOOL_SIZE should be at least readers + 4, else a slow query holds up file access and DNS too.
 *
 * The package's own parameter binding lets one parameterized statement run at a time in the process, its raw insert
 * reads the data as if it were SQL (ten times the cost of inserting), and abort signals do not reach the engine.
 * So: parameters are set in the session first (`SET param_x = …`, bound by the engine all the same), blocks go
 * through a file in Native format, and queries carry a tag by which the control connection kills them.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { threadId } from 'node:worker_threads';
import { drainPending, Session } from 'chdb';
import { StoreError } from '../errors.ts';
import type { QueryLimits } from '../interface.ts';
import { ANALYST_ROLE, writeChdbConfig, writeChdbUsers } from './chdb-config.ts';
import { abortable } from './abortable.ts';
import type { EngineSharer } from './engine-sharer.ts';
import { chdbCodeOf, openChdbConnection } from './chdb-connection.ts';
import type { ChdbConnection } from './chdb-connection.ts';
import { createPool } from './connection-pool.ts';
import { ANALYST_FORMAT, ANALYST_SETTINGS, ANALYST_VIEWS, INSERT_SETTINGS, readSettings } from './engine.ts';
import type { Engine, Statement } from './engine.ts';
import { parameterText, quoted } from './parameter-text.ts';
import { limitSettings, NO_LIMITS } from './query-limits.ts';
import { readProgress } from './read-meter.ts';
import { parseRows } from './rows.ts';
import { cancelled, closedError, statementFailure, storeFailure } from './store-failure.ts';

export interface ChdbEngineOptions {
  /** Directory of the data; made when absent. One process at a time. */
  readonly path: string;
  readonly limits: QueryLimits;
  /** Connections for reading, that is queries side by side. */
  readonly readers: number;
  readonly maxEngineMemoryBytes: number;
  readonly sharer?: EngineSharer;
}

let lastTag = 0;

export function openChdbEngine(options: ChdbEngineOptions): Engine {
  const path = resolve(options.path);
  const configFile = join(path, 'engine.xml');
  const usersFile = join(path, 'users.xml');
  const inboxFile = join(path, `insert-${threadId}.native`);
  const connections: ChdbConnection[] = [];
  const writer = open();
  const control = open();
  const readers = createPool(Array.from({ length: options.readers }, open), cancelled);
  // Analysts leave a reader to the others, whatever they ask.
  const analysts = createPool(
    Array.from({ length: Math.max(1, options.readers - 1) }, (_, place) => place),
    cancelled,
  );
  const limits = limitSettings(options.limits);
  const running = new Set<string>();
  let lastControl: Promise<unknown> = Promise.resolve();
  let writing: Promise<unknown> = Promise.resolve();
  let closed = false;

  /** The first connection starts the engine with the configuration; the others join it. */
  function open(): ChdbConnection {
    try {
      if (connections.length === 0) writeConfiguration();
      const connection = openChdbConnection(openSession);
      connections.push(connection);
      return connection;
    } catch (error) {
      for (const connection of connections) connection.close();
      throw error;
    }
  }

  function writeConfiguration(): void {
    try {
      mkdirSync(path, { recursive: true });
      writeChdbUsers(
        usersFile,
        ANALYST_VIEWS.map((view) => `default.${view}`),
      );
      writeChdbConfig(configFile, usersFile, options);
    } catch (error) {
      throw cannotOpen(error);
    }
  }

  function openSession(): Session {
    try {
      return new Session(path, { connectionArgs: [`--config-file=${configFile}`] });
    } catch (error) {
      throw cannotOpen(error);
    }
  }

  function cannotOpen(cause: unknown): StoreError {
    return new StoreError('STORE_UNAVAILABLE', `cannot open the data directory ${path}`, { cause });
  }

  function requireOpen(): void {
    if (closed) throw closedError();
    requireShared();
  }

  function requireShared(): void {
    const lost = options.sharer?.lost();
    if (lost !== undefined) throw new StoreError('STORE_FAILED', lost);
  }

  function kill(tag: string): Promise<unknown> {
    lastControl = lastControl
      .then(() => control.run(`KILL QUERY WHERE Settings['log_comment'] = ${quoted(tag)} ASYNC`, 'Null'))
      .catch(() => undefined);
    return lastControl;
  }

  /** Runs on a lent reader, which comes back only when the engine has stopped. */
  async function read(
    statement: Statement,
    format: 'JSONCompactEachRow' | 'RowBinary',
    signal: AbortSignal | undefined,
  ): Promise<Uint8Array> {
    requireOpen();
    const tag = nextTag();
    // Made before a reader is taken: a parameter that is none throws here.
    const sql = setThen({
      ...statement,
      settings: {
        ...readSettings(statement),
        ...(statement.unbounded ? NO_LIMITS : limits),
        ...statement.settings,
        log_comment: tag,
      },
    });
    const reader = await readers.take(signal);
    try {
      requireOpen();
    } catch (error) {
      readers.give(reader);
      throw error;
    }
    const { meter } = statement;
    running.add(tag);
    meter?.running.add(tag);
    const result = reader.run(sql, format).then(({ bytes, rowsRead }) => {
      if (meter !== undefined) meter.rowsRead += rowsRead;
      return bytes;
    });
    const released = (): void => {
      running.delete(tag);
      meter?.running.delete(tag);
      readers.give(reader);
    };
    result.then(released, released);
    return signal === undefined ? result : abortable(result, signal, () => repeatKill(tag));
  }

  /** In a session of its own, because what holds it can never be taken back; a reader is lent for its thread. */
  async function readAsAnalyst(
    statement: Statement,
    maxBytes: number,
    signal: AbortSignal | undefined,
  ): Promise<Buffer> {
    const tag = nextTag();
    const settings = settingsText({
      ...statement,
      settings: { ...ANALYST_SETTINGS, ...limits, ...statement.settings, log_comment: tag },
    });
    const place = await analysts.take(signal);
    const reader = await readers.take(signal).catch((error: unknown) => {
      analysts.give(place);
      throw error;
    });
    const result = inOwnSession(settings, statement.sql, maxBytes);
    running.add(tag);
    const released = (): void => {
      running.delete(tag);
      readers.give(reader);
      analysts.give(place);
    };
    result.then(released, released);
    return signal === undefined ? result : abortable(result, signal, () => repeatKill(tag));
  }

  async function inOwnSession(settings: string, sql: string, maxBytes: number): Promise<Buffer> {
    requireOpen();
    const session = openSession();
    const prepare = (statement: string): Promise<unknown> =>
      session.queryAsync(statement, { format: 'Null' }).catch((error: unknown) => {
        throw storeFailure(chdbCodeOf(error), error);
      });
    try {
      await prepare(`SET ROLE ${ANALYST_ROLE}`);
      await prepare(settings);
      const result = await session.queryAsync(sql, { format: ANALYST_FORMAT }).catch((error: unknown) => {
        throw statementFailure(chdbCodeOf(error), error);
      });
      // A copy: the engine's own memory goes with the session.
      return Buffer.from(result.bytes().subarray(0, maxBytes));
    } finally {
      session.close();
    }
  }

  /** A statement may not be in the engine's list yet when the first kill looks there. */
  async function repeatKill(tag: string): Promise<void> {
    while (running.has(tag) && options.sharer?.lost() === undefined) {
      await kill(tag);
      await new Promise((wake) => setTimeout(wake, 50));
    }
  }

  function write<T>(work: () => Promise<T>): Promise<T> {
    if (closed) return Promise.reject(closedError());
    const next = writing.then(() => {
      requireShared();
      return work();
    });
    writing = next.catch(() => undefined);
    return next;
  }

  return {
    kind: 'chdb',
    async rows(statement, signal) {
      const bytes = await read(statement, 'JSONCompactEachRow', signal);
      return parseRows(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8'));
    },
    bytes: (statement, signal) => read(statement, 'RowBinary', signal),
    progress: (meter) =>
      readProgress(meter, async (tags) => {
        requireOpen();
        const sql = `SELECT sum(read_rows) FROM system.processes WHERE Settings['log_comment'] IN (${tags.map(quoted).join(', ')})`;
        const asked = lastControl.then(() => control.run(sql, 'TSV'));
        lastControl = asked.catch(() => undefined);
        return Number(Buffer.from((await asked).bytes).toString());
      }),
    async analyst(statement, maxBytes, signal) {
      requireOpen();
      return readAsAnalyst(statement, maxBytes, signal);
    },
    async *stream(statement) {
      requireOpen();
      const reader = await readers.take();
      try {
        const settings = settingsText(statement);
        if (settings !== '') await reader.run(settings, 'Null');
        for await (const piece of reader.stream(statement.sql, 'RowBinary')) {
          requireOpen();
          yield piece;
        }
      } finally {
        readers.give(reader);
      }
    },
    command: (statement) =>
      write(async () => {
        await writer.run(setThen(statement), 'Null');
      }),
    insert: (table, columns, block) =>
      write(async () => {
        writeFileSync(inboxFile, block);
        const names = columns.join(', ');
        const sql = `INSERT INTO ${table} (${names}) SELECT ${names} FROM file(${quoted(inboxFile)}, Native)`;
        await writer.run(setThen({ sql, settings: { ...INSERT_SETTINGS, max_threads: 1 } }), 'Null');
      }),
    // A statement of the writer's connection has ended when its promise settles.
    async settleInserts() {
      await writing;
    },
    async close() {
      if (closed) return;
      closed = true;
      await writing;
      await Promise.all([...running].map(repeatKill));
      await lastControl;
      // Also waits for what an abort left running.
      await drainPending();
      if (options.sharer?.lost() !== undefined) return;
      await options.sharer?.close();
      for (const connection of connections) connection.close();
      await drainPending();
      rmSync(inboxFile, { force: true });
    },
  };
}

function nextTag(): string {
  return `store-${process.pid}-${threadId}-${++lastTag}`;
}

/** `SET` of settings and parameters, which hold for the session until set again. */
function settingsText({ params, settings }: Statement): string {
  const items = [
    ...Object.entries(settings ?? {}).map(
      ([name, value]) => `${name} = ${typeof value === 'number' ? value : quoted(value)}`,
    ),
    ...Object.entries(params ?? {}).map(([name, value]) => {
      if (!/^\w+$/.test(name)) throw new RangeError(`no parameter name: ${name}`);
      return `param_${name} = ${quoted(parameterText(value))}`;
    }),
  ];
  return items.length === 0 ? '' : `SET ${items.join(', ')}`;
}

function setThen(statement: Statement): string {
  const settings = settingsText(statement);
  return settings === '' ? statement.sql : `${settings};\n${statement.sql}`;
}
