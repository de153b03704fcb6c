/** Against a real server that answers as the submission route does. */
import type { ServerResponse } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { createClient } from '../create-client.ts';
import { refuse, serve } from '../http/server.test-support.ts';
import type { Request } from '../http/server.test-support.ts';
import type { SubmitterOptions } from './submitter-contract.ts';

function linesOf({ body, headers }: Request): readonly string[] {
  const text = headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body;
  return text.toString().split('\n').filter(Boolean);
}

/** As the service: `bad` events are rejected, those seen before are duplicates. */
function take(response: ServerResponse, lines: readonly string[], seen: Set<string>): void {
  const results = lines.flatMap((line, index) => {
    if (line.includes('bad')) return [{ index, status: 'rejected', code: 'CADF_ID_MISSING', path: '/id' }];
    const again = seen.has(line);
    seen.add(line);
    return again ? [{ index, status: 'duplicate' }] : [];
  });
  const rejected = results.filter(({ status }) => status === 'rejected').length;
  const duplicates = results.length - rejected;
  const accepted = lines.length - results.length;
  response.writeHead(accepted + duplicates === 0 ? 422 : 202, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ accepted, duplicates, rejected, results }));
}

async function submitting(options: SubmitterOptions = {}, broken: (index: number) => boolean = () => false) {
  const seen = new Set<string>();
  const { url, requests } = await serve((request, response, index) => {
    if (broken(index)) response.destroy();
    else take(response, linesOf(request), seen);
  });
  return { submitter: createClient({ url, key: 'k' }).submitter(options), requests, seen };
}

