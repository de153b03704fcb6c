import { describe, expect, test } from 'vitest';
import { createClient } from '../create-client.ts';
import { refuse, serve } from '../http/server.test-support.ts';

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

describe('a query', () => {
  test('follows its pages to the last, also below a path of the URL', async () => {
    const { url, requests } = await serve((_, response, index) => {
      response.setHeader('content-type', 'application/json');
      const next = `/cadf/v1/events?limit=2&cursor=c${index}`;
      response.end(JSON.stringify({ events: [{ id: `e${index}` }], ...(index < 2 ? { next } : {}) }));
    });
    const client = createClient({ url: `${url}/audit/`, key: () => Promise.resolve('k') });
    const events = await all(
      client.events({ filter: "action = 'read'", pageSize: 2, 'param.user': ['a', 'b'] }),
    );
    expect(events.map(({ id }) => id)).toEqual(['e0', 'e1', 'e2']);
    expect(requests.map((request) => request.url)).toEqual([
      '/audit/cadf/v1/events?filter=action+%3D+%27read%27&param.user=a&param.user=b&limit=2',
      '/audit/cadf/v1/events?limit=2&cursor=c0',
      '/audit/cadf/v1/events?limit=2&cursor=c1',
    ]);
    expect(requests[0]?.headers.authorization).toBe('Bearer k');
  });

  test('asks again for what may pass, and gives up after so many attempts', async () => {
    const { url, requests } = await serve((_, response, index) => {
      if (index === 0) refuse(response, 503, 'STORE_UNAVAILABLE');
      else if (index === 1) response.destroy();
      else response.setHeader('content-type', 'application/json').end('{"count":7}');
    });
    expect(await createClient({ url, key: 'k' }).count()).toBe(7);
    expect(requests).toHaveLength(3);

    const failing = await serve((_, response) => refuse(response, 503, 'STORE_UNAVAILABLE'));
    const client = createClient({ url: failing.url, key: 'k', attempts: 2 });
    await expect(client.count()).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE', status: 503 });
    expect(failing.requests).toHaveLength(2);
  });

  test('a problem of the question is thrown at once, with what the service says of it', async () => {
    const { url, requests } = await serve((_, response) => refuse(response, 400, 'QUERY_FILTER_INVALID'));
    const client = createClient({ url, key: 'k' });
    await expect(all(client.events({ filter: 'x' }))).rejects.toMatchObject({
      code: 'QUERY_FILTER_INVALID',
      message: 'It is QUERY_FILTER_INVALID.',
      problem: { status: 400 },
    });
    expect(requests).toHaveLength(1);
  });

  test('the key is not carried along a redirect', async () => {
    const other = await serve((_, response) => response.end('{"count":1}'));
    const { url } = await serve((_, response) => response.writeHead(302, { location: other.url }).end());
    await expect(createClient({ url, key: 'k' }).count()).rejects.toMatchObject({ status: 302 });
    expect(other.requests).toHaveLength(0);
  });

  test('a stream of texts is whole or an error', async () => {
    const lines = Array.from({ length: 1000 }, (_, at) => `{"id":"é${at}"}`);
    const { url } = await serve((request, response) => {
      const text = Buffer.from(`${lines.join('\n')}\n`);
      // Cut where a character is, too.
      response.write(text.subarray(0, 8));
      if (request.url.includes('source=broken'))
        response.write(text.subarray(8, 900), () => response.destroy());
      else response.end(text.subarray(8));
    });
    const client = createClient({ url, key: 'k' });
    expect(await all(client.eventTexts())).toEqual(lines);
    await expect(all(client.eventTexts({ source: 'broken' }))).rejects.toMatchObject({
      code: 'CLIENT_UNREACHABLE',
    });
  });

  test('an answer of something else is no answer', async () => {
    const { url } = await serve((_, response) => response.end('{"hello":1}'));
    const client = createClient({ url, key: 'k' });
    await expect(client.count()).rejects.toMatchObject({ code: 'CLIENT_ANSWER_UNREADABLE' });
    await expect(all(client.events())).rejects.toMatchObject({ code: 'CLIENT_ANSWER_UNREADABLE' });
  });

  test('a URL of another kind is refused before anything is asked', () => {
    expect(() => createClient({ url: 'file:///etc/passwd', key: 'k' })).toThrow(TypeError);
  });
});
