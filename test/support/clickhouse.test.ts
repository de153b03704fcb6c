import { createClient, ClickHouseError } from '@clickhouse/client';
import type { ClickHouseClient } from '@clickhouse/client';
import { connect } from 'node:net';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { startClickHouse } from './clickhouse.ts';
import type { TestClickHouse } from './clickhouse.ts';

let server: TestClickHouse;
let client: ClickHouseClient;
const external = (process.env['CADF_TEST_CLICKHOUSE_URL'] ?? '') !== '';

function connectClient(options: Parameters<typeof createClient>[0] = {}): ClickHouseClient {
  return createClient({
    url: server.url,
    username: server.user,
    password: server.password,
    database: server.database,
    ...options,
  });
}

async function rows<T>(sql: string, params: Record<string, unknown> = {}): Promise<T[]> {
  const result = await client.query({ query: sql, query_params: params, format: 'JSONEachRow' });
  return result.json<T>();
}

async function waitFor(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 20));
}

beforeAll(async () => {
  server = await startClickHouse();
  client = connectClient();
});

afterAll(async () => {
  await client?.close();
  await server?.stop();
});

/** A SELECT that ends only when it is killed. */
const ENDLESS = 'SELECT sum(cityHash64(number)) AS sum FROM numbers(1000000000000000)';

