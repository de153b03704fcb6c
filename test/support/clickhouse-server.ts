/**
 * A stand-in for a ClickHouse server where none can be started: the ClickHouse HTTP interface over the same engine
 * (chDB), in a process of its own. `node test/support/clickhouse-server.ts --path DIR --port 0 [--password TEXT]`
 * prints `listening <port>` and serves until SIGTERM. For tests and benchmarks; binds 127.0.0.1 only.
 *
 * Not served: sessions, roles, users other than `default` and the one for analysts (of the same password), native block compression, written_rows of INSERT … SELECT
 * and read_rows in the summary (chDB does not tell), INSERT bodies over 1 GiB.
 */
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { randomBytes } from 'node:crypto';
import { pipeline } from 'node:stream/promises';
import type { Transform } from 'node:stream';
import { createBrotliCompress, createDeflate, createGzip, createZstdCompress } from 'node:zlib';
import { parseArgs } from 'node:util';
import { ANALYST_ROLE } from '../../packages/event-store/src/engine/chdb-config.ts';
import { ANALYST_VIEWS } from '../../packages/event-store/src/engine/engine.ts';
import { EngineError, openEngine } from './clickhouse-engine.ts';
import { readRequest } from './clickhouse-request.ts';
import type { ClickHouseRequest } from './clickhouse-request.ts';
import { createExecutor } from './clickhouse-statement.ts';
import type { Executor, Output } from './clickhouse-statement.ts';

/** Status by exception code, as the server's HTTP handler chooses it; 500 for all others. */
const STATUS: ReadonlyMap<number, number> = new Map([
  ...withStatus(
    400,
    [6, 7, 26, 27, 36, 38, 41, 53, 62, 72, 117, 130, 320, 321, 322, 323, 376, 377, 453, 456],
  ),
  ...withStatus(401, [194]),
  ...withStatus(403, [192, 193, 516]),
  ...withStatus(404, [16, 46, 47, 50, 56, 60, 63, 81, 115]),
  ...withStatus(408, [159]),
  ...withStatus(501, [48]),
  ...withStatus(503, [439]),
]);

function withStatus(status: number, codes: readonly number[]): [number, number][] {
  return codes.map((code) => [code, status]);
}

export interface ServerOptions {
  readonly path: string;
  readonly port: number;
  readonly password: string;
  /** Where the user for analysts may read its views; the engine reads rights at its start only. */
  readonly analystDatabases: readonly string[];
  /** Statements computed at the same time. */
  readonly parallel: number;
}

/** Opens the engine and listens; resolves with the port. */
export async function serveClickHouse(
  options: ServerOptions,
): Promise<{ readonly port: number; close(): Promise<void> }> {
  const readable = options.analystDatabases.flatMap((database) =>
    ANALYST_VIEWS.map((view) => `${database}.${view}`),
  );
  const engine = openEngine(options.path, options.parallel, readable);
  const version = (JSON.parse(await engine.control('SELECT version() AS version')) as { version: string })
    .version;
  const executor = createExecutor(engine);
  const server = createServer((request, response) => {
    void answer(request, response, executor, options.password, version);
  });
  server.requestTimeout = 0;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, '127.0.0.1', resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeIdleConnections();
      await closed;
      engine.close();
    },
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  executor: Executor,
  password: string,
  version: string,
): Promise<void> {
  const path = new URL(request.url ?? '/', 'http://server').pathname;
  if (path === '/ping' || (path === '/' && request.method === 'GET' && !request.url?.includes('?'))) {
    response.end('Ok.\n');
    return;
  }
  let parsed: ClickHouseRequest;
  try {
    parsed = await readRequest(request);
  } catch (error) {
    fail(response, error, version);
    return;
  }
  response.setHeader('X-ClickHouse-Query-Id', parsed.queryId);
  response.setHeader('X-ClickHouse-Timezone', 'UTC');
  response.setHeader('X-ClickHouse-Server-Display-Name', 'chdb');
  if (!['default', ANALYST_ROLE].includes(parsed.user) || parsed.password !== password) {
    const message = `Code: 516. DB::Exception: ${parsed.user}: Authentication failed: password is incorrect, or there is no user with such name. (AUTHENTICATION_FAILED)`;
    fail(response, new EngineError(message, 516), version);
    return;
  }
  const statement = executor.run(parsed);
  const stopWatching = onEarlyClose(response, () => {
    if (parsed.cancelOnClose) statement.kill().catch(() => undefined);
  });
  try {
    const output = await statement.output;
    await send(response, parsed, output, version);
  } catch (error) {
    fail(response, error, version);
  } finally {
    stopWatching();
    await statement.release();
  }
}

