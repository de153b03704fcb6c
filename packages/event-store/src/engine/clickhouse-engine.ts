/**
 * A ClickHouse server or cluster by URL, through `@clickhouse/client`.
 *
 * Each query has an id; an aborted one is killed by it, because closing the connection alone would not stop it. An insert
 * whose answer was lost may still take effect: `settleInserts` kills it and waits until the server does not know
 * it any more, before anyone asks what is stored.
 */
import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { ClickHouseError, ClickHouseLogLevel, createClient } from '@clickhouse/client';
import type { ClickHouseClient } from '@clickhouse/client';
import { SqlFault } from '../analyst/sql-fault.ts';
import { StoreError } from '../errors.ts';
import type { QueryLimits } from '../interface.ts';
import { abortable } from './abortable.ts';
import { beginning, bytesOf, collect } from './answer-bytes.ts';
import { ANALYST_FORMAT, ANALYST_SETTINGS, INSERT_SETTINGS, readSettings } from './engine.ts';
import type { Engine, Statement } from './engine.ts';
import { limitSettings, NO_LIMITS } from './query-limits.ts';
import { readProgress } from './read-meter.ts';
import { parseRows } from './rows.ts';
import type { Row } from './rows.ts';
import { cancelled, closedError, statementFailure, storeFailure } from './store-failure.ts';

export interface ClickHouseEngineOptions {
  readonly url: string;
  readonly user: string;
  readonly password: string;
  /** Made when absent. */
  readonly database: string;
  /** Who may read the views for analysts and nothing else; without, there is no SQL for them. */
  readonly analyst?: { readonly user: string; readonly password: string };
  readonly limits: QueryLimits;
  /** Connections to the server at most. */
  readonly maxConnections: number;
}

/** Beyond the engine's own limit, for the answer to arrive. */
const ANSWER_SECONDS = 30;
/**
 * An insert has ended, one way or the other, this long after it began: a writer that was last confirmed as the owner of
 * its partitions 15 s before must not be storing when, at 30 s, they may be another's (docs/decisions/0006).
 */
const INSERT_MAX_SECONDS = 10;
const INSERT_TIMEOUT_MS = 12_000;
const SETTLE_TRIES = 100;
const CLOSE_MS = 5000;

