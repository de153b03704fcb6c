import { createServer } from 'node:net';
import { once } from 'node:events';
import { Webhook } from 'standardwebhooks';
import { expect, onTestFinished, test } from 'vitest';
import {
  makeCertificate,
  startReceiver,
} from '../../../../packages/guarded-http/src/receiver.test-support.ts';
import type { Received } from '../../../../packages/guarded-http/src/receiver.test-support.ts';
import { makeBatch, makeKeys } from '../webhook/outgoing-batch.test-support.ts';
import { webhookRules } from '../webhook/webhook-settings.ts';
import type { SendResult, Sink } from './sink.ts';
import { createWebhookSink } from './webhook-sink.ts';
import type { WebhookSinkOptions } from './webhook-sink.ts';

const open = { allowPrivate: true };
const keys = [makeKeys()];

function sinkTo(url: string, options: Partial<WebhookSinkOptions> = {}): Sink {
  const sink = createWebhookSink({ url, keys, rules: open, ...options });
  onTestFinished(() => sink.close());
  return sink;
}

async function send(sink: Sink, ids: readonly string[] = ['a'], batch?: string): Promise<SendResult> {
  return sink.send(makeBatch(ids, batch), { number: 1 }, new AbortController().signal);
}

test('a batch is one signed request with the events, the subscription and the cursor', async () => {
  const receiver = await startReceiver();
  const batch = makeBatch(['a', 'b']);
  const result = await sinkTo(`${receiver.url}?for=me`).send(
    batch,
    { number: 1 },
    new AbortController().signal,
  );
  expect(result).toEqual({ outcome: 'delivered', answer: { status: 204 } });
  const [request] = receiver.received;
  expect([receiver.received.length, request?.method, request?.path]).toEqual([1, 'POST', '/hook?for=me']);
  expect(request?.headers).toMatchObject({
    'webhook-id': 'batch1',
    'content-type': 'application/json',
    'content-length': String(request?.body.length),
    'cadf-subscription': 'subscription1',
    'cadf-cursor': 'cursor1',
  });
  expect(request?.headers['cadf-test']).toBeUndefined();
  const texts = batch.events.map(({ text }) => text.toString());
  expect(request?.body.toString()).toBe(`[${texts.join(',')}]`);
  const verified = new Webhook(keys[0]!.secret).verify(request!.body, headersOf(request!));
  expect(verified).toEqual(batch.events.map(({ event }) => event));
});

test('a test delivery is marked', async () => {
  const receiver = await startReceiver();
  const batch = { ...makeBatch(['a']), test: true };
  await sinkTo(receiver.url).send(batch, { number: 1 }, new AbortController().signal);
  expect(receiver.received[0]?.headers['cadf-test']).toBe('true');
});

test('lines go out as lines, CloudEvents as an array of them', async () => {
  const receiver = await startReceiver();
  await send(sinkTo(receiver.url, { format: 'cadf-ndjson' }), ['a', 'b']);
  await send(sinkTo(receiver.url, { format: 'cloudevents-batch' }), ['a', 'b']);
  const [lines, batch] = receiver.received;
  expect(lines?.headers['content-type']).toBe('application/x-ndjson');
  expect(lines?.body.toString().match(/"id":"[ab]"/g)).toEqual(['"id":"a"', '"id":"b"']);
  expect(lines?.body.toString().split('\n')).toHaveLength(3);
  expect(batch?.headers['content-type']).toBe('application/cloudevents-batch+json; charset=utf-8');
  expect(JSON.parse(batch?.body.toString() ?? '')).toMatchObject([
    { data: { id: 'a' } },
    { data: { id: 'b' } },
  ]);
});

test('single CloudEvents go out one after the other, each with its own id, the cursor with the last', async () => {
  const receiver = await startReceiver();
  await send(sinkTo(receiver.url, { format: 'cloudevents' }), ['a', 'b', 'c']);
  expect(receiver.received.map(({ headers }) => [headers['webhook-id'], headers['cadf-cursor']])).toEqual([
    ['batch1-0', undefined],
    ['batch1-1', undefined],
    ['batch1-2', 'cursor1'],
  ]);
  for (const request of receiver.received)
    new Webhook(keys[0]!.secret).verify(request.body, headersOf(request));
  expect(new Set(receiver.received.map(({ port }) => port)).size).toBe(1);
});

