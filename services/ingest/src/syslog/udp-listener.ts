/**
 * Syslog over UDP (RFC 5426): a datagram is a message. Nothing tells a sender to wait, so what does not fit into the
 * kernel's buffer, or into the lane while the stream takes nothing, is lost; it is counted and logged.
 */
import { createSocket } from 'node:dgram';
import type { Socket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RecordLane } from '../records/record-lane.ts';
import { toMessage } from './frames.ts';
import type { ListenAddress } from './listen-address.ts';
import { createReception } from './reception.ts';
import type { ReceptionDependencies } from './reception.ts';
import { normalizeAddress } from './sender-sources.ts';
import type { Listener, ListenerLogger } from './tcp-listener.ts';
import { readUdpDrops } from './udp-drops.ts';

export interface UdpListenerOptions extends ReceptionDependencies {
  readonly listen: ListenAddress;
  readonly lane: RecordLane;
  readonly maxMessageBytes: number;
  /** Wanted size of the kernel's buffer, bytes; the system may give less. */
  readonly bufferBytes: number;
  readonly logger: ListenerLogger;
}

const LOSSES_EVERY_MS = 5000;
/** What the kernel still holds at a stop is read for so long. */
const DRAIN_MS = 100;

/** Rejects where the address cannot be listened on. */
export async function listenUdp(options: UdpListenerOptions): Promise<Listener> {
  const { listen, lane, metrics, logger, maxMessageBytes } = options;
  const reception = createReception('udp', lane, options);
  const socket = createSocket({ type: isIPv6(listen.host) ? 'udp6' : 'udp4' });
  let refused = 0;
  socket.on('message', (bytes, { address }) => {
    if (lane.full) {
      refused++;
      return;
    }
    const isLong = bytes.length > maxMessageBytes;
    const message = toMessage(isLong ? bytes.subarray(0, maxMessageBytes) : bytes, bytes.length);
    if (message !== undefined) reception.receive(normalizeAddress(address), [message]);
  });
  await bound(socket, listen);
  socket.on('error', (error) => logger.warn({ err: error }, 'the syslog socket (UDP) failed'));
  enlarge(socket, options.bufferBytes, logger);
  const { port } = socket.address();
  let dropped = (await readUdpDrops(port)) ?? 0;

  async function tellLosses(): Promise<void> {
    const drops = (await readUdpDrops(port)) ?? dropped;
    const byKernel = Math.max(0, drops - dropped);
    const byProcess = refused;
    dropped = drops;
    refused = 0;
    if (byKernel + byProcess === 0) return;
    metrics.udpLost('kernel', byKernel);
    metrics.udpLost('process', byProcess);
    logger.error(
      { kernel: byKernel, process: byProcess },
      'syslog messages over UDP were lost: they came faster than they were taken',
    );
  }

  const timer = setInterval(() => void tellLosses().catch(() => undefined), LOSSES_EVERY_MS);
  return {
    port,
    async stop() {
      await sleep(DRAIN_MS);
      clearInterval(timer);
      await tellLosses();
      await new Promise<void>((closed) => socket.close(() => closed()));
    },
  };
}

function bound(socket: Socket, { host, port }: ListenAddress): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once('error', reject);
    socket.bind(port, host, () => {
      socket.off('error', reject);
      resolve();
    });
  });
}

function enlarge(socket: Socket, bufferBytes: number, logger: ListenerLogger): void {
  socket.setRecvBufferSize(bufferBytes);
  const given = socket.getRecvBufferSize();
  if (given < bufferBytes)
    logger.warn(
      { wanted: bufferBytes, given },
      'the system gives a smaller UDP buffer than CADF_SYSLOG_UDP_BUFFER (raise net.core.rmem_max)',
    );
}