export function openClickHouseEngine(options: ClickHouseEngineOptions): Engine {
  const client = connect(options, options.database);
  const analyst =
    options.analyst === undefined ? undefined : connect({ ...options, ...options.analyst }, options.database);
  const limits = limitSettings(options.limits);
  const reading = new Set<string>();
  const unsettled = new Set<string>();
  let databaseMade: Promise<void> | undefined;
  let closed = false;

  async function guarded<T>(work: () => Promise<T>): Promise<T> {
    if (closed) throw closedError();
    try {
      return await work();
    } catch (error) {
      if (error instanceof StoreError) throw error;
      throw storeFailure(error instanceof ClickHouseError ? Number(error.code) : undefined, error);
    }
  }

  async function kill(queryId: string): Promise<void> {
    await client.command({
      query: 'KILL QUERY WHERE query_id = {id: String} ASYNC',
      query_params: { id: queryId },
    });
  }

  /** `ask` gets what every read has, its id included. */
  function read<T>(
    statement: Statement,
    signal: AbortSignal | undefined,
    ask: (options: ReadOptions) => Promise<T>,
  ): Promise<T> {
    if (signal?.aborted === true) return Promise.reject(cancelled());
    const queryId = randomUUID();
    const { meter } = statement;
    reading.add(queryId);
    meter?.running.add(queryId);
    const result = guarded(() =>
      ask({
        ...parameters(statement),
        query_id: queryId,
        clickhouse_settings: {
          ...readSettings(statement),
          ...(statement.unbounded ? NO_LIMITS : limits),
          // Then an error while rows are being made is an error of the request, never a shortened answer.
          wait_end_of_query: 1,
          ...statement.settings,
        },
      }),
    ).finally(() => {
      reading.delete(queryId);
      meter?.running.delete(queryId);
    });
    if (signal === undefined) return result;
    return abortable(result, signal, () => endRead(queryId));
  }

  function readRows(statement: Statement, signal: AbortSignal | undefined): Promise<readonly Row[]> {
    return read(statement, signal, async (options) => {
      const answer = await client.query({ query: statement.sql, format: 'JSONCompactEachRow', ...options });
      return parseRows(await answer.text());
    });
  }

  async function readAsAnalyst(
    statement: Statement,
    maxBytes: number,
    signal: AbortSignal | undefined,
  ): Promise<Buffer> {
    if (analyst === undefined)
      throw new SqlFault('off', 'The operator has named no user for analysts: CADF_CLICKHOUSE_ANALYST_USER.');
    if (signal?.aborted === true) throw cancelled();
    const queryId = randomUUID();
    reading.add(queryId);
    const result = (async () => {
      if (closed) throw closedError();
      try {
        const answer = await analyst.exec({
          query: `${statement.sql}\nFORMAT ${ANALYST_FORMAT}`,
          ...parameters(statement),
          query_id: queryId,
          clickhouse_settings: {
            ...ANALYST_SETTINGS,
            ...limits,
            wait_end_of_query: 1,
            ...statement.settings,
          },
        });
        return await beginning(answer.stream, maxBytes);
      } catch (error) {
        if (error instanceof StoreError) throw error;
        throw statementFailure(error instanceof ClickHouseError ? Number(error.code) : undefined, error);
      }
    })().finally(() => reading.delete(queryId));
    return signal === undefined ? result : abortable(result, signal, () => endRead(queryId));
  }

  /** The server may not have begun when the first kill arrives. */
  async function endRead(queryId: string): Promise<void> {
    while (reading.has(queryId)) {
      await kill(queryId);
      await new Promise((wake) => setTimeout(wake, 50));
    }
  }

  /** The database is made with a client that does not name it. */
  function ensureDatabase(): Promise<void> {
    databaseMade ??= (async () => {
      const first = connect(options, undefined);
      try {
        await first.command({ query: `CREATE DATABASE IF NOT EXISTS \`${options.database}\`` });
      } finally {
        await first.close();
      }
    })().catch((error: unknown) => {
      databaseMade = undefined;
      throw error;
    });
    return databaseMade;
  }

  return {
    kind: 'clickhouse',
    rows: readRows,
    bytes: (statement, signal) =>
      read(statement, signal, async (options) => {
        const answer = await client.exec({ query: `${statement.sql}\nFORMAT RowBinary`, ...options });
        const bytes = await collect(answer.stream);
        if (statement.meter !== undefined) statement.meter.rowsRead += Number(answer.summary?.read_rows ?? 0);
        return bytes;
      }),
    progress: (meter) =>
      readProgress(meter, async (ids) => {
        const rows = await readRows(
          {
            sql: 'SELECT sum(read_rows) FROM system.processes WHERE query_id IN {ids: Array(String)}',
            params: { ids },
            unbounded: true,
          },
          undefined,
        );
        return Number(rows[0]?.[0] ?? 0);
      }),
    analyst: readAsAnalyst,
    async *stream(statement) {
      const answer = await guarded(() =>
        client.exec({ query: `${statement.sql}\nFORMAT RowBinary`, ...parameters(statement) }),
      );
      for await (const chunk of answer.stream) yield bytesOf(chunk);
    },
    command: (statement) =>
      guarded(async () => {
        await ensureDatabase();
        await client.command({
          query: statement.sql,
          ...parameters(statement),
          ...(statement.settings === undefined ? {} : { clickhouse_settings: statement.settings }),
        });
      }),
    insert: (table, columns, block) =>
      guarded(async () => {
        const queryId = randomUUID();
        unsettled.add(queryId);
        const answer = await client.exec({
          query: `INSERT INTO ${table} (${columns.join(', ')}) FORMAT Native`,
          values: Readable.from([block], { objectMode: false }),
          query_id: queryId,
          abort_signal: AbortSignal.timeout(INSERT_TIMEOUT_MS),
          clickhouse_settings: { ...INSERT_SETTINGS, max_execution_time: INSERT_MAX_SECONDS },
        });
        await collect(answer.stream);
        unsettled.delete(queryId);
      }),
    settleInserts: () =>
      guarded(async () => {
        for (const queryId of unsettled) {
          for (let tries = 0; ; tries++) {
            await kill(queryId);
            const rows = await readRows(
              {
                sql: 'SELECT count() FROM system.processes WHERE query_id = {id: String}',
                params: { id: queryId },
                unbounded: true,
              },
              undefined,
            );
            if (rows[0]?.[0] === 0) break;
            if (tries >= SETTLE_TRIES)
              throw new StoreError(
                'STORE_UNAVAILABLE',
                'an insert that failed is still running on the server',
              );
            await new Promise((wake) => setTimeout(wake, 100));
          }
          unsettled.delete(queryId);
        }
      }),
    async close() {
      if (closed) return;
      closed = true;
      // A server that does not answer must not hold up the end.
      const ended = Promise.allSettled([...reading].map(endRead));
      await Promise.race([ended, new Promise((wake) => setTimeout(wake, CLOSE_MS).unref())]);
      await client.close();
      await analyst?.close();
    },
  };
}

function connect(options: ClickHouseEngineOptions, database: string | undefined): ClickHouseClient {
  return createClient({
    url: options.url,
    username: options.user,
    password: options.password,
    ...(database === undefined ? {} : { database }),
    max_open_connections: options.maxConnections,
    request_timeout: (options.limits.maxSeconds + ANSWER_SECONDS) * 1000,
    compression: { request: true, response: true },
    // Failures are told by what is thrown; whoever catches it logs it.
    log: { level: ClickHouseLogLevel.OFF },
    // Long lists of parameters do not fit a URL.
    use_multipart_params_auto: true,
  });
}

interface ReadOptions {
  readonly query_params?: Record<string, unknown>;
  readonly query_id: string;
  readonly clickhouse_settings: Record<string, string | number>;
}

function parameters(statement: Statement): { query_params?: Record<string, unknown> } {
  return statement.params === undefined ? {} : { query_params: { ...statement.params } };
}
