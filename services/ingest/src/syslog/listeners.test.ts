/** The listeners on real sockets, over a stream that can be held up. */
import { createSocket } from 'node:dgram';
import { connect } from 'node:net';
import type { AppendBatch, Position } from '@cadf-pipeline/event-stream';
import { StreamError } from '@cadf-pipeline/event-stream';
import { loadConfig } from '@cadf-pipeline/service-kit';
import { onTestFinished, expect, test, vi } from 'vitest';
import { recordSettings } from '../record-settings.ts';
import { createSyslogListeners } from './syslog-listeners.ts';
import type { SyslogListeners } from './syslog-listeners.ts';

interface Listening {
  readonly listeners: SyslogListeners;
  readonly port: number;
  /** What the stream took, in order. */
  readonly taken: string[];
  readonly lost: ReadonlyMap<string, number>;
  readonly received: () => number;
  /** Lets appends fail, or work again. */
  readonly hold: (isHeld: boolean) => void;
}

async function listen(transport: 'tcp' | 'udp', isHeldUp = false, at = 0): Promise<Listening> {
  const taken: string[] = [];
  const lost = new Map<string, number>();
  let received = 0;
  let isHeld = isHeldUp;
  const quiet = (): void => undefined;
  const listeners = createSyslogListeners({
    stream: {
      async append(_topic: string, batch: AppendBatch): Promise<readonly Position[]> {
        await new Promise((resume) => setImmediate(resume));
        if (isHeld) throw new StreamError('STREAM_OVERLOADED', 'held');
        for (const { value } of batch.records) taken.push(Buffer.from(value ?? []).toString());
        return [];
      },
    },
    state: { list: () => [], onChange: () => quiet },
    config: loadConfig(recordSettings, {
      [`CADF_SYSLOG_${transport.toUpperCase()}`]: String(at),
      CADF_SYSLOG_SOURCE: 'rest',
      CADF_SYSLOG_MAX_PENDING: '1MiB',
    }),
    maxMessageBytes: 100_000,
    metrics: {
      received: (_transport, messages) => (received += messages),
      connections: quiet,
      closed: quiet,
      udpLost: (where, datagrams) => lost.set(where, (lost.get(where) ?? 0) + datagrams),
    },
    logger: { info: quiet, warn: quiet, error: quiet },
    now: Date.now,
  });
  await listeners.start();
  onTestFinished(() => listeners.stop());
  return {
    listeners,
    port: listeners.ports().get(transport) ?? 0,
    taken,
    lost,
    received: () => received,
    hold: (value) => (isHeld = value),
  };
}

const line = (index: number): string => `<13>${index} ${'x'.repeat(2000)}`;

test('while the stream takes nothing a TCP sender has to wait, and nothing is lost', async () => {
  const { port, taken, received, hold } = await listen('tcp', true);
  const lines = 20_000;
  const socket = connect({ host: '127.0.0.1', port });
  let written = 0;
  const writing = (async () => {
    for (; written < lines; written++)
      if (!socket.write(`${line(written)}\n`)) await new Promise((drained) => socket.once('drain', drained));
    socket.end();
  })();
  // The kernel's buffers on both sides are full when nothing moves any more.
  let before = -1;
  await vi.waitFor(
    () => {
      const isStill = written === before && written > 0;
      before = written;
      expect(isStill).toBe(true);
    },
    { interval: 300, timeout: 10_000 },
  );
  expect(written).toBeLessThan(lines);
  expect(received()).toBeLessThan(3000);
  hold(false);
  await writing;
  await vi.waitFor(() => expect(taken).toHaveLength(lines), { timeout: 10_000 });
  expect(taken.every((text, index) => text === line(index))).toBe(true);
});

test('a stop makes durable what was on its way', async () => {
  const { port, taken, listeners } = await listen('tcp');
  const socket = connect({ host: '127.0.0.1', port });
  for (let index = 0; index < 1000; index++) socket.write(`${line(index)}\n`);
  await vi.waitFor(() => expect(taken.length).toBeGreaterThan(0));
  await listeners.stop();
  expect(taken).toHaveLength(1000);
  socket.destroy();
});

test('a datagram is a record whatever is in it; an empty one is none', async () => {
  const { port, taken } = await listen('udp');
  const socket = createSocket('udp4');
  for (const text of ['<13>one\ntwo\n', '', '12 <13>three']) socket.send(text, port, '127.0.0.1');
  await vi.waitFor(() => expect(taken).toEqual(['<13>one\ntwo', '12 <13>three']));
  socket.close();
});

test('an address that is taken is refused at the start, and nothing listens', async () => {
  const { port } = await listen('udp');
  await expect(listen('udp', false, port)).rejects.toMatchObject({ code: 'EADDRINUSE' });
});

test('what is lost over UDP is counted, so that all sums up', async () => {
  const { port, taken, lost, received, hold, listeners } = await listen('udp', true);
  const socket = createSocket('udp4');
  const sent = 5000;
  for (let index = 0; index < sent; index++) {
    const done = new Promise((resume) => socket.send(line(index), port, '127.0.0.1', resume));
    if (index % 50 === 0 || index === sent - 1) await done;
  }
  await new Promise((resume) => socket.close(() => resume(undefined)));
  await vi.waitFor(() => expect(received()).toBeGreaterThan(100));
  hold(false);
  await listeners.stop();
  expect(taken.length).toBe(received());
  expect(lost.get('process')).toBeGreaterThan(0);
  expect(taken.length + (lost.get('process') ?? 0) + (lost.get('kernel') ?? 0)).toBe(sent);
});
