/** Reads a request of the ClickHouse HTTP interface (https://clickhouse.com/docs/interfaces/http). */
import type { IncomingMessage } from 'node:http';
import { randomUUID } from 'node:crypto';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createBrotliDecompress, createGunzip, createInflate, createZstdDecompress } from 'node:zlib';
import { EngineError } from './clickhouse-engine.ts';

export interface ClickHouseRequest {
  readonly queryId: string;
  readonly user: string;
  readonly password: string;
  readonly database: string | undefined;
  /** Format for output without a FORMAT clause. */
  readonly defaultFormat: string | undefined;
  /** As given in the URL: escaped as in TSV. */
  readonly params: ReadonlyMap<string, string>;
  readonly settings: ReadonlyMap<string, string>;
  readonly readonly: boolean;
  readonly waitEndOfQuery: boolean;
  readonly cancelOnClose: boolean;
  /** `gzip`, `zstd` … when the answer is to be compressed. */
  readonly answerEncoding: string | undefined;
  /** The statement and its data: what stood in the URL, a line end, the body. */
  readonly text: Buffer;
}

/** Parameters that mean something to the HTTP interface and are no settings of the engine. */
const HTTP_ONLY = new Set([
  'query', 'query_id', 'database', 'default_format', 'user', 'password', 'quota_key', 'role', 'session_id',
  'session_timeout', 'session_check', 'close_session', 'stacktrace', 'buffer_size', 'wait_end_of_query', 'compress',
  'decompress', 'enable_http_compression', 'http_zlib_compression_level', 'cancel_http_readonly_queries_on_client_close',
  'send_progress_in_http_headers', 'http_headers_progress_interval_ms', 'http_response_buffer_size',
  'http_write_exception_in_output_format', 'client_protocol_version',
]); // prettier-ignore

const MAX_BODY_BYTES = 1 << 30;

/** Rejects with EngineError for what the interface refuses, with any other error when the client went away. */
export async function readRequest(request: IncomingMessage): Promise<ClickHouseRequest> {
  const url = new URL(request.url ?? '/', 'http://server');
  const fields = [...url.searchParams];
  let body = await readBody(request);
  if (request.headers['content-type']?.startsWith('multipart/form-data') === true) {
    const form = await new Response(new Uint8Array(body), {
      headers: { 'content-type': request.headers['content-type'] },
    }).formData();
    for (const [name, value] of form) if (typeof value === 'string') fields.push([name, value]);
    body = Buffer.alloc(0);
  }
  const named = new Map(fields);
  if (named.get('compress') === '1' || named.get('decompress') === '1') {
    throw new EngineError(
      'Code: 48. DB::Exception: Native block compression is not served here. (NOT_IMPLEMENTED)',
      48,
    );
  }
  const params = new Map<string, string>();
  const settings = new Map<string, string>();
  for (const [name, value] of fields) {
    if (name.startsWith('param_')) params.set(name.slice(6), value);
    else if (!HTTP_ONLY.has(name)) settings.set(name, value);
  }
  const head = named.get('query') ?? '';
  const accepted = request.headers['accept-encoding'] ?? '';
  return {
    queryId: named.get('query_id') || header(request, 'x-clickhouse-query-id') || randomUUID(),
    ...credentials(request, named),
    database: named.get('database') ?? header(request, 'x-clickhouse-database'),
    defaultFormat: named.get('default_format') ?? header(request, 'x-clickhouse-format'),
    params,
    settings,
    readonly: request.method !== 'POST',
    waitEndOfQuery: isOn(named.get('wait_end_of_query')),
    cancelOnClose: isOn(named.get('cancel_http_readonly_queries_on_client_close')),
    answerEncoding: isOn(named.get('enable_http_compression'))
      ? ['zstd', 'br', 'gzip', 'deflate'].find((encoding) => accepted.includes(encoding))
      : undefined,
    text: head === '' ? body : Buffer.concat([Buffer.from(`${head}\n`), body]),
  };
}

function isOn(value: string | undefined): boolean {
  return value === '1' || value === 'true';
}

function header(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === 'string' ? value : undefined;
}

function credentials(
  request: IncomingMessage,
  named: ReadonlyMap<string, string>,
): { readonly user: string; readonly password: string } {
  const basic = /^basic (.+)$/i.exec(request.headers.authorization ?? '')?.[1];
  if (basic !== undefined) {
    const text = Buffer.from(basic, 'base64').toString('utf8');
    const colon = text.indexOf(':');
    return { user: text.slice(0, colon), password: text.slice(colon + 1) };
  }
  return {
    user: header(request, 'x-clickhouse-user') ?? named.get('user') ?? 'default',
    password: header(request, 'x-clickhouse-key') ?? named.get('password') ?? '',
  };
}

/** The whole body, decompressed. Rejects when the client goes away before its end, so that nothing of it is used. */
async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  const collect = async (source: AsyncIterable<Buffer>): Promise<void> => {
    for await (const chunk of source) {
      bytes += chunk.length;
      if (bytes > MAX_BODY_BYTES) {
        throw new EngineError('Code: 62. DB::Exception: Body over 1 GiB. (QUERY_IS_TOO_LARGE)', 62);
      }
      chunks.push(chunk);
    }
  };
  const encoding = request.headers['content-encoding'] ?? 'identity';
  if (encoding === 'identity') await collect(request);
  else await pipeline(request, decompressor(encoding), collect);
  return Buffer.concat(chunks);
}

function decompressor(encoding: string): Readable & NodeJS.WritableStream {
  switch (encoding) {
    case 'gzip':
      return createGunzip();
    case 'deflate':
      return createInflate();
    case 'br':
      return createBrotliDecompress();
    case 'zstd':
      return createZstdDecompress();
    default:
      throw new EngineError(
        `Code: 89. DB::Exception: Unknown compression method ${encoding}. (UNKNOWN_COMPRESSION_METHOD)`,
        89,
      );
  }
}
