/**
 * Everything that should never be sent, sent to the embedded shape: each request gets an answer that says what is
 * wrong, the counts of the answers add up to what was sent, nothing of an unfinished request is stored, what is taken
 * is read back byte for byte, also after a restart, and the process stays up.
 */
import { deflateRawSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ndjson, testEvent } from '../support/events.ts';
import { sendRaw } from '../support/raw-http.ts';
import { startService, until } from '../support/service.ts';
import type { TestService } from '../support/service.ts';

const MIB = 1024 ** 2;
const JSON_TYPE = 'application/json';
const NDJSON_TYPE = 'application/x-ndjson';
/** Never to be seen in the log. */
const SECRET = 'hunter2-hunter2-hunter2-hunter2';

let service: TestService;
/** What the answers said was taken: text by id. */
const taken = new Map<string, string>();
const oneByOne: string[] = [];

beforeAll(async () => {
  service = await startService();
});
afterAll(async () => {
  await service.stop();
  service.clean();
});

interface Answer {
  readonly status: number;
  readonly code?: string;
  readonly accepted?: number;
  readonly rejected?: number;
  readonly results?: readonly { readonly code?: string; readonly index: number }[];
}

async function submit(
  body: string | Buffer,
  type = JSON_TYPE,
  headers: Readonly<Record<string, string>> = {},
  query = '?profile=lenient',
): Promise<Answer> {
  const response = await service.fetch(`/cadf/v1/events${query}`, {
    method: 'POST',
    body: typeof body === 'string' ? body : new Uint8Array(body),
    headers: { 'content-type': type, ...headers },
  });
  const answer = (await response.json()) as Omit<Answer, 'status'>;
  return { ...answer, status: response.status };
}

/** Submits one event by its text and notes it as taken. */
async function take(id: string, text: string): Promise<void> {
  const answer = await submit(text);
  expect([id, answer.status, answer.results]).toEqual([id, 202, []]);
  taken.set(id, text);
  oneByOne.push(id);
}

/** The text of an event, with its id written as given. */
function textOf(id: string, more = ''): string {
  return JSON.stringify(testEvent()).replace(/"id":"[^"]*"/, () => `"id":${JSON.stringify(id)}${more}`);
}

/** An event whose id is also a name of the API is found by a filter. */
function pathOf(id: string): string {
  if (id === 'stream') return `/cadf/v1/events?filter=${encodeURIComponent("id = 'stream'")}`;
  return `/cadf/v1/events/${encodeURIComponent(id)}`;
}

async function readBack(id: string): Promise<string> {
  let text = '';
  await until(
    async () => {
      const response = await service.fetch(pathOf(id), { headers: { accept: 'application/x-ndjson' } });
      text = (await response.text()).trimEnd();
      return response.status === 200 && text !== '';
    },
    10_000,
    () => `${id.slice(0, 50)}: ${text.slice(0, 500)}`,
  );
  return text;
}

const storedCount = async (): Promise<number> =>
  ((await (await service.fetch('/cadf/v1/count')).json()) as { count: number }).count;

const good = JSON.stringify(testEvent());
const nested = (depth: number): string => `${'['.repeat(depth)}${']'.repeat(depth)}`;
const nestedEvent = (depth: number): string =>
  `${JSON.stringify(testEvent()).slice(0, -1)},"x":${'{"y":'.repeat(depth - 1)}{}${'}'.repeat(depth - 1)}}`;
const utf16 = Buffer.from(`\ufeff${good}`, 'utf16le');
const latin1 = Buffer.from(good.replace('ada', 'ad\u00e9'), 'latin1');
const bomb = (bytes: number, pack: (data: Buffer) => Buffer): Buffer => pack(Buffer.alloc(bytes, 0x20));

/** A CADF Log whose events name their initiator by reference. */
function logOf(events: number, resources: readonly object[], initiatorOf: (event: number) => string): string {
  return JSON.stringify({
    typeURI: 'http://schemas.dmtf.org/cloud/audit/1.0/log',
    id: 'log',
    resources,
    events: Array.from({ length: events }, (_, event) => {
      const { initiator: _initiator, ...rest } = testEvent();
      return { ...rest, initiatorId: initiatorOf(event) };
    }),
  });
}