describe('a submitter', () => {
  test('sends events together, packed, and says of each what became of it', async () => {
    const { requests, submitter } = await submitting({ source: 'kvm-1', profile: 'strict' });
    const texts = Array.from({ length: 20 }, (_, at) => `{"id":"e${at}","filler":"${'x'.repeat(80)}"}`);
    const outcomes = await Promise.all([
      ...texts.map((text) => submitter.add(text)),
      submitter.add({ id: 'e-object' }),
      submitter.add(texts[3]!),
      submitter.add('{"bad":\n1}'),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual([
      ...Array.from({ length: 21 }, () => 'accepted'),
      'duplicate',
      'rejected',
    ]);
    expect(outcomes.at(-1)).toEqual({
      status: 'rejected',
      code: 'CADF_ID_MISSING',
      detail: '',
      path: '/id',
    });
    expect(requests).toHaveLength(1);
    expect(requests[0]).toMatchObject({
      method: 'POST',
      url: '/cadf/v1/events?source=kvm-1&profile=strict',
      headers: {
        'content-type': 'application/x-ndjson',
        'content-encoding': 'gzip',
        authorization: 'Bearer k',
      },
    });
    expect(linesOf(requests[0]!)).toEqual([...texts, '{"id":"e-object"}', texts[3], '{"bad": 1}']);
    expect(submitter.counts).toEqual({ accepted: 21, duplicates: 1, rejected: 1 });
    await submitter.close();
  });

  test('keeps the order, one batch after the other, within its bounds', async () => {
    const { requests, submitter } = await submitting({ batch: { maxEvents: 7, maxBytes: 1024 } });
    const texts = Array.from({ length: 100 }, (_, at) => `{"id":"${at}","filler":"${'x'.repeat(at * 5)}"}`);
    const outcomes = Promise.all(texts.map((text) => submitter.add(text)));
    await submitter.flush();
    await outcomes;
    expect(requests.flatMap(linesOf)).toEqual(texts);
    for (const request of requests) {
      expect(linesOf(request).length).toBeLessThanOrEqual(7);
      expect(linesOf(request).join('').length).toBeLessThanOrEqual(1024);
    }
    await submitter.close();
  });

  test('tries again after a break and a refusal that passes, with the same Idempotency-Key', async () => {
    const pauses: number[] = [];
    const { url, requests } = await serve((request, response, index) => {
      if (index === 0) response.destroy();
      else if (index === 1) refuse(response, 429, 'INGEST_OVERLOADED', { headers: { 'retry-after': '1' } });
      else take(response, linesOf(request), new Set());
    });
    const submitter = createClient({ url, key: 'k' }).submitter({
      onTrouble: (_, pauseMs) => pauses.push(pauseMs),
    });
    expect(await submitter.add('{}')).toEqual({ status: 'accepted' });
    expect(pauses).toHaveLength(2);
    expect(pauses[1]).toBeGreaterThanOrEqual(1000);
    expect(new Set(requests.map(({ headers }) => headers['idempotency-key'])).size).toBe(1);
    await submitter.close();
  });

  test('finds the event for which a whole body is refused', async () => {
    const seen = new Set<string>();
    const { url } = await serve((request, response) => {
      const lines = linesOf(request);
      if (lines.some((line) => line.includes('huge'))) {
        refuse(response, 413, 'INGEST_BODY_TOO_LARGE');
        return;
      }
      take(response, lines, seen);
    });
    const submitter = createClient({ url, key: 'k' }).submitter({});
    const texts = Array.from({ length: 9 }, (_, at) => (at === 5 ? '"huge"' : `{"id":${at}}`));
    const outcomes = await Promise.all(texts.map((text) => submitter.add(text)));
    expect(outcomes.map(({ status }) => status === 'accepted')).toEqual(
      texts.map((text) => text !== '"huge"'),
    );
    expect(outcomes[5]).toMatchObject({ status: 'rejected', code: 'INGEST_BODY_TOO_LARGE' });
    await submitter.close();
  });

  test('fails what a key that is refused holds up, and goes on', async () => {
    const { url } = await serve((request, response, index) => {
      if (index === 0) refuse(response, 403, 'FORBIDDEN_ROLE');
      else take(response, linesOf(request), new Set());
    });
    const submitter = createClient({ url, key: 'k' }).submitter({});
    await expect(submitter.add('{}')).rejects.toMatchObject({ code: 'FORBIDDEN_ROLE' });
    expect(await submitter.add('{}')).toEqual({ status: 'accepted' });
    await submitter.close();
  });

  test('gives up after the time it was given', async () => {
    const { submitter } = await submitting({ retryForMs: 100 }, () => true);
    await expect(submitter.add('{}')).rejects.toMatchObject({ code: 'CLIENT_UNREACHABLE' });
    await submitter.close();
  });

  test('asks again where an answer lost its list', async () => {
    const { url, requests } = await serve((request, response, index) => {
      if (index > 0) take(response, linesOf(request), new Set());
      else
        response
          .writeHead(202)
          .end('{"accepted":0,"duplicates":0,"rejected":1,"results":[],"resultsOmitted":true}');
    });
    const submitter = createClient({ url, key: 'k' }).submitter({});
    expect(await submitter.add('"bad"')).toMatchObject({ status: 'rejected' });
    expect(new Set(requests.map(({ headers }) => headers['idempotency-key'])).size).toBe(2);
    await submitter.close();
  });

  test('refuses what it has no room for, and says when there is room again', async () => {
    const { submitter, seen } = await submitting({ maxPendingBytes: 1024, batch: { maxWaitMs: 1 } });
    const text = (at: number): string => JSON.stringify({ id: at, filler: 'x'.repeat(400) });
    const first = [submitter.add(text(0)), submitter.add(text(1))];
    await expect(submitter.add(text(2))).rejects.toMatchObject({ code: 'CLIENT_FULL', retryable: true });
    await submitter.room();
    await Promise.all([...first, submitter.add(text(2))]);
    expect(seen.size).toBe(3);
    await submitter.close();
  });

  test('takes nothing that is no event, and nothing once it is closed', async () => {
    const { submitter } = await submitting({ batch: { maxBytes: 1024 } });
    for (const text of ['', ' \n', 'x'.repeat(1025)]) {
      await expect(submitter.add(text)).rejects.toMatchObject({ code: 'CLIENT_EVENT_UNUSABLE' });
    }
    const last = submitter.add('{}');
    await submitter.close();
    expect(await last).toEqual({ status: 'accepted' });
    await expect(submitter.add('{}')).rejects.toMatchObject({ code: 'CLIENT_CLOSED' });
  });

  test('closes in time, whatever the service does', async () => {
    const { submitter } = await submitting({}, () => true);
    const lost = submitter.add('{}');
    const refused = expect(lost).rejects.toMatchObject({ code: 'CLIENT_CLOSED' });
    await submitter.close({ timeoutMs: 50 });
    await refused;
  });

  test('bounds that cannot be are refused', () => {
    const client = createClient({ url: 'http://127.0.0.1:1', key: 'k' });
    expect(() => client.submitter({ batch: { maxEvents: 0 } })).toThrow(RangeError);
    expect(() => client.submitter({ batch: { maxEvents: 10_001 } })).toThrow(RangeError);
  });
});
