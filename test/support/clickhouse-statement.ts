/** Runs one request of the HTTP stand-in on the engine. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ANALYST_ROLE } from '../../packages/event-store/src/engine/chdb-config.ts';
import type { Engine, Session } from './clickhouse-engine.ts';
import type { ClickHouseRequest } from './clickhouse-request.ts';
import { identifier, literal, readKillQuery, readStatement, replaceProcesses } from './clickhouse-sql.ts';
import type { KillQuery, Statement } from './clickhouse-sql.ts';

/** Formats whose output chDB can yield in pieces; of all others every piece would be a document of its own. */
const STREAMED = new Set(
  [
    'JSONEachRow', 'JSONLines', 'NDJSON', 'JSONStringsEachRow', 'JSONCompactEachRow', 'JSONCompactStringsEachRow', 'TSV',
    'TabSeparated', 'TSVRaw', 'TabSeparatedRaw', 'LineAsString', 'CSV', 'RowBinary', 'Native', 'RawBLOB', 'Null',
  ].map((name) => name.toLowerCase()), // prettier-ignore
);

/** chDB passes no query ids on, and drops comments where parameters are bound; this setting stays with a statement. */
const TAG = "Settings['log_comment']";

const BINARY = /^(?:Native|RowBinary\w*)$/i;

const NOTHING = { rowsWritten: 0, bytesWritten: 0, resultRows: 0 };

export interface Output {
  readonly format: string;
  readonly rowsWritten: number;
  readonly bytesWritten: number;
  readonly resultRows: number;
  /** The first piece was computed already, so that most errors come before the answer's head is sent. */
  readonly body: AsyncIterable<Buffer>;
}

interface Running {
  readonly done: Promise<void>;
}

export interface Executor {
  /** Rejects with EngineError. `release` must be called once the output was read or given up. */
  run(request: ClickHouseRequest): {
    readonly output: Promise<Output>;
    kill(): Promise<void>;
    release(): Promise<void>;
  };
}