function onEarlyClose(response: ServerResponse, action: () => void): () => void {
  const listener = (): void => {
    if (!response.writableFinished) action();
  };
  response.once('close', listener);
  return () => response.off('close', listener);
}

async function send(
  response: ServerResponse,
  request: ClickHouseRequest,
  output: Output,
  version: string,
): Promise<void> {
  const tag = randomBytes(8).toString('hex');
  response.setHeader('X-ClickHouse-Format', output.format);
  response.setHeader('X-ClickHouse-Exception-Tag', tag);
  response.setHeader(
    'Content-Type',
    output.format.startsWith('JSON') ? 'application/json; charset=UTF-8' : 'text/plain; charset=UTF-8',
  );
  response.setHeader(
    'X-ClickHouse-Summary',
    JSON.stringify({
      read_rows: String(output.rowsWritten),
      read_bytes: String(output.bytesWritten),
      written_rows: String(output.rowsWritten),
      written_bytes: String(output.bytesWritten),
      total_rows_to_read: '0',
      result_rows: String(output.resultRows || output.rowsWritten),
      result_bytes: String(output.bytesWritten),
      elapsed_ns: '0',
    }),
  );
  const compress = compressor(request.answerEncoding);
  if (compress !== undefined) response.setHeader('Content-Encoding', request.answerEncoding ?? '');
  const body = withLateErrors(output.body, tag, version);
  if (compress === undefined) await pipeline(body, response);
  else await pipeline(body, compress, response);
}

/** An exception after the head was sent goes into the body, in the frame clients know since 25.11. */
async function* withLateErrors(
  body: AsyncIterable<Buffer>,
  tag: string,
  version: string,
): AsyncGenerator<Buffer> {
  try {
    yield* body;
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    const message = `${error.message} (version ${version})\n`;
    const length = Buffer.byteLength(message);
    yield Buffer.from(`\r\n__exception__\r\n${tag}\r\n${message}${length} ${tag}\r\n__exception__\r\n`);
  }
}

function compressor(encoding: string | undefined): Transform | undefined {
  if (encoding === 'gzip') return createGzip({ level: 3 });
  if (encoding === 'zstd') return createZstdCompress();
  if (encoding === 'br') return createBrotliCompress();
  if (encoding === 'deflate') return createDeflate();
  return undefined;
}

function fail(response: ServerResponse, error: unknown, version: string): void {
  if (response.headersSent || response.destroyed) {
    response.destroy();
    return;
  }
  const known = error instanceof EngineError;
  const code = known ? error.code : 1001;
  const message = known ? error.message : `Code: 1001. DB::Exception: ${String(error)}. (STD_EXCEPTION)`;
  response.statusCode = STATUS.get(code) ?? 500;
  response.setHeader('X-ClickHouse-Exception-Code', String(code));
  response.setHeader('Content-Type', 'text/plain; charset=UTF-8');
  response.end(`${message} (version ${version})\n`);
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      path: { type: 'string' },
      port: { type: 'string', default: '0' },
      password: { type: 'string', default: '' },
      'analyst-databases': { type: 'string', default: 'default' },
    },
  });
  if (values.path === undefined) throw new Error('--path DIR is missing');
  const threads = Number(process.env['UV_THREADPOOL_SIZE'] ?? 4);
  const server = await serveClickHouse({
    path: values.path,
    port: Number(values.port),
    password: values.password,
    analystDatabases: values['analyst-databases'].split(','),
    parallel: Math.max(1, threads - 2),
  });
  console.log(`listening ${server.port}`);
  process.once('SIGTERM', () => {
    void server.close().then(() => process.exit(0));
  });
}
