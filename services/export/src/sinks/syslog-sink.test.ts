/** The sink against receivers on real sockets: those that take all, and each way of not doing so. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer as createTlsServer } from 'node:tls';
import { syslogLine } from '@cadf-pipeline/event-formats';
import type { ResolveName } from '@cadf-pipeline/guarded-http';
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { numberedBatch } from './outgoing.test-support.ts';
import type { Sink } from './sink.ts';
import { createSyslogSink, type SyslogSinkOptions } from './syslog-sink.ts';

const rules = { allowPrivate: true };
const toLoopback: ResolveName = (_name, _options, done) => done(null, [{ address: '127.0.0.1', family: 4 }]);
const never = new AbortController().signal;
const folder = mkdtempSync(join(tmpdir(), 'cadf-syslog-sink-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Certificate {
  readonly cert: string;
  readonly key: string;
}
let trusted: Certificate;
let stranger: Certificate;
beforeAll(() => {
  trusted = certify('trusted');
  stranger = certify('stranger');
});

function certify(name: string): Certificate {
  const [key, cert] = [join(folder, `${name}.key`), join(folder, `${name}.crt`)];
  const request = 'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2';
  const more = ['-subj', `/CN=${name}`, '-addext', 'subjectAltName=IP:127.0.0.1,DNS:siem.test'];
  execFileSync('openssl', [...request.split(' '), '-keyout', key, '-out', cert, ...more], {
    stdio: 'ignore',
    timeout: 20_000,
  });
  return { cert: readFileSync(cert, 'utf8'), key: readFileSync(key, 'utf8') };
}

interface Receiver {
  readonly port: number;
  readonly received: () => Buffer;
  readonly connections: () => number;
  /** Ends every connection. */
  readonly hangUp: () => void;
}

async function receive(
  options: { tls?: Certificate; onSocket?: (socket: Socket) => void } = {},
): Promise<Receiver> {
  const parts: Buffer[] = [];
  const open = new Set<Socket>();
  let connections = 0;
  const accept = (socket: Socket): void => {
    connections += 1;
    open.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => open.delete(socket));
    if (options.onSocket === undefined) socket.on('data', (part: Buffer) => parts.push(part));
    else options.onSocket(socket);
  };
  const server: Server =
    options.tls === undefined ? createServer(accept) : createTlsServer(options.tls, accept);
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const hangUp = (): void => open.forEach((socket) => socket.destroy());
  onTestFinished(() => {
    hangUp();
    server.close();
  });
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    received: () => Buffer.concat(parts),
    connections: () => connections,
    hangUp,
  };
}

function openSink(port: number, options: Partial<SyslogSinkOptions> = {}): Sink {
  const sink = createSyslogSink({ host: '127.0.0.1', port, format: 'json', rules, ...options });
  onTestFinished(() => sink.close());
  return sink;
}

test('messages are framed by their octets, in order, over one connection', async () => {
  const { port, received, connections } = await receive();
  const sink = openSink(port);
  const batches = [numberedBatch(0, 20), numberedBatch(20, 3)];
  for (const batch of batches)
    expect(await sink.send(batch, { number: 1 }, never)).toEqual({
      outcome: 'delivered',
      answer: { text: `${batch.events.length} messages written` },
    });
  const wanted = batches.flatMap(({ events, id }) =>
    events.map((event) => {
      const line = syslogLine(event, { format: 'json', parameters: { subscription: 'sub-1', batch: id } });
      return Buffer.concat([Buffer.from(`${line.length} `), line]);
    }),
  );
  expect(received()).toEqual(Buffer.concat(wanted));
  expect(connections()).toBe(1);
});

test('a receiver that had closed the connection meanwhile is connected to again', async () => {
  const { port, received, connections, hangUp } = await receive();
  const sink = openSink(port, { format: 'cef' });
  await sink.send(numberedBatch(0, 1), { number: 1 }, never);
  hangUp();
  await vi.waitFor(async () => {
    expect(await sink.send(numberedBatch(1, 1), { number: 1 }, never)).toMatchObject({
      outcome: 'delivered',
    });
    expect(received().toString()).toContain('position="1.1"');
  });
  expect(connections()).toBe(2);
});

test.each([
  ['ends the connection at once', (socket: Socket): void => void socket.destroy()],
  [
    'resets it when something comes',
    (socket: Socket): void => void socket.once('data', () => socket.resetAndDestroy()),
  ],
  ['ends it when something comes', (socket: Socket): void => void socket.once('data', () => socket.end())],
])('a receiver that %s has taken nothing', async (_what, onSocket) => {
  const { port } = await receive({ onSocket });
  expect(await openSink(port).send(numberedBatch(0, 100), { number: 1 }, never)).toMatchObject({
    outcome: 'failed',
    reason: expect.stringMatching(/^127\.0\.0\.1:\d+ .*\.$/),
  });
});

