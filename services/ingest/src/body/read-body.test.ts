import { expect, test } from 'vitest';
import type { BodyItem } from './item.ts';
import { readBody } from './read-body.ts';

const limits = {
  maxBodyBytes: 1_000_000,
  maxUnpackedBytes: 1_000_000,
  maxEventBytes: 5000,
  maxEvents: 10,
  maxDepth: 16,
};
const event = (id: string, extra: object = {}): object => ({
  typeURI: 'http://schemas.dmtf.org/cloud/audit/1.0/event',
  id,
  eventType: 'activity',
  eventTime: '2026-11-01T00:00:00+00:00',
  action: 'read',
  outcome: 'success',
  ...extra,
});
const read = (type: string, body: string | Buffer): readonly BodyItem[] => [
  ...readBody({ type, charset: 'utf-8' }, Buffer.from(body), limits),
];
const texts = (items: readonly BodyItem[]): string[] =>
  items.map((item) => (item.readable ? item.bytes.toString() : item.code));

test('NDJSON lines are split at line feeds only and kept as they are', () => {
  const lines = [`{"id":"1","eventTime":"t","name":"a\u2028b\u0085c"}`, `{ "id" : "2", "eventTime":"t" }`];
  expect(texts(read('application/x-ndjson', `\n${lines[0]}\r\n  \n\u001e${lines[1]}`))).toEqual(lines);
});

test('a byte order mark is no part of the first event', () => {
  const line = JSON.stringify(event('1'));
  expect(texts(read('application/x-ndjson', `\ufeff${line}`))).toEqual([line]);
  expect(texts(read('application/json', `\ufeff${line}`))).toEqual([line]);
});

test('a line that is not UTF-8, too long, too deep or cut off is told and the others are taken', () => {
  const good = JSON.stringify(event('1', { name: 'é' }));
  const body = Buffer.concat([
    Buffer.from(`${good}\n`),
    Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x0a]),
    Buffer.from(`${JSON.stringify(event('2', { pad: 'x'.repeat(6000) }))}\n`),
    Buffer.from(`{"id":"3","eventTime":"t","a":${'['.repeat(20)}${']'.repeat(20)}}\n`),
    Buffer.from('"text"\n[]\n'),
    Buffer.from(good.slice(0, -10)),
  ]);
  expect(texts(read('application/x-ndjson', body))).toEqual([
    good,
    'INGEST_ITEM_ENCODING',
    'INGEST_ITEM_TOO_LARGE',
    'INGEST_ITEM_TOO_DEEP',
    'INGEST_ITEM_NOT_AN_EVENT',
    'INGEST_ITEM_NOT_AN_EVENT',
    'INGEST_ITEM_JSON',
  ]);
});

test('an event in an oslo message keeps the text it had within the string', () => {
  const inner = `{"event_type":"audit.http.request","message_id":"m","payload": ${JSON.stringify(event('1'), null, 1)}}`;
  const outer = JSON.stringify({ 'oslo.version': '2.0', 'oslo.message': inner });
  expect(texts(read('application/json', outer))).toEqual([JSON.stringify(event('1'), null, 1)]);
  expect(texts(read('application/x-ndjson', outer))).toEqual([JSON.stringify(event('1'), null, 1)]);
});

test('an event taken out of a Log brings the definitions it refers to', () => {
  const log = {
    typeURI: 'http://schemas.dmtf.org/cloud/audit/1.0/log',
    resources: [
      { id: 'r1', typeURI: 'data/security/account/user', name: 'ada' },
      { id: 'r2', typeURI: 'compute/machine' },
    ],
    events: [event('1', { initiatorId: 'r1' }), event('2')],
  };
  const [first, second] = texts(read('application/json', JSON.stringify(log)));
  expect(JSON.parse(first ?? '')).toEqual({ ...log.events[0], resources: [log.resources[0]] });
  expect(second).toBe(JSON.stringify(log.events[1]));
});

test('CloudEvents are unwrapped, single and in batches', () => {
  const wrap = (id: string): object => ({
    specversion: '1.0',
    id: `ce-${id}`,
    type: 't',
    source: 's',
    data: event(id),
  });
  expect(texts(read('application/cloudevents+json', JSON.stringify(wrap('1'))))).toEqual([
    JSON.stringify(event('1')),
  ]);
  expect(texts(read('application/cloudevents-batch+json', JSON.stringify([wrap('1'), wrap('2')])))).toEqual([
    JSON.stringify(event('1')),
    JSON.stringify(event('2')),
  ]);
});

test('XML becomes its JSON form; a document type declaration is refused with its place', () => {
  const xml = `<cadf:event xmlns:cadf="http://schemas.dmtf.org/cloud/audit/1.0/event" id="x1" eventType="activity"
    typeURI="http://schemas.dmtf.org/cloud/audit/1.0/event" eventTime="2026-11-01T00:00:00+00:00" action="read" outcome="success"/>`;
  const [text = ''] = texts(read('application/xml', xml));
  expect(JSON.parse(text)).toMatchObject({ id: 'x1', action: 'read' });
  expect(() => read('text/xml', `<!DOCTYPE a [<!ENTITY x "y">]>${xml}`)).toThrow(/Line 1/);
});

test('an empty list is a submission of nothing; blank NDJSON is no body', () => {
  expect(read('application/json', '[]')).toEqual([]);
  expect(() => read('application/x-ndjson', '\n \n')).toThrow(/empty/);
});

test('more events than the limit are refused whole', () => {
  const many = Array.from({ length: 11 }, (_, index) => event(String(index)));
  expect(() => read('application/json', JSON.stringify(many))).toThrow(/At most 10/);
  expect(() => read('application/x-ndjson', many.map((one) => JSON.stringify(one)).join('\n'))).toThrow(
    /At most 10/,
  );
});

test('a Log that would grow beyond the limit by what its events refer to is refused', () => {
  const log = JSON.stringify({
    typeURI: 'http://schemas.dmtf.org/cloud/audit/1.0/log',
    resources: [{ id: 'r', name: 'x'.repeat(3000) }],
    events: Array.from({ length: 10 }, (_, index) => event(String(index), { initiatorId: 'r' })),
  });
  const tight = { ...limits, maxUnpackedBytes: 20_000 };
  const readWith = (bounds: typeof limits, type: string): number =>
    [...readBody({ type, charset: 'utf-8' }, Buffer.from(log), bounds)].length;
  for (const type of ['application/json', 'application/x-ndjson']) {
    expect(readWith(limits, type)).toBe(10);
    expect(() => readWith(tight, type)).toThrow(expect.objectContaining({ code: 'INGEST_BODY_TOO_LARGE' }));
  }
});