test('an attempt goes on after the single CloudEvents that were delivered; another sink sends all again', async () => {
  let refuse = true;
  const receiver = await startReceiver((response, { headers }) => {
    response.writeHead(refuse && headers['webhook-id'] === 'batch1-1' ? 500 : 200).end();
  });
  const sink = sinkTo(receiver.url, { format: 'cloudevents' });
  expect((await send(sink, ['a', 'b', 'c'])).outcome).toBe('failed');
  refuse = false;
  expect((await send(sink, ['a', 'b', 'c'])).outcome).toBe('delivered');
  expect((await send(sinkTo(receiver.url, { format: 'cloudevents' }), ['a', 'b', 'c'])).outcome).toBe(
    'delivered',
  );
  expect(receiver.received.map(({ headers }) => String(headers['webhook-id']).slice(-1)).join('')).toBe(
    '01' + '12' + '012',
  );
});

test.each([200, 201, 202, 204, 299])('%d is a delivery', async (status) => {
  const receiver = await startReceiver((response) => response.writeHead(status).end());
  expect(await send(sinkTo(receiver.url))).toMatchObject({ outcome: 'delivered', answer: { status } });
});

test.each([300, 304, 400, 401, 404, 413, 415, 418, 429, 500, 502, 504])('%d is a failure', async (status) => {
  const receiver = await startReceiver((response) =>
    response.writeHead(status).end(status === 304 ? '' : 'no'),
  );
  const result = await send(sinkTo(receiver.url));
  expect(result).toMatchObject({
    outcome: 'failed',
    answer: { status },
    reason: expect.stringContaining(String(status)),
  });
  expect(result).not.toHaveProperty('retryAfterMs');
});

test('410 ends the subscription', async () => {
  const receiver = await startReceiver((response) => response.writeHead(410).end('moved away'));
  expect(await send(sinkTo(receiver.url))).toEqual({
    outcome: 'ended',
    reason: 'The receiver answered 410 Gone: it wants no more deliveries.',
    answer: { status: 410, text: 'moved away' },
  });
});

test('a pause that the receiver asks for is told, in seconds and as a date', async () => {
  const said = ['120', 'Sun, 22 Nov 2026 12:00:30 GMT', 'later'];
  const receiver = await startReceiver((response) =>
    response.writeHead(429, { 'retry-after': said[receiver.received.length - 1] }).end(),
  );
  const sink = sinkTo(receiver.url, { now: () => Date.UTC(2026, 10, 22, 12, 0, 0) });
  expect(await send(sink)).toMatchObject({ outcome: 'failed', retryAfterMs: 120_000 });
  expect(await send(sink)).toMatchObject({ outcome: 'failed', retryAfterMs: 30_000 });
  expect(await send(sink)).not.toHaveProperty('retryAfterMs');
});

test.each(['http://169.254.169.254/latest/meta-data/', '/elsewhere', 'https://receiver.example/'])(
  'a redirect to %s is a failure and is not followed',
  async (location) => {
    const receiver = await startReceiver((response) => response.writeHead(307, { location }).end());
    const result = await send(sinkTo(receiver.url));
    expect(result).toMatchObject({
      outcome: 'failed',
      reason: expect.stringContaining(`redirects to "${location}": redirects are not followed`),
      answer: { status: 307 },
    });
    expect(receiver.received).toHaveLength(1);
  },
);

test('of an answer without end the beginning is told, and the connection given up', async () => {
  let open = 0;
  let sent = 0;
  const receiver = await startReceiver((response) => {
    open += 1;
    response.on('close', () => (open -= 1));
    response.writeHead(500);
    const more = (): void => {
      let room = true;
      while (room && !response.destroyed) {
        room = response.write('x'.repeat(16_384));
        sent += 16_384;
      }
    };
    response.on('drain', more);
    more();
  });
  const result = await send(sinkTo(receiver.url));
  expect(result).toMatchObject({ outcome: 'failed', answer: { status: 500, text: 'x'.repeat(1024) } });
  await expect.poll(() => open).toBe(0);
  // What the sockets hold in between, not what 15 seconds would carry.
  expect(sent).toBeLessThan(50_000_000);
});

test('headers without end are a failure', async () => {
  const receiver = await startReceiver((response) =>
    response.writeHead(200, { 'x-long': 'y'.repeat(20_000) }).end(),
  );
  expect(await send(sinkTo(receiver.url))).toMatchObject({
    outcome: 'failed',
    reason: 'The headers of the answer are larger than 16 KiB.',
  });
});