/** Each statement carries its number here and the id its client gave, `<number>:<id>`. */
export function createExecutor(engine: Engine): Executor {
  const running = new Map<number, Running>();
  let lastNumber = 0;

  /** `system.processes` as a server shows it: the statements of clients, with the ids they gave. */
  function processes(): string {
    const numbers = [...running.keys()].map((number) => `'${number}'`).join(', ');
    return `(SELECT * REPLACE (substring(${TAG}, position(${TAG}, ':') + 1) AS query_id), splitByChar(':', ${TAG})[1] AS stand_in_number FROM system.processes WHERE stand_in_number IN (${numbers}))`;
  }

  async function killNumber(number: number): Promise<void> {
    await engine.control(`KILL QUERY WHERE startsWith(${TAG}, '${number}:') ASYNC`);
  }

  async function runKill(session: Session, kill: KillQuery, format: string): Promise<Output> {
    const columns = 'query_id, user, query';
    const listed = await session.query(
      `SELECT toUInt64(stand_in_number), ${columns} FROM ${processes()} WHERE ${replaceProcesses(kill.condition, processes())}`,
      'JSONCompactEachRow',
    );
    const rows = text(listed.bytes)
      .split('\n')
      .filter((line) => line !== '');
    const numbers = rows.map((line) => Number((JSON.parse(line) as unknown[])[0]));
    const statements = numbers.map((number) => running.get(number)?.done ?? Promise.resolve());
    if (kill.mode !== 'TEST') await Promise.all(numbers.map(killNumber));
    if (kill.mode === 'SYNC') await Promise.all(statements);
    const status = kill.mode === 'SYNC' ? 'finished' : kill.mode === 'TEST' ? 'unknown_status' : 'waiting';
    // Over no data the engine's format() has no columns.
    const killed =
      rows.length === 0
        ? "(SELECT '' AS query_id, '' AS user, '' AS query) WHERE 0"
        : `format(JSONCompactEachRow, 'number UInt64, query_id String, user String, query String', ${literal(rows.join('\n'))})`;
    const answer = await session.query(
      `SELECT '${status}' AS kill_status, ${columns} FROM ${killed}`,
      format,
    );
    return { ...NOTHING, format, body: once(Buffer.from(answer.bytes)) };
  }

  async function runInsert(
    session: Session,
    request: ClickHouseRequest,
    statement: Statement,
  ): Promise<Output> {
    const sql = request.text;
    const cut = statement.dataStart ?? headBytes(sql);
    const data = sql.subarray(cut);
    let head = replaceProcesses(sql.subarray(0, cut).toString('utf8'), processes()).trimEnd();
    const format = request.defaultFormat ?? 'TabSeparated';
    if (statement.insertSelect && statement.input === undefined) {
      const result = await session.query(head, format);
      return { ...NOTHING, format, body: once(Buffer.from(result.bytes)) };
    }
    if (data.length === 0) return { ...NOTHING, format, body: once(Buffer.alloc(0)) };
    if (statement.format === undefined) head += ` FORMAT ${request.defaultFormat ?? 'Values'}`;
    if (statement.input !== undefined) return insertFromInput(session, head, data, statement, format);
    if (BINARY.test(statement.format ?? '')) return insertFromFile(session, head, data, format);
    const result = await session.insert(head, data);
    return {
      ...NOTHING,
      rowsWritten: result.rowsWritten,
      bytesWritten: result.bytesWritten,
      format,
      body: once(Buffer.alloc(0)),
    };
  }

  /** chDB reads the data of an INSERT as if it were SQL, and cuts off binary data where it takes that for the end. */
  async function insertFromFile(
    session: Session,
    head: string,
    data: Buffer,
    format: string,
  ): Promise<Output> {
    const folder = await mkdtemp(join(tmpdir(), 'clickhouse-insert-'));
    try {
      const file = join(folder, 'data');
      await writeFile(file, data);
      const from = head.replace(/\bFORMAT\s+\w+\s*$/i, (clause) => `FROM INFILE ${literal(file)} ${clause}`);
      const result = await session.query(from, format);
      return { ...NOTHING, rowsWritten: result.rowsRead, format, body: once(Buffer.alloc(0)) };
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  /** chDB takes `INSERT … SELECT … FROM input(…)` and inserts nothing, so its data goes through a file. */
  async function insertFromInput(
    session: Session,
    head: string,
    data: Buffer,
    statement: Statement,
    format: string,
  ): Promise<Output> {
    const folder = await mkdtemp(join(tmpdir(), 'clickhouse-input-'));
    try {
      const file = join(folder, 'data');
      await writeFile(file, data);
      const input = readStatement(head).input;
      if (input === undefined) throw new Error('input() was seen before and is gone');
      const from = `file(${literal(file)}, ${statement.format ?? format}, ${input.structure})`;
      const withoutFormat = head.slice(input.end).replace(/\bFORMAT\s+\w+\s*$/i, '');
      await session.query(head.slice(0, input.start) + from + withoutFormat, format);
      return { ...NOTHING, format, body: once(Buffer.alloc(0)) };
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  async function execute(session: Session, tag: string, request: ClickHouseRequest): Promise<Output> {
    await session.query(preparation(request, tag), 'Null');
    // The engine of chDB has one user; what another may do is a role of it.
    if (request.user === ANALYST_ROLE) await session.query(`SET ROLE ${ANALYST_ROLE}`, 'Null');
    // Latin-1 keeps byte offsets; heads are far below this bound, data is not looked at.
    const statement = readStatement(request.text.subarray(0, 4 << 20).toString('latin1'));
    if (statement.verb === 'INSERT') return runInsert(session, request, statement);
    const sql = request.text.toString('utf8');
    const format = statement.format ?? request.defaultFormat ?? 'TabSeparated';
    const kill = readKillQuery(sql);
    if (kill !== undefined) return runKill(session, kill, format);
    const rewritten = replaceProcesses(sql, processes());
    if (statement.verb === 'SELECT' && STREAMED.has(format.toLowerCase()) && !request.waitEndOfQuery) {
      return { ...NOTHING, format, body: await started(session.stream(rewritten, format)) };
    }
    const result = await session.query(rewritten, format);
    return { ...NOTHING, resultRows: result.rowsRead, format, body: once(Buffer.from(result.bytes)) };
  }

  return {
    run(request) {
      const number = (lastNumber += 1);
      const finished = Promise.withResolvers<void>();
      running.set(number, { done: finished.promise });
      const session = engine.open();
      const output = execute(session, `${number}:${request.queryId}`, request);
      return {
        output,
        kill: () => killNumber(number),
        async release() {
          const answer = await output.catch(() => undefined);
          const rest = answer?.body[Symbol.asyncIterator]();
          await rest?.return?.(undefined);
          session.close();
          running.delete(number);
          finished.resolve();
        },
      };
    },
  };
}

/** Database, settings and parameters of a request, set on its own connection. */
function preparation(request: ClickHouseRequest, tag: string): string {
  // The engine of chDB takes a bare expression for a SELECT; a server does not.
  const statements = ['SET implicit_select = 0'];
  if (request.database !== undefined && request.database !== '')
    statements.push(`USE ${identifier(request.database)}`);
  const settings = [...request.settings].map(([name, value]) => `${settingName(name)} = ${literal(value)}`);
  for (const [name, value] of request.params)
    settings.push(`${settingName(`param_${name}`)} = ${literal(value)}`);
  settings.push(`log_comment = ${literal(tag)}`);
  statements.push(`SET ${settings.join(', ')}`);
  if (request.readonly) statements.push('SET readonly = 2');
  return statements.join('; ');
}

function settingName(name: string): string {
  return /^[A-Za-z_]\w*$/.test(name) ? name : identifier(name);
}

/** An INSERT without FORMAT clause: its head is the first line. */
function headBytes(sql: Buffer): number {
  const line = sql.indexOf('\n');
  return line < 0 ? sql.length : line + 1;
}

function text(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
}

async function* once(bytes: Buffer): AsyncGenerator<Buffer> {
  if (bytes.length > 0) yield bytes;
}

/** Waits for the first piece, so that its error is this call's error. */
async function started(stream: AsyncGenerator<Buffer>): Promise<AsyncGenerator<Buffer>> {
  const first = await stream.next();
  return (async function* all() {
    try {
      if (first.done === true) return;
      yield first.value;
      yield* stream;
    } finally {
      await stream.return(undefined);
    }
  })();
}
