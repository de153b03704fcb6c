import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import { decodeXml } from '@cadf-pipeline/cadf-model';
import { compilePredicate, parseFilter } from '@cadf-pipeline/event-filter';
import { parse as parseCsv } from 'csv-parse/sync';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { arbitraryEventText } from '../../../../test/support/arbitrary-event-text.ts';
import { arbitraryFilterText } from '../../../../test/support/arbitrary-filter.ts';
import { testEvent } from '../../../../test/support/events.ts';
import { startQueryApp } from '../query-app.test-support.ts';
import type { QueryApp } from '../query-app.test-support.ts';

let query: QueryApp;
/** The texts as stored, by their id. */
const texts = new Map<string, string>();
const ODD_NAMES = ['=1+1', '+x', '-2', '@SUM(A1)', '\tx', '\rx', "'quoted'", 'a,"b"\r\nc', '＝1', '', ' ok '];
const ODD = ODD_NAMES.map((name, index) => ({
  ...testEvent({ name, eventTime: `2020-01-01T00:00:${String(index).padStart(2, '0')}Z` }),
  id: `odd-${index}`,
  attachments: [{ name: `=${index}`, content: { n: index } }, { name: 'b' }],
  huge: 1,
}));

beforeAll(async () => {
  query = await startQueryApp({ root: {}, a: { tenants: ['a'] }, other: { tenants: '*' } });
  await insertSome(120, 1);
  await query.insert(
    ODD.map((event) => JSON.stringify(event)),
    ['odd'],
  );
  for (const event of ODD) texts.set(event.id, JSON.stringify(event));
});
afterAll(() => query.close());

/** Each text twice, so that forms are learned and both ways of storing are met. */
async function insertSome(count: number, seed: number): Promise<void> {
  const made = fc.sample(arbitraryEventText, { numRuns: count / 2, seed });
  const stored = [...made, ...made].map((write, index) => {
    const text = write(`e-${seed}-${index}`);
    texts.set(`e-${seed}-${index}`, text);
    return text;
  });
  await query.insert(stored.slice(0, count / 2));
  await query.insert(stored.slice(count / 2));
}

interface Answer {
  readonly status: number;
  readonly body: string;
  readonly bytes: Buffer;
  readonly headers: Readonly<Record<string, unknown>>;
}
async function ask(
  url: string,
  headers: Readonly<Record<string, string>> = {},
  token = 'root',
): Promise<Answer> {
  const answer = await query.app.inject({ url, headers: { authorization: `Bearer ${token}`, ...headers } });
  const { body, headers: given, rawPayload, statusCode } = answer;
  return { status: statusCode, body, bytes: rawPayload, headers: given };
}
async function post(body: object, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
  const answer = await query.app.inject({
    method: 'POST',
    url: '/cadf/v1/query',
    headers: { authorization: 'Bearer root', ...headers },
    body,
  });
  const { body: text, headers: given, rawPayload, statusCode } = answer;
  return { status: statusCode, body: text, bytes: rawPayload, headers: given };
}
const events = (parameters: Readonly<Record<string, string>> = {}): string =>
  `/cadf/v1/events?${new URLSearchParams(parameters)}`;
const idsOf = (list: readonly unknown[]): string[] => list.map((event) => (event as { id: string }).id);
const linesOf = (body: string): unknown[] =>
  body
    .trimEnd()
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));

test(
  'pages of any size under any filter are the events that the predicate passes, while events arrive',
  { timeout: 120_000 },
  async () => {
    const filters = fc.sample(arbitraryFilterText, { numRuns: 14, seed: 4 });
    let passed = 0;
    for (const [index, filter] of filters.entries()) {
      const parsed = parseFilter(filter);
      if (!parsed.ok) continue;
      const passes = compilePredicate(parsed.filter);
      const expected = [...texts].flatMap(([id, text]) => (passes(JSON.parse(text)) ? [id] : []));
      const order = index % 2 === 0 ? 'asc' : 'desc';
      const seen: string[] = [];
      let cursor: string | undefined;
      let pages = 0;
      do {
        const limit = 20 + ((index * 7 + pages * 5) % 40);
        const answer = await post({ filter, order, limit, ...(cursor === undefined ? {} : { cursor }) });
        expect(answer.status, answer.body).toBe(200);
        const page = JSON.parse(answer.body) as { events: unknown[]; cursor?: string };
        expect(page.events.length).toBeLessThanOrEqual(limit);
        seen.push(...idsOf(page.events));
        cursor = page.cursor;
        // What arrives after the first page is on none of the pages.
        if (pages++ === 0 && index % 5 === 0) await insertSome(4, 100 + index);
      } while (cursor !== undefined);
      expect(seen.toSorted(), filter).toEqual(expected.toSorted());
      passed += seen.length;
      const whole = await post({ filter, order, limit: 'all' }, { accept: 'application/x-ndjson' });
      const now = [...texts].flatMap(([id, text]) => (passes(JSON.parse(text)) ? [id] : []));
      expect(idsOf(linesOf(whole.body)).toSorted(), filter).toEqual(now.toSorted());
    }
    expect(passed).toBeGreaterThan(200);
  },
);