test('an answer that comes before the batch was sent counts', async () => {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', () => {
      socket.end('HTTP/1.1 413 Content Too Large\r\nconnection: close\r\ncontent-length: 3\r\n\r\nbig');
      socket.pause();
      onTestFinished(() => void socket.destroy());
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const batch = makeBatch(['a']);
  const events = batch.events.map((event) => ({ ...event, text: Buffer.alloc(8_000_000, ' ') }));
  const sink = sinkTo(`http://127.0.0.1:${(server.address() as { port: number }).port}/`);
  expect(await sink.send({ ...batch, events }, { number: 1 }, new AbortController().signal)).toMatchObject({
    outcome: 'failed',
    reason: expect.stringContaining('lower batch.maxBytes'),
    answer: { status: 413, text: 'big' },
  });
});

test('what a receiver says is told without control characters, and not at all where it is compressed', async () => {
  const receiver = await startReceiver((response) => {
    if (receiver.received.length === 1) response.writeHead(400).end('bad\u001b[31m\u0000 thing\nsecond line');
    else response.writeHead(400, { 'content-encoding': 'gzip' }).end('abc');
  });
  const sink = sinkTo(receiver.url);
  expect(await send(sink)).toMatchObject({ answer: { text: 'bad [31m  thing\nsecond line' } });
  expect(await send(sink)).toMatchObject({ answer: { status: 400 } });
});

test('a receiver that does not answer in time has failed, and so has one that trickles its headers', async () => {
  const silent = await startReceiver(() => {});
  expect(await send(sinkTo(silent.url, { timeoutMs: 300 }))).toMatchObject({
    outcome: 'failed',
    reason: expect.stringContaining('did not answer within 0.3 seconds'),
  });
  const trickling = createServer((socket) => {
    socket.on('error', () => {});
    socket.write('HTTP/1.1 200 OK\r\n');
    const timer = setInterval(() => socket.write('x-more: 1\r\n'), 20);
    socket.on('close', () => clearInterval(timer));
  });
  trickling.listen(0, '127.0.0.1');
  await once(trickling, 'listening');
  onTestFinished(() => void trickling.close());
  const { port } = trickling.address() as { port: number };
  expect(await send(sinkTo(`http://127.0.0.1:${port}/`, { timeoutMs: 300 }))).toMatchObject({
    outcome: 'failed',
    reason: expect.stringContaining('did not answer within'),
  });
});

test('a delivery is one when its status came, whatever becomes of the body', async () => {
  const receiver = await startReceiver((response) => {
    response.writeHead(200, { 'content-length': '100' });
    response.write('thanks');
    setTimeout(() => response.destroy(), 50);
  });
  expect(await send(sinkTo(receiver.url))).toEqual({
    outcome: 'delivered',
    answer: { status: 200, text: 'thanks' },
  });
});

test('a receiver that resets, is not there or speaks something else has failed with a sentence', async () => {
  let resets = 0;
  const resetting = createServer((socket) => {
    resets += 1;
    socket.on('error', () => {});
    socket.once('data', () => socket.resetAndDestroy());
  });
  const greeting = createServer((socket) => {
    socket.on('error', () => {});
    socket.end('220 mail.example ESMTP\r\n');
  });
  const ports: number[] = [];
  for (const server of [resetting, greeting]) {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => void server.close());
    ports.push((server.address() as { port: number }).port);
  }
  const reason = async (url: string): Promise<string> => {
    const result = await send(sinkTo(url));
    return result.outcome === 'failed' ? result.reason : result.outcome;
  };
  expect(await reason(`http://127.0.0.1:${ports[0]}/`)).toContain('closed the connection');
  expect(resets).toBe(1);
  expect(await reason(`http://127.0.0.1:${ports[1]}/`)).toContain('is not HTTP');
  expect(await reason(`https://127.0.0.1:${ports[1]}/`)).toContain('does not speak TLS');
  expect(await reason('http://127.0.0.1:1/')).toContain('Nothing listens at 127.0.0.1:1');
});