test('a receiver that does not read is given up in time', async () => {
  const { port } = await receive({ onSocket: (socket) => socket.pause() });
  const large = numberedBatch(0, 400);
  const events = large.events.map((event) => ({ ...event, text: Buffer.from(`"${'x'.repeat(60_000)}"`) }));
  const sent = await openSink(port, { attemptMs: 700 }).send({ ...large, events }, { number: 1 }, never);
  expect(sent).toMatchObject({ outcome: 'failed', reason: expect.stringContaining('within 700 ms') });
});

test('an attempt that is broken off ends at once, also while it waits for a connection', async () => {
  const { port } = await receive({ onSocket: (socket) => socket.pause() });
  const stop = new AbortController();
  const large = numberedBatch(0, 400);
  const events = large.events.map((event) => ({ ...event, text: Buffer.from(`"${'x'.repeat(60_000)}"`) }));
  const sending = openSink(port).send({ ...large, events }, { number: 1 }, stop.signal);
  await new Promise((resume) => setTimeout(resume, 100));
  stop.abort();
  expect(await sending).toMatchObject({ outcome: 'failed' });
  expect(await openSink(port).send(large, { number: 1 }, stop.signal)).toMatchObject({ outcome: 'failed' });
});

test('over TLS to a receiver whose certificate is trusted, by address and by name', async () => {
  const { port, received } = await receive({ tls: trusted });
  const toName = openSink(port, {
    host: 'siem.test',
    tls: { ca: trusted.cert },
    resolve: toLoopback,
  });
  for (const sink of [openSink(port, { tls: { ca: trusted.cert } }), toName])
    expect(await sink.send(numberedBatch(0, 2), { number: 1 }, never)).toMatchObject({
      outcome: 'delivered',
    });
  expect(
    received()
      .toString()
      .match(/position="/g),
  ).toHaveLength(4);
});

test('a certificate that is not trusted, or of another name, gets nothing', async () => {
  const { port, received } = await receive({ tls: stranger });
  for (const sink of [
    openSink(port, { tls: {} }),
    openSink(port, { tls: { ca: trusted.cert } }),
    openSink(port, { tls: { ca: stranger.cert }, host: 'other.test', resolve: toLoopback }),
  ])
    expect(await sink.send(numberedBatch(0, 1), { number: 1 }, never)).toMatchObject({
      outcome: 'failed',
      reason: expect.stringMatching(/certificate of .* is not trusted/),
    });
  expect(received()).toHaveLength(0);
});

test('TLS to a receiver that speaks none, and none to one that speaks TLS, is a failure that says so', async () => {
  const plain = await receive({ onSocket: (socket) => socket.once('data', () => socket.write('hello\n')) });
  expect(
    await openSink(plain.port, { tls: {} }).send(numberedBatch(0, 1), { number: 1 }, never),
  ).toMatchObject({
    outcome: 'failed',
    reason: expect.stringContaining('does not speak TLS'),
  });
  const secure = await receive({ tls: trusted });
  expect(await openSink(secure.port).send(numberedBatch(0, 1), { number: 1 }, never)).toMatchObject({
    outcome: 'failed',
  });
});

test('nobody listens, or the name leads nowhere: said in a sentence', async () => {
  const { port } = await new Promise<{ port: number }>((found) => {
    const server = createServer();
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => found({ port: typeof address === 'object' && address !== null ? address.port : 0 }));
    });
  });
  expect(await openSink(port).send(numberedBatch(0, 1), { number: 1 }, never)).toMatchObject({
    reason: expect.stringContaining('Nothing listens at 127.0.0.1:'),
  });
  const nowhere = openSink(port, {
    host: 'nowhere.test',
    resolve: (_name, _options, done) => done(Object.assign(new Error('no'), { code: 'ENOTFOUND' }), []),
  });
  expect(await nowhere.send(numberedBatch(0, 1), { number: 1 }, never)).toMatchObject({
    reason: expect.stringContaining('is not known'),
  });
});

test('addresses of this network are refused unless allowed, also where a name leads there only when it is connected to', async () => {
  const { port, connections } = await receive();
  for (const host of ['127.0.0.1', '::1', 'localhost', '2130706433', '169.254.169.254', 'rebound.test'])
    expect(
      await openSink(port, {
        host,
        rules: { allowPrivate: false },
        resolve: toLoopback,
      }).send(numberedBatch(0, 1), { number: 1 }, never),
    ).toMatchObject({
      outcome: 'failed',
      reason: expect.stringMatching(/^The address of the receiver is refused: .*\.$/),
    });
  expect(connections()).toBe(0);
});

test('a sink that was closed sends nothing, and closing twice is no error', async () => {
  const { port, connections } = await receive();
  const sink = openSink(port);
  await sink.close();
  await sink.close();
  expect(await sink.send(numberedBatch(0, 1), { number: 1 }, never)).toMatchObject({ outcome: 'failed' });
  expect(connections()).toBe(0);
});