describe('a ClickHouse server over HTTP', () => {
  it('answers a ping, also one that runs a statement', async () => {
    expect(await client.ping()).toEqual({ success: true });
    expect(await client.ping({ select: true })).toEqual({ success: true });
  });

  it('inserts rows of a stream and counts them in the summary', async () => {
    await client.command({
      query: 'CREATE TABLE streamed (n UInt32, s String) ENGINE = MergeTree ORDER BY n',
    });
    const answer = await client.insert({
      table: 'streamed',
      values: Readable.from(Array.from({ length: 1000 }, (_, n) => ({ n, s: `row ${n}\t"é"` }))),
      format: 'JSONEachRow',
    });
    expect(answer.summary?.written_rows).toBe('1000');
    expect(await rows('SELECT count() AS c, max(s) AS s FROM streamed')).toEqual([
      { c: 1000, s: 'row 999\t"é"' },
    ]);
  });

  it('inserts TSV whose first field is empty, and binary formats', async () => {
    await client.command({
      query: 'CREATE TABLE formats (s String, n UInt32) ENGINE = MergeTree ORDER BY n',
    });
    const body = (text: Buffer): Readable => Readable.from([text], { objectMode: false });
    await client.exec({
      query: 'INSERT INTO formats (s, n) FORMAT TSV',
      values: body(Buffer.from('\t1\na\\tb\t2\n')),
    });
    await client.exec({
      query: 'INSERT INTO formats (s, n) FORMAT RowBinary',
      values: body(Buffer.from([1, 0x78, 3, 0, 0, 0])),
    });
    await client.command({ query: "INSERT INTO formats VALUES ('v;--', 4), ('w', 5)" });
    expect(await rows('SELECT s, n FROM formats ORDER BY n')).toEqual([
      { s: '', n: 1 },
      { s: 'a\tb', n: 2 },
      { s: 'x', n: 3 },
      { s: 'v;--', n: 4 },
      { s: 'w', n: 5 },
    ]);
  });

  it('inserts what a SELECT makes of the data', async () => {
    await client.command({
      query: 'CREATE TABLE derived (s String, n UInt32) ENGINE = MergeTree ORDER BY n',
    });
    await client.exec({
      query: "INSERT INTO derived (s, n) SELECT upper(s), n + 1 FROM input('s String, n UInt32') FORMAT TSV",
      values: Readable.from([Buffer.from('a\t1\nb\t2\n')], { objectMode: false }),
    });
    expect(await rows('SELECT s, n FROM derived ORDER BY n')).toEqual([
      { s: 'A', n: 2 },
      { s: 'B', n: 3 },
    ]);
  });

  it('takes an empty insert as no rows', async () => {
    await client.command({ query: 'CREATE TABLE empty (n UInt32) ENGINE = MergeTree ORDER BY n' });
    await client.exec({
      query: 'INSERT INTO empty FORMAT TSV',
      values: Readable.from([], { objectMode: false }),
    });
    expect(await rows('SELECT count() AS c FROM empty')).toEqual([{ c: 0 }]);
  });

  it('takes nothing of a body with a bad row', async () => {
    await client.command({ query: 'CREATE TABLE bad (n UInt32) ENGINE = MergeTree ORDER BY n' });
    const insert = client.exec({
      query: 'INSERT INTO bad FORMAT TSV',
      values: Readable.from([Buffer.from('1\n2\nthree\n')], { objectMode: false }),
    });
    await expect(insert).rejects.toMatchObject({ code: '27' });
    expect(await rows('SELECT count() AS c FROM bad')).toEqual([{ c: 0 }]);
  });

  it('takes nothing of a body whose sender goes away in the middle', async () => {
    await client.command({ query: 'CREATE TABLE cut (n UInt32) ENGINE = MergeTree ORDER BY n' });
    const { hostname, port } = new URL(server.url);
    const key = Buffer.from(`${server.user}:${server.password}`).toString('base64');
    const query = encodeURIComponent(`INSERT INTO ${server.database}.cut FORMAT TSV`);
    await new Promise<void>((resolve, reject) => {
      const socket = connect(Number(port), hostname, () => {
        socket.write(
          `POST /?query=${query} HTTP/1.1\r\nHost: x\r\nAuthorization: Basic ${key}\r\nTransfer-Encoding: chunked\r\n\r\n4\r\n1\n2\n\r\n`,
          () => socket.destroy(),
        );
      });
      socket.on('close', () => resolve());
      socket.on('error', reject);
    });
    await client.insert({ table: 'cut', values: [{ n: 7 }], format: 'JSONEachRow' });
    expect(await rows('SELECT n FROM cut')).toEqual([{ n: 7 }]);
  });

  it('streams a large result in pieces, none of it broken', async () => {
    const result = await client.query({
      query: 'SELECT number AS n, toString(number) AS s FROM numbers(500000)',
      format: 'JSONEachRow',
    });
    let next = 0;
    for await (const batch of result.stream<{ n: number; s: string }>()) {
      for (const row of batch) {
        if (row.json().s !== String(next)) throw new Error(`row ${next} is ${row.text}`);
        next += 1;
      }
    }
    expect(next).toBe(500_000);
  });

  it('answers documents and headed formats as one', async () => {
    const json = await client.query({ query: 'SELECT number FROM numbers(200000)', format: 'JSON' });
    expect((await json.json<{ number: number }>()).data).toHaveLength(200_000);
    const csv = await client.query({ query: 'SELECT number FROM numbers(200000)', format: 'CSVWithNames' });
    expect((await csv.text()).match(/"number"/g)).toHaveLength(1);
  });

  it('binds parameters of every kind and forgets them', async () => {
    const [row] = await rows(
      'SELECT {a:String} AS a, {b:Array(String)} AS b, {c:Nullable(Int64)} AS c, {d:UInt64} AS d',
      {
        a: `it's a\t"tab" \\ and {b:Array}\n`,
        b: ["x'y", 'z\\'],
        c: null,
        d: 5,
      },
    );
    expect(row).toEqual({ a: `it's a\t"tab" \\ and {b:Array}\n`, b: ["x'y", 'z\\'], c: null, d: 5 });
    expect(await rows('SELECT count() AS c FROM {t:Identifier}', { t: 'empty' })).toEqual([{ c: 0 }]);
    await expect(rows('SELECT {a:String} AS a')).rejects.toMatchObject({ code: '456' });
  });

  it('takes parameters too long for a URL in a form', async () => {
    const result = await client.query({
      query: 'SELECT length({a:String}) AS n',
      query_params: { a: 'x'.repeat(100_000) },
      use_multipart_params: true,
      format: 'JSONEachRow',
    });
    expect(await result.json()).toEqual([{ n: 100_000 }]);
  });

  it('applies settings to one request only', async () => {
    const query = "SELECT getSetting('max_threads') AS n";
    const set = await client.query({ query, format: 'JSONEachRow', clickhouse_settings: { max_threads: 1 } });
    expect(await set.json()).toEqual([{ n: 1 }]);
    expect(await rows(query)).not.toEqual([{ n: 1 }]);
    const wrong = client.query({ query, clickhouse_settings: { no_such_setting: 1 } as never });
    await expect(wrong).rejects.toMatchObject({ code: '115' });
  });

  it('answers errors with their code and name', async () => {
    const error = await client.query({ query: 'SELECT * FROM missing' }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ClickHouseError);
    expect(error).toMatchObject({ code: '60', type: 'UNKNOWN_TABLE' });
    const head = {
      Authorization: `Basic ${Buffer.from(`${server.user}:${server.password}`).toString('base64')}`,
    };
    const plain = await fetch(`${server.url}/?query=SELEC`, { headers: head });
    expect([plain.status, plain.headers.get('x-clickhouse-exception-code')]).toEqual([400, '62']);
    expect(await plain.text()).toMatch(/^Code: 62\. DB::Exception: .*\(SYNTAX_ERROR\) \(version /s);
  });

  it('tells an error that comes after the first rows', async () => {
    const result = await client.query({
      query: "SELECT throwIf(number = 400000, 'late') AS n FROM numbers(500000)",
      format: 'JSONEachRow',
      clickhouse_settings: { max_threads: 1 },
    });
    const read = async (): Promise<void> => {
      for await (const batch of result.stream()) expect(batch.length).toBeGreaterThan(0);
    };
    await expect(read()).rejects.toMatchObject({ code: '395' });
  });

  it('refuses a wrong password', async () => {
    const stranger = connectClient({ password: 'wrong' });
    onTestFinished(() => stranger.close());
    await expect(stranger.query({ query: 'SELECT 1' })).rejects.toMatchObject({ code: '516' });
  });

  it.each(['gzip', 'zstd'] as const)('takes and gives bodies compressed with %s', async (codec) => {
    const packed = connectClient({ compression: { request: { codec }, response: { codec } } as never });
    onTestFinished(() => packed.close());
    const table = `packed_${codec}`;
    await packed.command({ query: `CREATE TABLE ${table} (n UInt32) ENGINE = MergeTree ORDER BY n` });
    await packed.insert({
      table,
      values: Array.from({ length: 5000 }, (_, n) => ({ n })),
      format: 'JSONEachRow',
    });
    const result = await packed.query({ query: `SELECT n FROM ${table} ORDER BY n`, format: 'JSONEachRow' });
    expect(result.response_headers['content-encoding']).toBe(codec);
    expect(await result.json()).toHaveLength(5000);
  });

  it('answers a quick statement beside slow ones, also with parameters', async () => {
    const stop = new AbortController();
    const slow = Array.from({ length: 3 }, () =>
      client
        .query({
          query: `${ENDLESS} WHERE number >= {from:UInt64}`,
          query_params: { from: 5 },
          abort_signal: stop.signal,
          clickhouse_settings: { cancel_http_readonly_queries_on_client_close: 1, max_threads: 1 },
        })
        .catch((error: unknown) => error),
    );
    await waitFor(
      async () =>
        (await rows('SELECT 1 FROM system.processes WHERE query LIKE {q:String}', { q: `${ENDLESS}%` }))
          .length === 3,
    );
    expect(await rows('SELECT {n:UInt8} AS n', { n: 3 })).toEqual([{ n: 3 }]);
    await client.insert({ table: 'empty', values: [], format: 'JSONEachRow' });
    stop.abort();
    await Promise.all(slow);
    await waitFor(
      async () =>
        (await rows('SELECT 1 FROM system.processes WHERE query LIKE {q:String}', { q: `${ENDLESS}%` }))
          .length === 0,
    );
  });

  it('shows and kills a statement by its id', async () => {
    const queryId = "it's % my * / id";
    const slow = client.query({ query: ENDLESS, query_id: queryId }).catch((error: unknown) => error);
    const shown = (): Promise<object[]> =>
      rows('SELECT query_id, query FROM system.processes WHERE query_id = {id:String}', { id: queryId });
    await waitFor(async () => (await shown()).length > 0);
    const [process] = (await shown()) as { query_id: string; query: string }[];
    expect(process?.query_id).toBe(queryId);
    expect(process?.query.startsWith('SELECT sum(')).toBe(true);
    const answer = await client.query({
      query: 'KILL QUERY WHERE query_id = {id:String} SYNC',
      query_params: { id: queryId },
      format: 'JSONEachRow',
    });
    expect(await answer.json()).toMatchObject([{ kill_status: 'finished', query_id: queryId }]);
    expect(await slow).toMatchObject({ code: '394' });
    expect(await shown()).toEqual([]);
  });

  it('kills nothing where no statement has the id', async () => {
    const query = 'KILL QUERY WHERE query_id = {id:String} ASYNC';
    const killed = await client.query({ query, query_params: { id: 'none' }, format: 'JSONEachRow' });
    expect(await killed.json()).toEqual([]);
  });

  it('reads another database when the URL names it', async () => {
    const other = connectClient({ database: 'system' });
    onTestFinished(() => other.close());
    const result = await other.query({
      query: 'SELECT currentDatabase() AS d, one.dummy FROM one',
      format: 'JSONEachRow',
    });
    expect(await result.json()).toEqual([{ d: 'system', dummy: 0 }]);
    const nowhere = connectClient({ database: 'nowhere' });
    onTestFinished(() => nowhere.close());
    await expect(nowhere.query({ query: 'SELECT 1' })).rejects.toMatchObject({ code: '81' });
  });

  it.skipIf(external)('keeps what it acknowledged over a kill, at the same address', async () => {
    await client.command({
      query:
        'CREATE TABLE kept (n UInt32) ENGINE = MergeTree ORDER BY n SETTINGS fsync_after_insert = 1, fsync_part_directory = 1',
    });
    await client.insert({ table: 'kept', values: [{ n: 1 }, { n: 2 }], format: 'JSONEachRow' });
    await server.kill();
    expect((await client.ping()).success).toBe(false);
    await server.restart();
    expect(await rows('SELECT n FROM kept ORDER BY n')).toEqual([{ n: 1 }, { n: 2 }]);
  });
});
