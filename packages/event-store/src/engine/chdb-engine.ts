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
import { rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { threadId } from 'node:worker_threads';
import { drainPending } from 'chdb';
import type { QueryLimits } from '../interface.ts';
import { ANALYST_ROLE } from './chdb-config.ts';
import { abortable } from './abortable.ts';
import { openChdbConnection } from './chdb-connection.ts';
import type { ChdbConnection } from './chdb-connection.ts';
import { prepareChdbDirectory } from './chdb-directory.ts';
import { createPool } from './connection-pool.ts';
import { ANALYST_FORMAT, ANALYST_SETTINGS, INSERT_SETTINGS, readSettings } from './engine.ts';
import type { Engine, Statement } from './engine.ts';
import type { EngineSharer } from './engine-sharer.ts';
import { quoted } from './parameter-text.ts';
import { limitSettings, NO_LIMITS } from './query-limits.ts';
import { readProgress } from './read-meter.ts';
import { parseRows } from './rows.ts';
import { settingsText, setThen } from './statement-text.ts';
import { cancelled, closedError, statementFailure } from './store-failure.ts';

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
  const openSession = prepareChdbDirectory(path, options);
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
  /** The last kill of a tag. */
  const kills = new Map<string, Promise<unknown>>();
  let lastControl: Promise<unknown> = Promise.resolve();
  let writing: Promise<unknown> = Promise.resolve();
  let closed = false;

  function connect(): ChdbConnection {
    return openChdbConnection(openSession, options.sharer);
  }

  function open(): ChdbConnection {
    try {
      const connection = connect();
      connections.push(connection);
      return connection;
    } catch (error) {
      for (const connection of connections) connection.close();
      throw error;
    }
  }

  function kill(tag: string): Promise<unknown> {
    lastControl = lastControl
      .then(() => control.run(`KILL QUERY WHERE Settings['log_comment'] = ${quoted(tag)} ASYNC`, 'Null'))
      .catch(() => undefined);
    kills.set(tag, lastControl);
    return lastControl;
  }

  /** The session keeps the tag until its next statement has set another: a kill under way would meet that one. */
  async function killsOver(tag: string): Promise<void> {
    await kills.get(tag);
    kills.delete(tag);
  }

  /** Runs on a lent reader, which comes back only when the engine has stopped. */
  async function read(
    statement: Statement,
    format: 'JSONCompactEachRow' | 'RowBinary',
    signal: AbortSignal | undefined,
  ): Promise<Uint8Array> {
    if (closed) throw closedError();
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
    if (closed) {
      readers.give(reader);
      throw closedError();
    }
    const { meter } = statement;
    running.add(tag);
    meter?.running.add(tag);
    const result = reader.run(sql, format).then(({ bytes, rowsRead }) => {
      if (meter !== undefined) meter.rowsRead += rowsRead;
      return bytes;
    });
    const released = async (): Promise<void> => {
      running.delete(tag);
      meter?.running.delete(tag);
      await killsOver(tag);
      readers.give(reader);
    };
    void result.then(released, released);
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
    const released = async (): Promise<void> => {
      running.delete(tag);
      await killsOver(tag);
      readers.give(reader);
      analysts.give(place);
    };
    void result.then(released, released);
    return signal === undefined ? result : abortable(result, signal, () => repeatKill(tag));
  }

  async function inOwnSession(settings: string, sql: string, maxBytes: number): Promise<Buffer> {
    if (closed) throw closedError();
    const connection = connect();
    try {
      // One that fails ends this: the connection would go on in a session without the role.
      await connection.run(`SET ROLE ${ANALYST_ROLE}`, 'Null');
      await connection.run(settings, 'Null');
      const { bytes } = await connection.run(sql, ANALYST_FORMAT, statementFailure);
      // A copy: the engine's own memory goes with the session.
      return Buffer.from(bytes.subarray(0, maxBytes));
    } finally {
      connection.close();
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
    const next = writing.then(work);
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
        const sql = `SELECT sum(read_rows) FROM system.processes WHERE Settings['log_comment'] IN (${tags.map(quoted).join(', ')})`;
        const asked = lastControl.then(() => control.run(sql, 'TSV'));
        lastControl = asked.catch(() => undefined);
        return Number(Buffer.from((await asked).bytes).toString());
      }),
    async analyst(statement, maxBytes, signal) {
      if (closed) throw closedError();
      return readAsAnalyst(statement, maxBytes, signal);
    },
    async *stream(statement) {
      if (closed) throw closedError();
      const reader = await readers.take();
      try {
        if (closed) throw closedError();
        const settings = settingsText(statement);
        if (settings !== '') await reader.run(settings, 'Null');
        for await (const piece of reader.stream(statement.sql, 'RowBinary')) {
          if (closed) throw closedError();
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
