import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { createKafkaSink } from './kafka-sink.ts';

/** An answer to ApiVersions 3 without any API: no error, an empty list, no throttling, no tags. */
const NO_APIS = Buffer.from([0, 0, 1, 0, 0, 0, 0, 0]);

test('a broker that answers nonsense for ever is given up, and not asked any more', async () => {
  let asked = 0;
  const sockets = new Set<Socket>();
  const broker = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => undefined);
    socket.on('data', (request: Buffer) => {
      asked += 1;
      const head = Buffer.alloc(8);
      head.writeInt32BE(4 + NO_APIS.length, 0);
      request.copy(head, 4, 8, 12);
      socket.write(Buffer.concat([head, NO_APIS]));
    });
  });
  await new Promise<void>((done) => broker.listen(0, '127.0.0.1', done));
  const { port } = broker.address() as AddressInfo;
  const sink = createKafkaSink({
    topic: 'audit',
    format: 'cadf',
    cluster: { brokers: [`127.0.0.1:${port}`] },
    ownCluster: undefined,
    attemptMs: 300,
    rules: { addresses: { allowPrivate: true }, topicPrefix: undefined, tenants: '*' },
  });
  onTestFinished(async () => {
    await sink.close();
    for (const socket of sockets) socket.destroy();
    broker.close();
  });
  await expect(sink.mark?.(new AbortController().signal)).rejects.toThrow(
    'The cluster gave no sound answer in 600 ms.',
  );
  expect(asked).toBeGreaterThan(1);
  await expect.poll(() => sockets.size).toBe(0);
  const then = asked;
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(asked).toBe(then);
});
