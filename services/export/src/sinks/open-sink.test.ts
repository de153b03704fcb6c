import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import type { SyslogTarget } from '@cadf-pipeline/control-state';
import { expect, onTestFinished, test } from 'vitest';
import { testSubscription } from '../delivery/delivery.test-support.ts';
import { createSecretBox } from '../subscription/secret-box.ts';
import { openSink } from './open-sink.ts';
import { outgoingBatch, tailEvent } from './outgoing.test-support.ts';

const deps = {
  box: createSecretBox(Buffer.alloc(32)),
  rules: { allowPrivate: true },
  topicPrefix: undefined,
  ownCluster: undefined,
  now: Date.now,
};

/** What a syslog receiver gets of an event of 5,000 characters. */
async function received(changes: Partial<SyslogTarget>): Promise<string> {
  const parts: Buffer[] = [];
  const open: Socket[] = [];
  const server = createServer((socket) => {
    open.push(socket);
    socket.on('data', (part: Buffer) => parts.push(part));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  const target: SyslogTarget = {
    type: 'syslog',
    host: '127.0.0.1',
    port,
    transport: 'tcp',
    format: 'json',
    ...changes,
  };
  const sink = openSink(deps, testSubscription({ sink: target }));
  onTestFinished(async () => {
    await sink.close();
    for (const socket of open) socket.destroy();
    server.close();
  });
  const batch = outgoingBatch([tailEvent(0, { name: 'y'.repeat(5000) })], 'b');
  const { signal } = new AbortController();
  expect(await sink.send(batch, { number: 1 }, signal)).toMatchObject({ outcome: 'delivered' });
  return Buffer.concat(parts).toString();
}

test('a syslog receiver is sent no larger messages than the subscription says', async () => {
  expect(await received({ maxMessageBytes: 1024 })).toMatch(/ cut="\d+"\] \{[^]{1,1022}\}$/);
  expect(await received({})).toContain('y'.repeat(5000));
});