test('the whole result as NDJSON is what the pages hold, in their order', async () => {
  for (const order of ['asc', 'desc']) {
    const page = await ask(events({ order, limit: '10000' }));
    const whole = await ask(events({ order, limit: 'all' }), { accept: 'application/x-ndjson' });
    expect(whole.headers['content-type']).toBe('application/x-ndjson');
    const { events: paged } = JSON.parse(page.body) as { events: unknown[] };
    expect(linesOf(whole.body)).toEqual(paged);
    expect(paged).toHaveLength(texts.size);
  }
});

describe('fields', () => {
  test('keep what is asked for in its place, in every form', async () => {
    const parameters = { tenant: 'odd', order: 'asc', limit: '1', fields: 'attachments.name,id,nowhere/x' };
    const expected = '{"id":"odd-0","attachments":[{"name":"=0"},{"name":"b"}]}';
    const page = await ask(events(parameters));
    expect(page.body.startsWith(`{"events":[${expected}],"next":"`)).toBe(true);
    const lines = await ask(events(parameters), { accept: 'application/x-ndjson' });
    expect(lines.body).toBe(`${expected}\n`);
    const csv = await ask(events(parameters), { accept: 'text/csv' });
    expect(csv.body).toBe('attachments.name,id,nowhere/x\r\n"[""=0"",""b""]",odd-0,\r\n');
    const posted = await post(
      { tenant: 'odd', limit: 'all', order: 'asc', fields: ['name'] },
      { accept: 'text/csv' },
    );
    expect(posted.body.split('\r\n').slice(0, 3)).toEqual(['name', "'=1+1", "'+x"]);
  });

  test.each([
    ['initiator/nmae', 'did you mean name?'],
    ['id =', 'FIELDS_INVALID'],
    ["id exists or ''", 'FIELDS_INVALID'],
    [',', 'FIELDS_INVALID'],
    [Array.from({ length: 65 }, (_, index) => `x${index}`).join(','), 'the most is 64'],
  ])('that are none are refused: %s', async (fields, expected) => {
    const answer = await ask(events({ fields }));
    expect(answer.status).toBe(400);
    expect(answer.body).toContain(expected);
  });
});

