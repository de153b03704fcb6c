import { createSocket } from 'node:dgram';
import { expect, test } from 'vitest';
import { dropsIn, readUdpDrops } from './udp-drops.ts';

test('drops of a port are summed over its sockets, those of other ports are not', () => {
  const table = [
    '   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops',
    '  101: 0100007F:0202 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 11 2 0000000000000000 40',
    '  102: 00000000:0202 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 12 2 0000000000000000 2',
    '  103: 0100007F:1202 0100007F:0202 07 00000000:00000000 00:00000000 00000000     0        0 13 2 0000000000000000 500',
    '',
  ].join('\n');
  expect(dropsIn(table, 0x202)).toBe(42);
  expect(dropsIn(table, 1)).toBe(0);
});

test('a socket of this machine that nobody reads drops what does not fit, and that is seen', async (context) => {
  const socket = createSocket('udp4');
  await new Promise<void>((bound) => socket.bind(0, '127.0.0.1', bound));
  const { port } = socket.address();
  if ((await readUdpDrops(port)) === undefined) return context.skip();
  socket.setRecvBufferSize(2048);
  const sender = createSocket('udp4');
  // All of it is sent before this process comes to read anything.
  const sent = Array.from(
    { length: 200 },
    () => new Promise((done) => sender.send(Buffer.alloc(1000), port, '127.0.0.1', done)),
  );
  await Promise.all(sent);
  expect(await readUdpDrops(port)).toBeGreaterThan(0);
  sender.close();
  socket.close();
});