test('a connection is used again, and one that the receiver closed meanwhile costs no attempt', async () => {
  const answered: number[] = [];
  const server = createServer((socket) => {
    socket.on('error', () => {});
    const connection = answered.push(0) - 1;
    socket.on('data', (part) => {
      if (!part.includes('"id":"a"')) return;
      // The first connection is closed at its third request, as one that was idle for too long.
      if (connection === 0 && answered[0] === 2) socket.destroy();
      else {
        answered[connection]! += 1;
        socket.write('HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n');
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const sink = sinkTo(`http://127.0.0.1:${(server.address() as { port: number }).port}/`);
  for (const id of ['1', '2', '3']) expect((await send(sink, ['a'], id)).outcome).toBe('delivered');
  expect(answered).toEqual([2, 1]);
});

test('a certificate that is not trusted, or of another name, reaches nobody', async () => {
  const certificate = makeCertificate();
  const receiver = await startReceiver(undefined, certificate);
  expect(await send(sinkTo(receiver.url))).toMatchObject({
    outcome: 'failed',
    reason: expect.stringContaining('is not trusted (DEPTH_ZERO_SELF_SIGNED_CERT)'),
  });
  expect(await send(sinkTo(`https://127.0.0.1:${receiver.port}/`, { ca: certificate.cert }))).toMatchObject({
    outcome: 'failed',
    reason: expect.stringContaining('is not trusted (ERR_TLS_CERT_ALTNAME_INVALID)'),
  });
  expect(receiver.received).toHaveLength(0);
  expect((await send(sinkTo(receiver.url, { ca: certificate.cert }))).outcome).toBe('delivered');
  expect(receiver.received).toHaveLength(1);
});

test('an address that may not be connected to is never sent to', async () => {
  const receiver = await startReceiver();
  const strict = { rules: webhookRules(false) };
  for (const host of ['127.0.0.1', 'localhost', '2130706433', '[::ffff:127.0.0.1]'])
    expect(await send(sinkTo(`https://${host}:${receiver.port}/`, strict))).toMatchObject({
      outcome: 'failed',
      reason: expect.stringContaining('CADF_WEBHOOK_ALLOW_PRIVATE'),
    });
  const rebound = sinkTo(`https://receiver.example:${receiver.port}/`, {
    ...strict,
    resolve: (_name, _options, done) => done(null, [{ address: '127.0.0.1', family: 4 }]),
  });
  expect(await send(rebound)).toMatchObject({
    outcome: 'failed',
    reason: expect.stringContaining('The address of the receiver is refused: "receiver.example" leads to'),
  });
  expect(receiver.received).toHaveLength(0);
});

test('a sink of a url that is forbidden by now says so', async () => {
  expect(await send(sinkTo('http://receiver.example/', { rules: { allowPrivate: false } }))).toMatchObject({
    outcome: 'failed',
    reason: expect.stringContaining('https://'),
  });
});

test('without a valid secret nothing is sent', async () => {
  const receiver = await startReceiver();
  expect(await send(sinkTo(receiver.url, { keys: [] }))).toMatchObject({
    outcome: 'failed',
    reason: expect.stringContaining('rotate its secret'),
  });
  expect(receiver.received).toHaveLength(0);
});

test('a stop breaks an attempt off', async () => {
  const stop = new AbortController();
  const receiver = await startReceiver(() => stop.abort());
  const result = await sinkTo(receiver.url).send(makeBatch(['a']), { number: 1 }, stop.signal);
  expect(result).toEqual({ outcome: 'failed', reason: 'The attempt was broken off by a stop.' });
});

test('proxies of the environment are not used', async () => {
  const [receiver, proxy] = [await startReceiver(), await startReceiver()];
  for (const name of ['HTTP_PROXY', 'http_proxy', 'ALL_PROXY']) {
    const before = process.env[name];
    process.env[name] = proxy.url;
    onTestFinished(() => {
      if (before === undefined) delete process.env[name];
      else process.env[name] = before;
    });
  }
  expect((await send(sinkTo(receiver.url))).outcome).toBe('delivered');
  expect([receiver.received.length, proxy.received.length]).toEqual([1, 0]);
});

function headersOf({ headers }: Received): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
}

test('receivers that hang delay no other', async () => {
  const hanging = await startReceiver(() => {});
  const quick = await startReceiver();
  const stop = new AbortController();
  let open = 0;
  const held = Array.from({ length: 100 }, async () => {
    open += 1;
    await sinkTo(hanging.url).send(makeBatch(['a']), { number: 1 }, stop.signal);
    open -= 1;
  });
  await expect.poll(() => hanging.received.length).toBe(100);
  for (const id of ['1', '2', '3'])
    expect((await send(sinkTo(quick.url), ['a'], id)).outcome).toBe('delivered');
  expect(open).toBe(100);
  stop.abort();
  await Promise.all(held);
});
