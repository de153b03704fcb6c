/** The main job on the embedded shape, as a newcomer meets it: submit, read back, restart. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ndjson, testEvent } from '../support/events.ts';
import { startService, until } from '../support/service.ts';
import type { TestService } from '../support/service.ts';

let service: TestService;

beforeAll(async () => {
  // Nothing is there before, as when somebody starts it the first time.
  service = await startService({ dataDir: mkdtempSync(join(tmpdir(), 'cadf-main-job-')) });
});
afterAll(async () => {
  await service.stop();
  service.clean();
});

async function submit(
  body: string | Buffer<ArrayBuffer>,
  contentType = 'application/json',
  headers: Record<string, string> = {},
  query = '',
): Promise<{ status: number; answer: Record<string, unknown> }> {
  const response = await service.fetch(`/cadf/v1/events${query}`, {
    method: 'POST',
    body,
    headers: { 'content-type': contentType, ...headers },
  });
  return { status: response.status, answer: (await response.json()) as Record<string, unknown> };
}

async function readBack(id: string, query = ''): Promise<string> {
  let text = '';
  await until(async () => {
    const response = await service.fetch(`/cadf/v1/events/${encodeURIComponent(id)}${query}`);
    text = await response.text();
    return response.status === 200;
  });
  return text;
}

describe('submission', () => {
  test('one event is answered 202 and read back byte for byte', async () => {
    const event = testEvent({ 'x-unknown': { deep: [1.5e3, 'é', null] } });
    const text = JSON.stringify(event, null, 2);
    expect(await submit(text)).toMatchObject({
      status: 202,
      answer: { accepted: 1, duplicates: 0, rejected: 0 },
    });
    expect(await readBack(event.id)).toBe(text);
  });

  test('a repeat is a duplicate and shows once', async () => {
    const event = testEvent();
    await submit(JSON.stringify(event));
    expect(await submit(JSON.stringify(event))).toMatchObject({
      status: 202,
      answer: { accepted: 0, duplicates: 1 },
    });
    await readBack(event.id);
    const all = JSON.parse(await readBack(event.id, '?versions=all')) as { events: unknown[] };
    expect(all.events).toHaveLength(1);
  });

  test.each([
    ['gzip', gzipSync],
    ['zstd', zstdCompressSync],
  ])('NDJSON in %s is unpacked', async (encoding, pack) => {
    const events = [testEvent(), testEvent()];
    const body = Buffer.from(pack(ndjson(events)));
    const { answer } = await submit(body, 'application/x-ndjson', { 'content-encoding': encoding });
    expect(answer).toMatchObject({ accepted: 2 });
    for (const event of events) expect(await readBack(event.id)).toBe(JSON.stringify(event));
  });

  test('each event of an array, a Log and a notification keeps its own text', async () => {
    const [a, b, c] = [testEvent(), testEvent(), testEvent()];
    const spaced = JSON.stringify(a, null, 1);
    await submit(`[ ${spaced} ,\n${JSON.stringify(b)}]`);
    expect(await readBack(a.id)).toBe(spaced);
    expect(await readBack(b.id)).toBe(JSON.stringify(b));
    const notification = { event_type: 'audit.http.request', message_id: 'm', publisher_id: 'p', payload: c };
    expect((await submit(JSON.stringify(notification))).answer).toMatchObject({ accepted: 1 });
    expect(await readBack(c.id)).toBe(JSON.stringify(c));
  });

  test('what is wrong with one event does not hold the others up, and is told', async () => {
    const good = testEvent();
    const bad = testEvent({ outcome: 'maybe' });
    const body = `${JSON.stringify(good)}\nnot json\n${JSON.stringify(bad)}\n{"id":"cut off ha`;
    const { status, answer } = await submit(body, 'application/x-ndjson');
    expect(status).toBe(202);
    expect(answer).toMatchObject({
      accepted: 1,
      rejected: 3,
      results: [
        { index: 1, status: 'rejected', code: 'INGEST_ITEM_JSON' },
        { index: 2, id: bad.id, status: 'rejected', code: 'CADF_OUTCOME_NOT_IN_TAXONOMY', path: '/outcome' },
        { index: 3, status: 'rejected', code: 'INGEST_ITEM_JSON' },
      ],
    });
  });

  test('when nothing could be taken the answer is 422 in the same shape', async () => {
    const { status, answer } = await submit(JSON.stringify(testEvent({ eventTime: 'yesterday' })));
    expect(status).toBe(422);
    expect(answer).toMatchObject({ accepted: 0, rejected: 1 });
  });

  test('pending and final under one id are versions of one event', async () => {
    const pending = testEvent({ outcome: 'pending' });
    const final = { ...pending, outcome: 'failure', reason: { reasonType: 'HTTP', reasonCode: '409' } };
    await submit(JSON.stringify(pending));
    await submit(JSON.stringify(final));
    await until(async () => (await readBack(pending.id)) === JSON.stringify(final));
    const all = JSON.parse(await readBack(pending.id, '?versions=all')) as { events: unknown[] };
    expect(all.events).toEqual([pending, final]);
  });

  test('a bare token is masked', async () => {
    const event = testEvent();
    const text = JSON.stringify({
      ...event,
      initiator: { id: 'i', typeURI: 'data/security/account/user', credential: { token: 's3cret' } },
    });
    await submit(text);
    expect(await readBack(event.id)).toBe(text.replace('s3cret', '***'));
  });

  test('an Idempotency-Key gives the same answer again, and refuses another body', async () => {
    const event = JSON.stringify(testEvent());
    const headers = { 'idempotency-key': `k-${Date.now()}` };
    const first = await submit(event, 'application/json', headers);
    expect(first.answer).toMatchObject({ accepted: 1 });
    expect(await submit(event, 'application/json', headers)).toEqual(first);
    const other = await submit(JSON.stringify(testEvent()), 'application/json', headers);
    expect(other).toMatchObject({ status: 409, answer: { code: 'INGEST_IDEMPOTENCY_CONFLICT' } });
  });

  test.each([
    ['', 'application/json', 400, 'INGEST_BODY_EMPTY'],
    ['{"a":', 'application/json', 400, 'INGEST_BODY_UNREADABLE'],
    ['x', 'text/csv', 415, 'INGEST_CONTENT_TYPE_UNSUPPORTED'],
    ['{}', 'application/json; charset=utf-16', 415, 'INGEST_CONTENT_TYPE_UNSUPPORTED'],
  ])('the body %j as %s is answered %i', async (body, type, status, code) => {
    expect(await submit(body, type)).toMatchObject({ status, answer: { code } });
  });

  test('a body packed badly is refused whole', async () => {
    const packed = Buffer.from(gzipSync(ndjson([testEvent()])).subarray(0, 100));
    const answer = await submit(packed, 'application/x-ndjson', { 'content-encoding': 'gzip' });
    expect(answer).toMatchObject({ status: 400, answer: { code: 'INGEST_BODY_DAMAGED' } });
  });
});

describe('validation', () => {
  test('gives the verdict of submission with all faults, and stores nothing', async () => {
    const event = testEvent({ outcome: 'maybe', eventTime: '2026-11-01T12:00:00' });
    const response = await service.fetch('/cadf/v1/validate?profile=strict', {
      method: 'POST',
      body: JSON.stringify(event),
      headers: { 'content-type': 'application/json' },
    });
    expect(response.status).toBe(200);
    const answer = (await response.json()) as { results: { faults: { code: string; hint: string }[] }[] };
    expect(answer).toMatchObject({
      accepted: 0,
      rejected: 1,
      results: [{ index: 0, id: event.id, status: 'rejected' }],
    });
    expect(answer.results[0]?.faults.length).toBeGreaterThan(1);
    expect((await service.fetch(`/cadf/v1/events/${event.id}`)).status).toBe(404);
  });
});

describe('reading back', () => {
  test('pages follow each other without gap or repeat while events arrive', async () => {
    const source = `pages-${Date.now()}`;
    const tenant = `tenant-${Date.now()}`;
    const initiator = { id: 'i', typeURI: 'data/security/account/user', project_id: tenant };
    const make = (minute: number): unknown =>
      testEvent({ initiator, eventTime: `2026-10-01T00:${String(minute).padStart(2, '0')}:00.000+00:00` });
    const events = Array.from({ length: 25 }, (_, minute) => make(minute));
    await submit(ndjson(events), 'application/x-ndjson', {}, `?source=${source}`);
    await until(async () => (await count(tenant)) === 25);

    const seen: unknown[] = [];
    let path: string | undefined = `/cadf/v1/events?tenant=${tenant}&limit=10&order=asc`;
    while (path !== undefined) {
      const page = (await (await service.fetch(path)).json()) as { events: unknown[]; next?: string };
      seen.push(...page.events);
      path = page.next;
      await submit(JSON.stringify(make(30)), 'application/json', {}, `?source=${source}`);
    }
    expect(seen).toEqual(events);
  });

  test('NDJSON has one event per line', async () => {
    const response = await service.fetch('/cadf/v1/events?limit=5', {
      headers: { accept: 'application/x-ndjson' },
    });
    expect(response.headers.get('content-type')).toContain('application/x-ndjson');
    const lines = (await response.text()).trimEnd().split('\n');
    expect(lines).toHaveLength(5);
    for (const line of lines) expect(JSON.parse(line)).toHaveProperty('id');
  });

  test('a misspelt parameter, a bad time and a forged cursor are refused', async () => {
    for (const query of ['form=2026-01-01', 'from=yesterday', 'limit=0', 'limit=10001', 'cursor=AAAA'])
      expect((await service.fetch(`/cadf/v1/events?${query}`)).status).toBe(400);
  });

  test('without a key nothing is read', async () => {
    expect((await fetch(`${service.url}/cadf/v1/events`)).status).toBe(401);
  });
});

async function count(tenant: string): Promise<number> {
  const response = await service.fetch(`/cadf/v1/count?tenant=${tenant}`);
  return ((await response.json()) as { count: number }).count;
}

test('after kill -9 and a restart everything acknowledged is there, once', async () => {
  const own = await startService();
  const events = Array.from({ length: 2000 }, () => testEvent());
  const post = (batch: readonly unknown[]): Promise<Response> =>
    own.fetch('/cadf/v1/events', {
      method: 'POST',
      body: ndjson(batch),
      headers: { 'content-type': 'application/x-ndjson' },
    });
  expect((await post(events)).status).toBe(202);
  await own.kill();
  const again = await startService({ dataDir: own.dataDir });
  try {
    const repeat = await again.fetch('/cadf/v1/events', {
      method: 'POST',
      body: ndjson(events),
      headers: { 'content-type': 'application/x-ndjson' },
    });
    expect(repeat.status).toBe(202);
    const total = async (): Promise<number> =>
      ((await (await again.fetch('/cadf/v1/count')).json()) as { count: number }).count;
    await until(async () => (await total()) === 2000);
    await new Promise((resume) => setTimeout(resume, 1000));
    expect(await total()).toBe(2000);
  } finally {
    expect(await again.stop()).toBe(0);
    again.clean();
  }
});
