/** Against a real server that speaks as the stream of the service does. */
import type { ServerResponse } from 'node:http';
import { describe, expect, test } from 'vitest';
import { createClient } from '../create-client.ts';
import { refuse, serve } from '../http/server.test-support.ts';
import type { Request } from '../http/server.test-support.ts';
import type { SubscribeOptions } from './subscribe.ts';

const COUNT = 40;

function begin(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.write(': cadf\nretry: 3000\n\n');
}

const frame = (place: number): string => `id: c${place}\ndata: {"id":"e${place}"}\n\n`;

/** The place after which a request goes on. */
function placeOf({ headers }: Request): number {
  const last = headers['last-event-id'];
  return typeof last === 'string' ? Number(last.slice(1)) : 0;
}

async function take(url: string, count: number, options: SubscribeOptions = {}): Promise<string[]> {
  const ids: string[] = [];
  for await (const { event, cursor, text } of createClient({ url, key: 'k' }).subscribe(options)) {
    ids.push(`${String(event['id'])} ${cursor} ${text.length}`);
    if (ids.length === count) break;
  }
  return ids;
}

const expected = (count: number): string[] =>
  Array.from({ length: count }, (_, at) => {
    const text = JSON.stringify({ id: `e${at + 1}` });
    return `e${at + 1} c${at + 1} ${text.length}`;
  });