/** A body that is refused whole. */
const REFUSED: readonly [
  name: string,
  body: () => string | Buffer,
  type: string,
  headers: Readonly<Record<string, string>>,
  expected: string,
][] = [
  ['nothing', () => '', JSON_TYPE, {}, '400 INGEST_BODY_EMPTY'],
  ['nothing packed', () => gzipSync(''), JSON_TYPE, { 'content-encoding': 'gzip' }, '400 INGEST_BODY_UNREADABLE'],
  ['blanks', () => '  \n ', JSON_TYPE, {}, '400 INGEST_BODY_UNREADABLE'],
  ['16 MiB of line ends', () => '\n'.repeat(16 * MIB), NDJSON_TYPE, {}, '400 INGEST_BODY_EMPTY'],
  ['a NUL', () => '\0', JSON_TYPE, {}, '400 INGEST_BODY_UNREADABLE'],
  ['half an event', () => good.slice(0, 200), JSON_TYPE, {}, '400 INGEST_BODY_UNREADABLE'],
  ['two events beside each other', () => good + good, JSON_TYPE, {}, '400 INGEST_BODY_UNREADABLE'],
  ['UTF-16 called JSON', () => utf16, JSON_TYPE, {}, '400 INGEST_BODY_UNREADABLE'],
  ['UTF-16 called so', () => utf16, 'application/json; charset=utf-16', {}, '415 INGEST_CONTENT_TYPE_UNSUPPORTED'],
  ['Latin-1 called UTF-8', () => latin1, JSON_TYPE, {}, '400 INGEST_BODY_UNREADABLE'],
  ['Latin-1 called so', () => latin1, 'application/json; charset=iso-8859-1', {}, '415 INGEST_CONTENT_TYPE_UNSUPPORTED'],
  ['a byte over the body limit', () => ' '.repeat(16 * MIB + 1), JSON_TYPE, {}, '413 BODY_TOO_LARGE'],
  ['10,001 events', () => `${good}\n`.repeat(10_001), NDJSON_TYPE, {}, '413 INGEST_TOO_MANY_EVENTS'],
  ['10,001 events in a list', () => `[${`${good},`.repeat(10_000)}${good}]`, JSON_TYPE, {}, '413 INGEST_TOO_MANY_EVENTS'],
  ['8 million nested lists', () => nested(8_000_000), JSON_TYPE, {}, '400 INGEST_BODY_UNREADABLE'],
  ['32 million nested lists, packed', () => gzipSync(nested(32_000_000)), JSON_TYPE, { 'content-encoding': 'gzip' }, '400 INGEST_BODY_UNREADABLE'],
  ['16 million open lists', () => '['.repeat(16_000_000), JSON_TYPE, {}, '400 INGEST_BODY_UNREADABLE'],
  ['a gzip bomb', () => bomb(256 * MIB, gzipSync), JSON_TYPE, { 'content-encoding': 'gzip' }, '413 INGEST_BODY_TOO_LARGE'],
  ['a zstd bomb', () => bomb(256 * MIB, zstdCompressSync), NDJSON_TYPE, { 'content-encoding': 'zstd' }, '413 INGEST_BODY_TOO_LARGE'],
  ['a byte over the unpacked limit', () => bomb(64 * MIB + 1, gzipSync), NDJSON_TYPE, { 'content-encoding': 'gzip' }, '413 INGEST_BODY_TOO_LARGE'],
  ['half a gzip member', () => gzipSync(good).subarray(0, 100), JSON_TYPE, { 'content-encoding': 'gzip' }, '400 INGEST_BODY_DAMAGED'],
  ['a second member cut off', () => Buffer.concat([gzipSync(`${good}\n`), gzipSync(good).subarray(0, 100)]), NDJSON_TYPE, { 'content-encoding': 'gzip' }, '400 INGEST_BODY_DAMAGED'],
  ['half a zstd frame', () => zstdCompressSync(good).subarray(0, 100), JSON_TYPE, { 'content-encoding': 'zstd' }, '400 INGEST_BODY_DAMAGED'],
  ['plain text called gzip', () => good, JSON_TYPE, { 'content-encoding': 'gzip' }, '400 INGEST_BODY_DAMAGED'],
  ['raw deflate called gzip', () => deflateRawSync(good), JSON_TYPE, { 'content-encoding': 'gzip' }, '400 INGEST_BODY_DAMAGED'],
  ['gzip called nothing', () => gzipSync(good), JSON_TYPE, {}, '400 INGEST_BODY_UNREADABLE'],
  ['gzip in gzip', () => gzipSync(gzipSync(good)), JSON_TYPE, { 'content-encoding': 'gzip, gzip' }, '415 INGEST_CONTENT_ENCODING_UNSUPPORTED'],
  ['an encoding there is not', () => good, JSON_TYPE, { 'content-encoding': 'x'.repeat(5000) }, '415 INGEST_CONTENT_ENCODING_UNSUPPORTED'],
  ['no media type', () => good, '', {}, '415 MEDIA_TYPE_UNSUPPORTED'],
  ['a media type there is not', () => good, `x/${'y'.repeat(5000)}`, {}, '415 INGEST_CONTENT_TYPE_UNSUPPORTED'],
  ['a form', () => `event=${encodeURIComponent(good)}`, 'application/x-www-form-urlencoded', {}, '415 INGEST_CONTENT_TYPE_UNSUPPORTED'],
  ['JSON called XML', () => good, 'application/xml', {}, '400 INGEST_BODY_UNREADABLE'],
  ['XML with an entity', () => '<!DOCTYPE e [<!ENTITY a "b">]><event>&a;</event>', 'application/xml', {}, '400 INGEST_BODY_UNREADABLE'],
  ['XML nested without end', () => '<event>'.repeat(100_000), 'application/xml', {}, '400 INGEST_BODY_UNREADABLE'],
  ['XML with two million attributes', () => `<event ${'a="1" '.repeat(2_000_000)}/>`, 'application/xml', {}, '400 INGEST_BODY_UNREADABLE'],
  ['a Log whose 10,000 events refer to 1 MB', () => logOf(10_000, [{ id: 'r', x: 'x'.repeat(1_000_000) }], () => 'r'), JSON_TYPE, {}, '413 INGEST_BODY_TOO_LARGE'],
  ['the same in lines', () => `${logOf(1000, [{ id: 'r', x: 'x'.repeat(500_000) }], () => 'r')}\n`.repeat(10), NDJSON_TYPE, {}, '413 INGEST_BODY_TOO_LARGE'],
]; // prettier-ignore

