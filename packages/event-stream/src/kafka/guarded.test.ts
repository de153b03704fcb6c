/** Connections that a guard refuses: literal addresses, names that lead there, brokers that a cluster names itself. */
import { createServer, type Server, type Socket } from 'node:net';
import { afterAll, describe, expect, onTestFinished, test } from 'vitest';
import { kafkaOrSkip } from '../../../../test/support/kafka.ts';
import { createKafkaStream } from './kafka-stream.ts';
import type { ConnectionGuard } from './options.ts';

/** Counts who connects. */
async function listener(host: string): Promise<{ port: number; connections: () => number }> {
  let connections = 0;
  const open = new Set<Socket>();
  const server: Server = createServer((socket) => {
    connections += 1;
    open.add(socket);
    socket.on('error', () => undefined);
  });
  await new Promise<void>((listening) => server.listen(0, host, listening));
  onTestFinished(() => {
    for (const socket of open) socket.destroy();
    server.close();
  });
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    connections: () => connections,
  };
}

const noLoopback: ConnectionGuard = {
  refusalOfHost: (host) => (host === 'refused.example' ? 'this name is refused' : undefined),
  refusalOfAddress: (address) => (/^(127\.|::1$)/.test(address) ? `${address} is refused` : undefined),
};

for (const tls of [false, true])
  test(`an address that is refused is not connected to, literal or by name, ${tls ? 'with' : 'without'} TLS`, async () => {
    const target = await listener('127.0.0.1');
    for (const [host, reason] of [
      ['127.0.0.1', /127\.0\.0\.1 is refused/],
      ['localhost', /is refused/],
      ['refused.example', /this name is refused/],
    ] as const) {
      const stream = createKafkaStream({
        brokers: [`${host}:${target.port}`],
        guard: noLoopback,
        tls,
        deliveryTimeoutMs: 500,
      });
      await expect(stream.bounds('t')).rejects.toThrow(reason);
      await expect(stream.append('t', { records: [{ key: 'k', value: null }] })).rejects.toThrow(reason);
      await stream.close();
    }
    expect(target.connections()).toBe(0);
  });

test('kafkajs is not taken with a guard', () => {
  expect(() => createKafkaStream({ brokers: ['a:1'], client: 'kafkajs', guard: noLoopback })).toThrow(
    RangeError,
  );
});

const kafka = await kafkaOrSkip();
afterAll(() => kafka?.stop());

describe.skipIf(kafka === undefined)('a cluster whose brokers tell where they are', () => {
  test('the address a broker tells is asked about, too', async () => {
    const port = Number(kafka?.brokers[0]?.split(':')[1]);
    const asked: string[] = [];
    const byName: ConnectionGuard = {
      refusalOfHost: (host) => {
        asked.push(host);
        return host === '127.0.0.1' ? 'the broker told an address that is refused' : undefined;
      },
      refusalOfAddress: () => undefined,
    };
    const stream = createKafkaStream({
      brokers: [`localhost:${port}`],
      guard: byName,
      deliveryTimeoutMs: 2_000,
    });
    onTestFinished(() => stream.close());
    await stream.createTopics([{ name: 'guarded', partitions: 1, cleanup: 'delete' }]);
    const refused = stream.append('guarded', { records: [{ key: 'k', value: null }] });
    await expect(refused).rejects.toThrow(/address that is refused/);
    expect(new Set(asked)).toEqual(new Set(['localhost', '127.0.0.1']));
  });

  test('what is allowed works as without a guard', async () => {
    const guard: ConnectionGuard = {
      refusalOfHost: () => undefined,
      refusalOfAddress: () => undefined,
    };
    const stream = createKafkaStream({ brokers: kafka?.brokers ?? [], guard });
    onTestFinished(() => stream.close());
    await stream.createTopics([{ name: 'allowed', partitions: 2, cleanup: 'delete' }]);
    const [position] = await stream.append('allowed', { records: [{ key: 'k', value: Buffer.from('v') }] });
    expect(position?.offset).toBe(0);
  });
});
