/**
 * The ClickHouse engine of chDB for the HTTP stand-in: one connection per statement, so that settings, parameters and
 * the current database of one request cannot be seen by another (a connection to an open path costs 0.2 ms).
 *
 * The native binding is used directly, because the package's own insert takes neither a prefix comment (which a
 * statement is found and killed by) nor formats like Native, and its parameter binding lets one statement run at a time.
 */
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { writeChdbUsers } from '../../packages/event-store/src/engine/chdb-config.ts';

interface NativeResult {
  readonly bytes: Uint8Array;
  readonly elapsed: number;
  readonly rowsRead: number;
  readonly bytesRead: number;
}
interface NativeInsert {
  readonly elapsed: number;
  readonly rowsWritten: number;
  readonly bytesWritten: number;
}
interface NativeChunk {
  readonly done: boolean;
  readonly bytes: Uint8Array;
  readonly numRows: number;
}
interface Native {
  CreateConnection(path: string, args: readonly string[]): object;
  CloseConnection(connection: object): void;
  QueryAsyncConnection(connection: object, sql: string, format: string): Promise<NativeResult>;
  InsertRawAsyncConnection(
    connection: object,
    prefix: string,
    data: Buffer,
    countLines: boolean,
  ): Promise<NativeInsert>;
  StreamQuery(connection: object, sql: string, format: string): object;
  StreamFetch(stream: object): Promise<NativeChunk>;
  StreamCancel(stream: object): void;
}

/** An exception of the engine: `Code: N. DB::Exception: … (NAME)`. */
export class EngineError extends Error {
  readonly code: number;

  constructor(message: string, code: number) {
    super(message);
    this.code = code;
  }
}

export interface Session {
  /** Runs one statement (or several separated by `;`) and answers its whole output. */
  query(sql: string, format: string): Promise<NativeResult>;
  /** Runs an INSERT whose data is beside it. */
  insert(head: string, data: Buffer): Promise<NativeInsert>;
  /** Runs a SELECT and yields its output as it is computed; only for formats that can be cut anywhere. */
  stream(sql: string, format: string): AsyncGenerator<Buffer>;
  close(): void;
}

export interface Engine {
  open(): Session;
  /** For KILL and the like: never waits behind statements. One at a time. */
  control(sql: string): Promise<string>;
  close(): void;
}

/**
 * Opens the engine at a path. At most `parallel` native calls run at once, the others wait in order; the thread pool
 * of the process (UV_THREADPOOL_SIZE) has to hold at least two more. `readable`: what the role of analysts may read.
 */
export function openEngine(path: string, parallel: number, readable: readonly string[]): Engine {
  const require = createRequire(import.meta.url);
  const loader = join(dirname(require.resolve('chdb/package.json')), 'dist', 'loader.js');
  const native = (require(loader) as { loadNative(): Native }).loadNative();
  const users = join(path, 'users.xml');
  const config = join(path, 'engine.xml');
  writeChdbUsers(users, readable);
  writeFileSync(config, `<clickhouse><users_config>${users}</users_config></clickhouse>\n`);
  const args = [`--config-file=${config}`];
  const controlConnection = native.CreateConnection(path, args);
  const limited = limiter(parallel);
  let lastControl: Promise<unknown> = Promise.resolve();

  function open(): Session {
    const connection = native.CreateConnection(path, args);
    return {
      query: (sql, format) => limited(() => mapped(native.QueryAsyncConnection(connection, sql, format))),
      insert: (head, data) =>
        limited(() => mapped(native.InsertRawAsyncConnection(connection, head, data, false))),
      stream: (sql, format) => streamed(connection, sql, format),
      close: () => native.CloseConnection(connection),
    };
  }

  async function* streamed(connection: object, sql: string, format: string): AsyncGenerator<Buffer> {
    const stream = await limited(() =>
      mapped(Promise.resolve().then(() => native.StreamQuery(connection, sql, format))),
    );
    try {
      for (;;) {
        const chunk = await limited(() => mapped(native.StreamFetch(stream)));
        if (chunk.done) return;
        yield Buffer.from(chunk.bytes.buffer, chunk.bytes.byteOffset, chunk.bytes.byteLength);
      }
    } finally {
      native.StreamCancel(stream);
    }
  }

  return {
    open,
    control(sql) {
      const next = lastControl.then(() =>
        mapped(native.QueryAsyncConnection(controlConnection, sql, 'JSONEachRow')),
      );
      lastControl = next.catch(() => undefined);
      return next.then((result) => Buffer.from(result.bytes).toString('utf8'));
    },
    close: () => native.CloseConnection(controlConnection),
  };
}

async function mapped<T>(result: Promise<T>): Promise<T> {
  try {
    return await result;
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    // Errors found while parsing come wrapped in a second frame with the same code.
    const inner =
      /^Code: \d+\. DB::Exception: (Code: \d+\. DB::Exception: [^]*?)(?: \(version [^)]*\))?\. \([A-Z_0-9]+\)$/.exec(
        text,
      );
    const message = inner?.[1] ?? text;
    throw new EngineError(message, Number(/^Code: (\d+)/.exec(message)?.[1] ?? 1001));
  }
}

/** Runs at most `limit` at once, the others in order of arrival. */
function limiter(limit: number): <T>(work: () => Promise<T>) => Promise<T> {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (running >= limit) await new Promise<void>((resolve) => waiting.push(resolve));
    else running += 1;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) running -= 1;
      else next();
    }
  };
}
