/**
 * Syslog over UDP (RFC 5426): a datagram is a message. Nothing tells a sender to wait, so what does not fit into the
 * kernel's buffer, or into memory while the stream takes nothing, is lost; it is counted and logged.
 *
 * A thread of its own reads the socket (`udp-thread.ts`): this process's loop may be busy for longer than the
 * kernel's buffer lasts.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import type { RecordLane } from '../records/record-lane.ts';
import { toMessage } from './frames.ts';
import type { Frame } from './frames.ts';
import type { ListenAddress } from '../listen-address.ts';
import { createReception } from './reception.ts';
import type { ReceptionDependencies } from './reception.ts';
import { normalizeAddress } from './sender-sources.ts';
import type { Listener, ListenerLogger } from './tcp-listener.ts';
import { readUdpDrops } from './udp-drops.ts';
import type { FromUdpThread, ToUdpThread, UdpThreadOptions } from './udp-thread-messages.ts';

export interface UdpListenerOptions extends ReceptionDependencies {
  readonly listen: ListenAddress;
  readonly lane: RecordLane;
  readonly maxMessageBytes: number;
  /** Most bytes read that are not in the lane yet. */
  readonly maxPendingBytes: number;
  /** Wanted size of the kernel's buffer, bytes; the system may give less. */
  readonly bufferBytes: number;
  readonly logger: ListenerLogger;
}

type Batch = Extract<FromUdpThread, { readonly kind: 'batch' }>;

const LOSSES_EVERY_MS = 5000;
/** How long the lane may take to have room for the rest at a stop. */
const STOP_MS = 5000;
const REMEMBERED_ADDRESSES = 10_000;

/** Rejects where the address cannot be listened on. */
export async function listenUdp(options: UdpListenerOptions): Promise<Listener> {
  const { listen, lane, metrics, logger } = options;
  const take = createTaker(options);
  const waiting: Batch[] = [];
  const workerData: UdpThreadOptions = { ...listen, ...pick(options) };
  const thread = new Worker(new URL('./udp-thread.ts', import.meta.url), { workerData });
  let refused = 0;
  let trouble: string | undefined;
  let stopped: (drops?: number) => void = () => undefined;
  const ended = new Promise<number | undefined>((resolve) => (stopped = resolve));

  function say(message: ToUdpThread): void {
    thread.postMessage(message);
  }

  /** A batch is given back when it is in the lane, so that the thread refuses while the lane is full. */
  function takeWaiting(): void {
    while (!lane.full) {
      const batch = waiting.shift();
      if (batch === undefined) return;
      take(batch);
      say({ kind: 'taken', cost: batch.cost });
    }
  }

  lane.onRoom(takeWaiting);
  const port = await new Promise<number>((resolve, reject) => {
    thread.once('error', reject);
    thread.on('message', (message: FromUdpThread) => {
      switch (message.kind) {
        case 'listening':
          warnOfSmallBuffer(message.bufferBytes, options);
          resolve(message.port);
          break;
        case 'failed':
          trouble = message.message;
          logger.error({ reason: message.message }, 'the syslog socket (UDP) failed');
          reject(Object.assign(new Error(message.message), { code: message.code }));
          break;
        case 'batch':
          waiting.push(message);
          takeWaiting();
          break;
        case 'refused':
          refused += message.datagrams;
          break;
        case 'stopped':
          stopped(message.drops);
          break;
      }
    });
  }).catch(async (error: unknown) => {
    await thread.terminate();
    throw error;
  });
  thread.on('error', (error) => {
    trouble = error.message;
    logger.error({ err: error }, 'the thread that reads syslog over UDP ended');
  });
  thread.on('exit', () => stopped());
  let dropped = (await readUdpDrops(port)) ?? 0;

  function tellLosses(drops: number): void {
    const byKernel = Math.max(0, drops - dropped);
    const byProcess = refused;
    dropped = Math.max(dropped, drops);
    refused = 0;
    if (byKernel + byProcess === 0) return;
    metrics.udpLost('kernel', byKernel);
    metrics.udpLost('process', byProcess);
    logger.error(
      { kernel: byKernel, process: byProcess },
      'syslog messages over UDP were lost: they came faster than they were taken',
    );
  }

  const timer = setInterval(() => {
    say({ kind: 'losses' });
    void readUdpDrops(port).then((drops) => tellLosses(drops ?? dropped));
  }, LOSSES_EVERY_MS);
  return {
    port,
    trouble: () => trouble,
    async stop() {
      clearInterval(timer);
      say({ kind: 'stop' });
      const drops = await ended;
      const deadline = Date.now() + STOP_MS;
      while (waiting.length > 0 && Date.now() < deadline) await sleep(10);
      // The lane says what it gives up; it must have been given all.
      for (const batch of waiting.splice(0)) take(batch);
      tellLosses(drops ?? dropped);
      await thread.terminate();
    },
  };
}

/** Puts the datagrams of a batch into the lane, those of one sender in a row together. */
function createTaker(options: UdpListenerOptions): (batch: Batch) => void {
  const reception = createReception('udp', options.lane, options);
  const known = new Map<string, string>();

  function addressOf(written: string): string {
    let address = known.get(written);
    if (address === undefined) {
      address = normalizeAddress(written);
      if (known.size >= REMEMBERED_ADDRESSES) known.clear();
      known.set(written, address);
    }
    return address;
  }

  return ({ data, lengths, addresses }) => {
    const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
    let frames: Frame[] = [];
    let at = 0;
    lengths.forEach((length, index) => {
      const kept = bytes.subarray(at, at + Math.min(length, options.maxMessageBytes));
      at += length;
      const message = toMessage(kept, length);
      if (message !== undefined) frames.push(message);
      if (addresses[index] === addresses[index + 1]) return;
      reception.receive(addressOf(addresses[index] ?? ''), frames);
      frames = [];
    });
  };
}

function pick({ bufferBytes, maxPendingBytes }: UdpListenerOptions): Omit<UdpThreadOptions, 'host' | 'port'> {
  return { bufferBytes, maxPendingBytes };
}

function warnOfSmallBuffer(given: number, { bufferBytes, logger }: UdpListenerOptions): void {
  if (given < bufferBytes)
    logger.warn(
      { wanted: bufferBytes, given },
      'the system gives a smaller UDP buffer than CADF_SYSLOG_UDP_BUFFER (raise net.core.rmem_max)',
    );
}