test('CSV read back gives the values, and no cell begins like a formula', async () => {
  const answer = await ask(events({ tenant: 'odd', order: 'asc', limit: 'all' }), { accept: 'text/csv' });
  expect(answer.headers['content-type']).toBe('text/csv; charset=utf-8; header=present');
  const rows: string[][] = parseCsv(answer.body, { record_delimiter: '\r\n' });
  expect(rows.flat().filter((cell) => /^[=+\-@\t\r]/.test(cell))).toEqual([]);
  const [heading = [], ...cells] = rows;
  const at = heading.indexOf('name');
  expect(cells.map((row) => row[at]?.replace(/^'/, ''))).toEqual(ODD_NAMES);
  expect(cells.map((row) => row[heading.indexOf('initiator/name')])).toEqual(ODD.map(() => 'ada'));
});

test('XML read back gives the events', async () => {
  for (const limit of ['all', '1000']) {
    const answer = await ask(events({ tenant: 'odd', order: 'asc', limit }), { accept: 'text/xml' });
    expect(answer.headers['content-type']).toBe('application/xml; charset=utf-8');
    const { events: decoded, faults, form } = decodeXml(answer.body);
    expect({ form, faults }).toEqual({ form: 'report', faults: [] });
    expect(decoded.map(({ value }) => value)).toEqual(ODD);
  }
  const { body } = await ask(events({ filter: "id = 'none'" }), { accept: 'application/xml' });
  expect(decodeXml(body).form).toBe('report');
});

describe('answers are compressed as accepted', () => {
  test.each([
    ['gzip', gunzipSync],
    ['zstd', zstdDecompressSync],
  ] as const)('%s', async (encoding, decompress) => {
    for (const limit of ['all', '1000']) {
      const plain = await ask(events({ limit }), { accept: 'application/x-ndjson' });
      expect(plain.headers['content-encoding']).toBeUndefined();
      const packed = await ask(events({ limit }), {
        accept: 'application/x-ndjson',
        'accept-encoding': `br, ${encoding};q=0.5, identity;q=0.1`,
      });
      expect(packed.headers).toMatchObject({ 'content-encoding': encoding, vary: 'accept, accept-encoding' });
      expect(decompress(packed.bytes).toString()).toBe(plain.body);
    }
  });

  test('but not small ones, nor where it is refused', async () => {
    const small = await ask(events({ filter: "id = 'none'" }), { 'accept-encoding': 'gzip' });
    expect(small.headers['content-encoding']).toBeUndefined();
    const refused = await ask(events(), { 'accept-encoding': 'gzip;q=0, zstd;q=0' });
    expect(refused.headers['content-encoding']).toBeUndefined();
  });
});

describe('cursors', () => {
  test('are of one question: no other parameter may change, the size of the page may', async () => {
    const parameters = {
      filter: 'id exists',
      from: '1970-01-01T00:00:00Z',
      limit: '3',
      tenant: 'a',
      fields: 'id',
    };
    const { next } = JSON.parse((await ask(events(parameters))).body) as { next: string };
    const cursor = new URL(next, 'http://x').searchParams.get('cursor') ?? '';
    expect((await ask(next)).status).toBe(200);
    expect((await ask(events({ ...parameters, limit: '50', cursor }))).status).toBe(200);
    for (const changed of [
      { filter: 'id exists and id exists' },
      { from: '1971-01-01T00:00:00Z' },
      { order: 'asc' },
      { versions: 'all' },
      { tenant: 'odd' },
      { fields: 'name' },
    ]) {
      const answer = await ask(events({ ...parameters, ...changed, cursor }));
      expect(answer.body).toContain('QUERY_CURSOR_INVALID');
    }
    expect((await ask(next, {}, 'a')).status).toBe(200);
    const { next: all } = JSON.parse((await ask(events({ limit: '3' }))).body) as { next: string };
    expect((await ask(all, {}, 'a')).body).toContain('QUERY_CURSOR_INVALID');
  });

  test('are in headers where the form has no place for them', async () => {
    const first = await ask(events({ limit: '2', fields: 'id' }), { accept: 'text/csv' });
    const link = /^<(.*)>; rel="next"$/.exec(String(first.headers['link']))?.[1] ?? '';
    const second = await ask(link, { accept: 'text/csv' });
    expect(second.status).toBe(200);
    expect(second.body).not.toBe(first.body);
    const posted = await post({ limit: 2 }, { accept: 'application/x-ndjson' });
    const cursor = String(posted.headers['cadf-next-cursor']);
    const next = await post({ limit: 2, cursor }, { accept: 'application/x-ndjson' });
    expect(linesOf(next.body)).toHaveLength(2);
  });
});

describe('what cannot be answered says why', () => {
  test.each([
    [{ filter: "outcom = 'x'" }, {}, 400, '"column":1'],
    [{ filter: "outcom = 'x'" }, {}, 400, '"suggestion":"outcome"'],
    [{ limit: 'all' }, {}, 400, 'QUERY_ALL_AS_JSON'],
    [{ limit: '10001' }, {}, 400, 'REQUEST_INVALID'],
    [{ limit: 'some' }, {}, 400, 'REQUEST_INVALID'],
    [{ unknown: '1' }, {}, 400, 'REQUEST_INVALID'],
    [{}, { accept: 'image/png' }, 406, 'QUERY_NOT_ACCEPTABLE'],
    [{}, { accept: 'application/json;q=0, text/csv;q=0' }, 406, 'QUERY_NOT_ACCEPTABLE'],
    [{ cursor: 'x' }, {}, 400, 'QUERY_CURSOR_INVALID'],
  ])('%j %j', async (parameters, headers, status, expected) => {
    const answer = await ask(events(parameters), headers);
    expect(answer.status).toBe(status);
    expect(answer.body).toContain(expected);
  });

  test('a filter that is too long', async () => {
    const answer = await post({ filter: `id = '${'x'.repeat(9000)}'` });
    expect(answer.body).toContain('FILTER_TOO_LONG');
  });

  test.each([
    ['a limit', { limit: 0 }],
    ['a limit as text', { limit: '5' }],
    ['fields', { fields: 'id' }],
    ['no fields', { fields: [] }],
    ['a member', { filters: '' }],
  ])('%s that is none in a body', async (_, body) => {
    expect(await post(body)).toMatchObject({ status: 400 });
  });
});

test.each([
  [undefined, 'application/json'],
  ['*/*', 'application/json'],
  ['text/*', 'text/csv'],
  ['application/xml;q=0.4, application/json;q=0.3, */*;q=0.1', 'application/xml'],
  ['text/csv, application/json', 'text/csv'],
  ['application/jsonl', 'application/x-ndjson'],
])('Accept %s is answered as %s', async (accept, expected) => {
  const answer = await ask(events({ limit: '1' }), accept === undefined ? {} : { accept });
  expect(String(answer.headers['content-type']).split(';')[0]).toBe(expected);
});