describe('a subscription', () => {
  test('asks with its key and question, and gives each event with its cursor', async () => {
    const { url, requests } = await serve((_, response) => {
      begin(response);
      response.write(frame(1) + frame(2));
    });
    const options = { filter: "outcome = 'failure'", from: '2026-11-01T00:00:00Z', tenant: 't' };
    expect(await take(url, 2, options)).toEqual(expected(2));
    expect(requests).toHaveLength(1);
    expect(requests[0]?.url).toBe(
      '/cadf/v1/events/stream?filter=outcome+%3D+%27failure%27&from=2026-11-01T00%3A00%3A00Z&tenant=t',
    );
    expect(requests[0]?.headers).toMatchObject({
      authorization: 'Bearer k',
      accept: 'text/event-stream',
      'accept-encoding': 'identity',
    });
  });

  test('goes on after every kind of break: nothing missed, nothing twice', async () => {
    const { url, requests } = await serve((request, response, index) => {
      const place = placeOf(request);
      if (index === 1) {
        refuse(response, 503, 'SHUTTING_DOWN');
        return;
      }
      if (index === 2) {
        response.destroy();
        return;
      }
      begin(response);
      for (let at = place + 1; at <= Math.min(place + 7, COUNT); at++) response.write(frame(at));
      // In the middle of a frame, after a whole one, or with a word.
      if (index % 3 === 0) response.write(frame(place + 8).slice(0, 9), () => response.destroy());
      else if (index % 3 === 1) response.end();
      else response.end('event: end\ndata: {"code":"SHUTTING_DOWN","detail":"It is stopping."}\n\n');
    });
    const codes: string[] = [];
    const events = await take(url, COUNT, { onBreak: ({ code }) => codes.push(code) });
    expect(events).toEqual(expected(COUNT));
    expect(requests.length).toBeGreaterThan(6);
    expect(new Set(codes)).toEqual(new Set(['CLIENT_UNREACHABLE', 'SHUTTING_DOWN']));
  });

  test('keeps the place that heartbeats tell while nothing matches', async () => {
    const { url } = await serve((request, response) => {
      begin(response);
      if (placeOf(request) === 0) response.end('id: c30\n\n');
      else response.write(frame(placeOf(request) + 1));
    });
    const subscription = createClient({ url, key: 'k' }).subscribe({});
    expect(subscription.cursor).toBeUndefined();
    for await (const { cursor } of subscription) {
      expect(cursor).toBe('c31');
      break;
    }
    expect(subscription.cursor).toBe('c31');
  });

  test('takes up a connection that has gone silent', async () => {
    const { url, requests } = await serve((request, response) => {
      begin(response);
      response.write(frame(placeOf(request) + 1));
    });
    expect(await take(url, 2, { silenceMs: 300 })).toEqual(expected(2));
    expect(requests).toHaveLength(2);
  });

  test.each([
    [400, 'QUERY_FILTER_INVALID'],
    [401, 'UNAUTHENTICATED'],
    [403, 'FORBIDDEN_ROLE'],
  ])('throws what another attempt cannot mend: %d %s', async (status, code) => {
    const { url, requests } = await serve((_, response) => refuse(response, status, code));
    await expect(take(url, 1)).rejects.toMatchObject({ code, status, retryable: false });
    expect(requests).toHaveLength(1);
  });

  test('throws when the right is gone in the middle', async () => {
    const { url } = await serve((_, response) => {
      begin(response);
      response.end(
        `${frame(1)}event: end\ndata: {"code":"FORBIDDEN_ROLE","detail":"Gone.","retryable":false}\nid: c1\n\n`,
      );
    });
    await expect(take(url, 2)).rejects.toMatchObject({ code: 'FORBIDDEN_ROLE', message: 'Gone.' });
  });

  test('throws when the service says that another attempt would end the same way', async () => {
    const { url, requests } = await serve((_, response) => {
      begin(response);
      response.end(
        'event: end\ndata: {"code":"STORE_LIMIT_ROWS","detail":"Too dear.","retryable":false}\n\n',
      );
    });
    await expect(take(url, 1)).rejects.toMatchObject({ code: 'STORE_LIMIT_ROWS', retryable: false });
    expect(requests).toHaveLength(1);
  });

  test('throws when what answers is no stream', async () => {
    const { url } = await serve((_, response) => response.end('<html>'));
    await expect(take(url, 1)).rejects.toMatchObject({ code: 'CLIENT_ANSWER_UNREADABLE' });
  });

  test('waits as long as the service asks for', async () => {
    const { url } = await serve((request, response, index) => {
      if (index === 0) refuse(response, 503, 'QUERY_TOO_MANY_STREAMS', { headers: { 'retry-after': '1' } });
      else {
        begin(response);
        response.write(frame(placeOf(request) + 1));
      }
    });
    const pauses: number[] = [];
    await take(url, 1, { onBreak: (_, pauseMs) => pauses.push(pauseMs) });
    expect(pauses).toHaveLength(1);
    expect(pauses[0]).toBeGreaterThanOrEqual(1000);
  });

  test('ends with the reason of its signal, while it waits, pauses, or before it begins', async () => {
    const { url } = await serve((_, response) => begin(response));
    const waiting = new AbortController();
    setTimeout(() => waiting.abort(new Error('enough')), 100);
    await expect(take(url, 1, { signal: waiting.signal })).rejects.toThrow('enough');
    await expect(take(url, 1, { signal: waiting.signal })).rejects.toThrow('enough');
    const pausing = new AbortController();
    const { url: broken } = await serve((_, response) => response.destroy());
    await expect(
      take(broken, 1, { signal: pausing.signal, onBreak: () => pausing.abort(new Error('enough')) }),
    ).rejects.toThrow('enough');
  });

  test('does not read ahead of a caller that is slow', async () => {
    let written = 0;
    const { url } = await serve(async (_, response) => {
      begin(response);
      const filler = 'x'.repeat(10_000);
      for (let at = 1; at <= 2000 && !response.destroyed; at++) {
        response.write(`id: c${at}\ndata: {"id":"e${at}","filler":"${filler}"}\n\n`);
        written = at;
        while (response.writableNeedDrain && !response.destroyed) {
          await new Promise((resume) => setTimeout(resume, 5));
        }
      }
    });
    for await (const { event } of createClient({ url, key: 'k' }).subscribe()) {
      expect(event['id']).toBe('e1');
      await new Promise((resume) => setTimeout(resume, 500));
      break;
    }
    expect(written).toBeLessThan(1900);
  });
});