describe('bodies that are refused whole', () => {
  test.each(REFUSED)('%s', async (_name, body, type, headers, expected) => {
    const before = await storedCount();
    const answer = await submit(body(), type, headers);
    expect(`${answer.status} ${answer.code}`).toBe(expected);
    expect(await storedCount()).toBe(before);
  });
});

/** Lines that are refused among good ones. */
const BAD_LINES: readonly [name: string, line: string | Buffer, code: string][] = [
  ['no JSON', 'hello', 'INGEST_ITEM_JSON'],
  ['half an event', good.slice(0, 300), 'INGEST_ITEM_JSON'],
  ['a number', '1', 'INGEST_ITEM_NOT_AN_EVENT'],
  ['a number beyond all', '1e400', 'INGEST_ITEM_NOT_AN_EVENT'],
  ['null', 'null', 'INGEST_ITEM_NOT_AN_EVENT'],
  ['a text', '"event"', 'INGEST_ITEM_NOT_AN_EVENT'],
  ['an empty object', '{}', 'INGEST_ITEM_NOT_AN_EVENT'],
  ['a NUL in the text', `${good.slice(0, 50)}\0${good.slice(50)}`, 'INGEST_ITEM_JSON'],
  ['Latin-1', latin1, 'INGEST_ITEM_ENCODING'],
  ['an overlong zero', Buffer.concat([Buffer.from(good.slice(0, -1)), Buffer.from([0xc0, 0x80, 0x7d])]), 'INGEST_ITEM_ENCODING'],
  ['an encoded surrogate', Buffer.from(good.replace('ada', '\u00ed\u00a0\u0080'), 'latin1'), 'INGEST_ITEM_ENCODING'],
  ['nested over the limit', nestedEvent(64), 'INGEST_ITEM_TOO_DEEP'],
  ['half a million nested lists', nested(500_000), 'INGEST_ITEM_TOO_DEEP'],
  ['a byte over the event limit', padded(MIB + 1), 'INGEST_ITEM_TOO_LARGE'],
  ['an id of 1,025 characters', textOf('i'.repeat(1025)), 'CADF_VALUE_TOO_LONG'],
  ['an empty id', textOf(''), 'CADF_ID_MISSING'],
  ['a blank id', textOf('   '), 'CADF_ID_MISSING'],
  ['an id with a line end', textOf('a\nb'), 'CADF_ID_MALFORMED'],
  ['an id with a NUL', textOf('a\0b'), 'CADF_ID_MALFORMED'],
  ['an id with half a character', JSON.stringify(testEvent()).replace(/"id":"[^"]*"/, String.raw`"id":"\ud83d"`), 'CADF_ID_MALFORMED'],
  ['a number for an id', good.replace(/"id":"[^"]*"/, '"id":1e400'), 'CADF_ID_MISSING'],
  ['a list for an id', good.replace(/"id":"[^"]*"/, '"id":["x"]'), 'CADF_ID_MISSING'],
  ['an id from the prototype', good.replace(/"id":"[^"]*"/, '"__proto__":{"id":"x"}'), 'CADF_ID_MISSING'],
  ['a time that is none', JSON.stringify(testEvent({ eventTime: '2026-02-30T00:00:00+00:00' })), 'CADF_TIME_UNREADABLE'],
  ['a time of ten thousand digits', JSON.stringify(testEvent({ eventTime: `2026-01-01T00:00:00.${'1'.repeat(10_000)}+00:00` })), 'CADF_TIME_UNREADABLE'],
  ['a list of 2,000 tags', JSON.stringify(testEvent({ tags: Array.from({ length: 2000 }, () => 't') })), 'CADF_LIST_TOO_LONG'],
]; // prettier-ignore

function padded(bytes: number): string {
  const event = testEvent({ padding: '' });
  const empty = JSON.stringify(event);
  return empty.replace('"padding":""', () => `"padding":"${'x'.repeat(bytes - empty.length)}"`);
}

test('bad lines do not hold up the good ones around them, and every line is accounted for', async () => {
  const goods: { readonly id: string; readonly text: string }[] = [];
  const lines = BAD_LINES.flatMap(([, line]) => {
    const event = testEvent();
    goods.push({ id: event.id, text: JSON.stringify(event) });
    return [Buffer.from(`${JSON.stringify(event)}\r\n`), Buffer.from(line), Buffer.from('\n\n')];
  });
  const answer = await submit(Buffer.concat(lines), NDJSON_TYPE);
  expect(answer.status).toBe(202);
  expect([answer.accepted, answer.rejected]).toEqual([goods.length, BAD_LINES.length]);
  const got = (answer.results ?? []).map(({ index, code }) => [BAD_LINES[(index - 1) / 2]?.[0], code]);
  expect(got).toEqual(BAD_LINES.map(([name, , code]) => [name, code]));
  for (const { id, text } of goods) taken.set(id, text);
});

test('limits are met exactly', async () => {
  const full = padded(MIB);
  await take((JSON.parse(full) as { id: string }).id, full);
  const deep = nestedEvent(63);
  await take((JSON.parse(deep) as { id: string }).id, deep);
  const event = testEvent();
  const text = JSON.stringify(event);
  const body = text + ' '.repeat(16 * MIB - text.length);
  expect(await submit(body)).toMatchObject({ status: 202, accepted: 1 });
  taken.set(event.id, text);
  const many = Array.from({ length: 10_000 }, () => testEvent());
  expect(await submit(ndjson(many), NDJSON_TYPE)).toMatchObject({
    status: 202,
    accepted: 10_000,
    rejected: 0,
  });
  for (const one of many) taken.set(one.id, JSON.stringify(one));
  const nothing = await submit('{}\n'.repeat(10_000), NDJSON_TYPE);
  expect(nothing).toMatchObject({ status: 422, accepted: 0, rejected: 10_000 });
});

test('a Log is taken apart whatever it defines, and however deep it stands', async () => {
  const resources = Array.from({ length: 5000 }, (_, index) => ({
    id: `r${index}`,
    typeURI: 'compute/machine',
  }));
  const log = logOf(5000, resources, (event) => `r${event}`);
  expect(await submit(log)).toMatchObject({ status: 202, accepted: 5000, rejected: 0 });
  const notification = JSON.stringify({
    'oslo.message': JSON.stringify({
      event_type: 'x',
      payload: JSON.parse(logOf(2000, [], () => 'r')) as object,
    }),
  });
  expect(await submit(notification)).toMatchObject({ status: 202, accepted: 2000, rejected: 0 });
  const report = JSON.stringify({
    typeURI: 'http://schemas.dmtf.org/cloud/audit/1.0/report',
    resources,
    logs: resources.map((resource) => JSON.parse(logOf(1, [resource], () => resource.id)) as object),
  });
  expect(await submit(report)).toMatchObject({ status: 202, accepted: 5000, rejected: 0 });
  await until(async () => (await storedCount()) === taken.size + 12_000);
  for (const text of (await readAll(service)).values()) {
    const { id, initiatorId, resources: defined } = JSON.parse(text) as Record<string, unknown>;
    if (initiatorId === undefined) continue;
    taken.set(String(id), text);
    const own = initiatorId === 'r' ? undefined : [{ id: initiatorId, typeURI: 'compute/machine' }];
    expect(defined).toEqual(own);
  }
});

test.each([
  ['a slash', 'a/b//c/'],
  ['dots', '../../etc/passwd'],
  ['percent signs', '100%25%2F%zz%'],
  ['a plus and a blank', 'a+b c'],
  ['quotes', `"quoted" 'and' \\back\\`],
  ['SQL', `'; DROP TABLE events; --`],
  ['a placeholder', '{store_id: String}'],
  ['a question mark and a hash', 'a?versions=all#b'],
  ['other scripts', 'идентификатор-識別子-🜛'],
  ['combining marks', 'e\u0301 is not \u00e9'],
  ['separators of the store', 'a\u0085b\u2028c'],
  ['a colon and a semicolon', 'urn:uuid:1;2'],
  ['1,024 characters', 'i'.repeat(1024)],
  ['1,024 slashes', '/'.repeat(1024)],
  ['512 characters of four bytes', '🜛'.repeat(512)],
  ['1,024 characters of three bytes', '識'.repeat(1024)],
  ['an id like a number', '1e400'],
  ['an id like a word of the API', 'stream'],
  ['__proto__', '__proto__'],
])('an id with %s is taken', (_name, id) => take(id, textOf(id)));

test.each([
  ['other members of the same name', String.raw`,"name":"first","name":"second"`],
  ['__proto__', String.raw`,"__proto__":{"project_id":"b","toString":1},"constructor":{"prototype":null}`],
  ['half characters', String.raw`,"x":"\ud83d","y":"\udc00\ud800"`],
  ['escaped NUL and control characters', String.raw`,"x":"\u0000\u0001\u001e\u001f\b\f\n\r\t\u007f"`],
  ['numbers beyond all', ',"x":[1e400,-1e400,1e-400,-0,123456789012345678901234567890,0.1000]'],
  ['escapes that need none', String.raw`,"x":"\u0061\/\"\\"`],
  ['names that are empty or odd', String.raw`,"":1," ":2,"\n":3,"a/b~c":4,"toString":5,"hasOwnProperty":6`],
  ['lone values everywhere', ',"x":[null,true,false,[],{},"",0]'],
  ['blanks between all', ' ,\t"x"  :\r\n [ 1 , 2 ]'],
])('an event with %s is taken', (name, more) => take(`kept ${name}`, textOf(`kept ${name}`, more)));

test('each of these is read back by its id, byte for byte', async () => {
  for (const id of oneByOne) expect([id, await readBack(id)]).toEqual([id, taken.get(id)]);
});

test('of two ids in one event the last counts, everywhere', async () => {
  const text = textOf('first-of-two', ',"id":"second-of-two"');
  await take('second-of-two', text);
  expect(await readBack('second-of-two')).toBe(text);
  expect((await service.fetch('/cadf/v1/events/first-of-two')).status).toBe(404);
});

test('times at the ends of what can be kept are kept and found', async () => {
  const times = [
    '0001-01-01T00:00:00.000+00:00',
    '1899-12-31T23:59:59.999+00:00',
    '1900-01-01T00:00:00.000+00:00',
    '1969-12-31T23:59:59.999+00:00',
    '2299-12-31T23:59:59.999+00:00',
    '2300-01-01T00:00:00.000+00:00',
    '9999-12-31T23:59:59.999999999+00:00',
    '2016-12-31T23:59:60+00:00',
    '2026-06-01T00:00:00+14:00',
    '2026-06-01T00:00:00-12:00',
  ];
  for (const eventTime of times) {
    const event = testEvent({ eventTime });
    const answer = await submit(JSON.stringify(event), JSON_TYPE, {}, '?profile=lenient');
    if (answer.status === 422) {
      expect([eventTime, answer.results?.[0]?.code]).toEqual([eventTime, 'CADF_TIME_OUT_OF_RANGE']);
      continue;
    }
    taken.set(event.id, JSON.stringify(event));
    expect([eventTime, await readBack(event.id)]).toEqual([eventTime, JSON.stringify(event)]);
    const ms = Date.parse(eventTime.replace(':60+', ':59+'));
    const around = (shift: number): string => new Date(ms + shift).toISOString();
    const range =
      ms < Date.parse('1900-01-01T00:00:00Z') || ms > Date.parse('2299-01-01T00:00:00Z')
        ? ''
        : `&from=${encodeURIComponent(around(-1000))}&to=${encodeURIComponent(around(2000))}`;
    const page = await (await service.fetch(`/cadf/v1/events?limit=10000${range}`)).text();
    expect([eventTime, page.includes(event.id)]).toEqual([eventTime, true]);
  }
});

describe('requests by hand', () => {
  const head = (...lines: string[]): string =>
    ['POST /cadf/v1/events?source=raw HTTP/1.1', 'Host: x', `Authorization: Bearer ${service.key}`, `Content-Type: ${NDJSON_TYPE}`, ...lines, '', ''].join('\r\n'); // prettier-ignore
  const body = (): string => ndjson(Array.from({ length: 40 }, () => testEvent()));

  test.each(['end', 'reset'] as const)(
    'a body cut off half-way (%s) stores nothing of its request',
    async (finish) => {
      const before = await storedCount();
      for (const encoding of ['Content-Length: 100000', 'Transfer-Encoding: chunked']) {
        const whole = body();
        const framed = encoding.startsWith('T') ? `${whole.length.toString(16)}\r\n${whole}\r\n` : whole;
        const answer = await sendRaw(
          service.url,
          [head(encoding), framed.slice(0, 9000), framed.slice(9000)],
          finish,
        );
        expect([undefined, 400]).toContain(answer.status);
      }
      // Whatever was taken would show by now.
      await settle();
      expect(await storedCount()).toBe(before + 1);
    },
  );

  test.each<[string, () => (string | Buffer)[], number[]]>([
    ['no HTTP', () => ['hello\r\n\r\n'], [400]],
    ['TLS to a plain port', () => [Buffer.from('16030100c8010000c40303', 'hex')], [400]],
    ['an old protocol', () => ['GET /healthz HTTP/0.9\r\n\r\n'], [200, 400, 505]],
    ['no Host', () => ['GET /healthz HTTP/1.1\r\n\r\n'], [400]],
    ['a method there is not', () => ['FETCH /cadf/v1/events HTTP/1.1\r\nHost: x\r\n\r\n'], [400, 404, 405]],
    ['two lengths', () => [head('Content-Length: 5', 'Content-Length: 6'), '12345'], [400]],
    ['a length and chunks', () => [head('Content-Length: 5', 'Transfer-Encoding: chunked'), '0\r\n\r\n'], [400]],
    ['a length below nothing', () => [head('Content-Length: -1'), 'x'], [400]],
    ['a length beyond all', () => [head('Content-Length: 99999999999999999999')], [400, 413]],
    ['a length over the limit', () => [head('Content-Length: 999999999')], [413]],
    ['a chunk of no size', () => [head('Transfer-Encoding: chunked'), 'zz\r\nx\r\n0\r\n\r\n'], [400]],
    ['an encoding of transfer there is not', () => [head('Transfer-Encoding: gzip, identity'), 'x'], [400, 501]],
    ['20 KB of headers', () => [head(`X-Big: ${'x'.repeat(20_000)}`)], [431]],
    ['3,000 headers', () => [head(...Array.from({ length: 3000 }, (_, i) => `X-${i}: 1`))], [400, 431]],
    ['a 20 KB path', () => [`GET /${'x'.repeat(20_000)} HTTP/1.1\r\nHost: x\r\n\r\n`], [431]],
    ['a NUL in a header', () => [head('X-Nul: a\0b', 'Content-Length: 0')], [400]],
    ['a header line folded', () => [head('X-Folded: a', ' b', 'Content-Length: 0')], [400]],
    ['a header without a name', () => [head(': x', 'Content-Length: 0')], [400]],
    ['an expectation there is not', () => [head('Expect: the-unexpected', 'Content-Length: 0', 'Connection: close')], [400, 417]],
    ['a path that is no path', () => ['GET \\..\\..\\etc HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'], [400, 404]],
    ['a broken escape', () => ['GET /cadf/v1/events/%zz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'], [400]],
  ])('%s is answered and costs nothing', async (_name, pieces, statuses) => {
    const answer = await sendRaw(service.url, pieces());
    expect(statuses).toContain(answer.status);
    expect(answer.text).not.toMatch(/\n\s+at |node_modules|Error:/);
    expect((await service.fetch('/healthz')).status).toBe(200);
  }); // prettier-ignore

  test('a body sent byte by byte is taken', async () => {
    const event = testEvent();
    const text = JSON.stringify(event);
    const pieces = [
      head(`Content-Length: ${text.length}`, 'Connection: close'),
      ...Array.from(text.slice(0, 10)),
      text.slice(10),
    ];
    expect((await sendRaw(service.url, pieces)).status).toBe(202);
    taken.set(event.id, text);
  });

  /** Waits for an event of its own to be stored: all that was sent before it is, then. */
  async function settle(): Promise<void> {
    const event = testEvent();
    await submit(JSON.stringify(event));
    taken.set(event.id, JSON.stringify(event));
    await readBack(event.id);
  }
});

test('secrets in the wrong place are not logged', async () => {
  await service.fetch(`/cadf/v1/events?key=${service.key}`);
  await service.fetch(`/cadf/v1/${service.key}`);
  await service.fetch('/cadf/v1/count', { headers: { authorization: `Basic ${service.key}` } });
  await service.fetch('/cadf/v1/count', { headers: { 'x-request-id': service.key } });
  const event = testEvent({
    initiator: { id: 'i', typeURI: 'data/security', credential: { token: SECRET } },
  });
  expect(await submit(JSON.stringify(event))).toMatchObject({ accepted: 1 });
  taken.set(event.id, JSON.stringify(event).replace(SECRET, '***'));
  const wrong = testEvent({ outcome: SECRET, initiator: { credential: { token: SECRET } } });
  expect((await submit(JSON.stringify(wrong), JSON_TYPE, {}, '')).status).toBe(422);
  for (const secret of [service.key, SECRET]) expect(service.output().includes(secret)).toBe(false);
});

test('in the end there is exactly what was said to be taken, also after a restart', async () => {
  await until(async () => (await storedCount()) >= taken.size);
  expect(await readAll(service)).toEqual(taken);
  expect(await service.stop()).toBe(0);
  service = await startService({ dataDir: service.dataDir });
  expect(await storedCount()).toBe(taken.size);
  expect(await readAll(service)).toEqual(taken);
});

/** Every event by its id, as it stands in the pages. */
async function readAll(from: TestService): Promise<Map<string, string>> {
  const all = new Map<string, string>();
  let path: string | undefined = '/cadf/v1/events?limit=5000';
  while (path !== undefined) {
    const response: Response = await from.fetch(path, { headers: { accept: NDJSON_TYPE } });
    for (const line of (await response.text()).split('\n')) {
      if (line === '') continue;
      const { id } = JSON.parse(line) as { id: string };
      expect(all.has(id)).toBe(false);
      all.set(id, taken.get(id)?.replaceAll(/[\r\n]+/g, ' ') === line ? (taken.get(id) ?? '') : line);
    }
    path = /<([^>]+)>; rel="next"/.exec(response.headers.get('link') ?? '')?.[1];
  }
  return all;
}
