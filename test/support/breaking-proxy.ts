/** A TCP proxy of a test that breaks connections off in the middle, and whose service may move. */
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';

export interface BreakingProxy {
  readonly url: string;
  /** How many connections were broken off. */
  readonly broken: number;
  /** Where connections lead from now on. */
  lead(to: string): void;
  /** Breaks off all connections there are. */
  breakAll(): void;
  close(): Promise<void>;
}

/** Breaks each connection off after `bytes()` bytes of answers; undefined lets it be. */
export async function startBreakingProxy(
  target: string,
  bytes: () => number | undefined,
): Promise<BreakingProxy> {
  let to = new URL(target);
  let broken = 0;
  const open = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(Number(to.port), to.hostname);
    const limit = bytes();
    let passed = 0;
    const end = (): void => {
      near.destroy();
      far.destroy();
      open.delete(near);
    };
    open.add(near);
    near.on('error', end).on('close', end);
    far.on('error', end).on('close', end);
    near.pipe(far);
    far.on('data', (part: Buffer) => {
      passed += part.length;
      const over = limit === undefined ? 0 : passed - limit;
      if (over <= 0) {
        if (!near.write(part)) {
          far.pause();
          near.once('drain', () => far.resume());
        }
        return;
      }
      broken++;
      // What is sent before it breaks off may end anywhere.
      near.write(part.subarray(0, Math.max(0, part.length - over)), end);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get broken() {
      return broken;
    },
    lead(next) {
      to = new URL(next);
    },
    breakAll() {
      for (const socket of open) {
        broken++;
        socket.destroy();
      }
    },
    async close() {
      for (const socket of open) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
