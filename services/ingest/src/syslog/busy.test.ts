/** A process whose loop is busy for longer than the kernel's buffer lasts still gets its datagrams. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { createRecordLane } from '../records/record-lane.ts';
import { listenUdp } from './udp-listener.ts';

const SENDER = `
import { createSocket } from 'node:dgram';
const socket = createSocket('udp4');
const port = Number(process.argv[2]);
process.on('message', async () => {
  for (let index = 0; index < 2000; index++) {
    await new Promise((sent) => socket.send('<13>' + index + 'x'.repeat(1000), port, '127.0.0.1', sent));
    if (index % 20 === 0) await new Promise((resume) => setTimeout(resume, 2));
  }
  socket.close();
  process.disconnect();
});
process.send('ready');
`;

test('datagrams are read while the process does something else', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'cadf-udp-'));
  const quiet = (): void => undefined;
  const logger = { info: quiet, warn: quiet, error: quiet };
  let taken = 0;
  let lost = 0;
  const stream = {
    append: async (_topic: string, { records }: { readonly records: readonly unknown[] }) => {
      taken += records.length;
      return [];
    },
  };
  const listener = await listenUdp({
    listen: { host: '127.0.0.1', port: 0 },
    lane: createRecordLane({ stream, logger, maxPendingBytes: 1e8 }),
    maxMessageBytes: 10_000,
    maxPendingBytes: 1e8,
    // Room for less than half of them.
    bufferBytes: 1_000_000,
    senders: { sourceOf: () => 's', close: quiet },
    metrics: {
      received: quiet,
      connections: quiet,
      closed: quiet,
      udpLost: (_where, datagrams) => (lost += datagrams),
    },
    logger,
    now: Date.now,
  });
  writeFileSync(join(folder, 'sender.mjs'), SENDER);
  const sender = fork(join(folder, 'sender.mjs'), [String(listener.port)]);
  await once(sender, 'message');
  sender.send('go');
  const until = Date.now() + 1500;
  while (Date.now() < until);
  await once(sender, 'exit');
  await vi.waitFor(() => expect(taken).toBeGreaterThan(0));
  await listener.stop();
  rmSync(folder, { recursive: true });
  expect({ taken, lost }).toEqual({ taken: 2000, lost: 0 });
});
