/**
 * The thread that reads a UDP socket, so that datagrams are read also while the process's own loop is busy. It collects
 * what comes and posts it in batches; what is posted and not taken yet is bounded, past that datagrams are refused and
 * counted.
 */
import { createSocket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { readUdpDrops } from './udp-drops.ts';
import type { FromUdpThread, ToUdpThread, UdpThreadOptions } from './udp-thread-messages.ts';

/** A batch is posted when it holds so many bytes, or when so long passed since its first datagram. */
const BATCH_BYTES = 256 * 1024;
const BATCH_MS = 5;
/** Charged per datagram beside its bytes. */
const OVERHEAD_BYTES = 64;
/** What the kernel still holds at a stop is read for so long. */
const DRAIN_MS = 100;

const { host, port, bufferBytes, maxPendingBytes } = workerData as UdpThreadOptions;
const socket = createSocket({ type: isIPv6(host) ? 'udp6' : 'udp4' });
let datagrams: Buffer[] = [];
let addresses: string[] = [];
let batchBytes = 0;
let pendingBytes = 0;
let refused = 0;
let timer: NodeJS.Timeout | undefined;

socket.on('message', (bytes, { address }) => {
  const cost = bytes.length + OVERHEAD_BYTES;
  if (pendingBytes + batchBytes + cost > maxPendingBytes) {
    refused++;
    return;
  }
  datagrams.push(bytes);
  addresses.push(address);
  batchBytes += cost;
  if (batchBytes >= BATCH_BYTES) flush();
  else timer ??= setTimeout(flush, BATCH_MS);
});
socket.on('error', (error) => {
  const code = 'code' in error && typeof error.code === 'string' ? { code: error.code } : {};
  post({ kind: 'failed', message: error.message, ...code });
});
socket.bind(port, host, () => {
  socket.setRecvBufferSize(bufferBytes);
  post({ kind: 'listening', port: socket.address().port, bufferBytes: socket.getRecvBufferSize() });
});

parentPort?.on('message', (message: ToUdpThread) => {
  if (message.kind === 'taken') pendingBytes -= message.cost;
  else if (message.kind === 'losses') tellRefused();
  else void stop();
});

function flush(): void {
  clearTimeout(timer);
  timer = undefined;
  if (datagrams.length === 0) return;
  const lengths = datagrams.map(({ length }) => length);
  const data = new Uint8Array(lengths.reduce((sum, length) => sum + length, 0));
  let at = 0;
  for (const bytes of datagrams) {
    data.set(bytes, at);
    at += bytes.length;
  }
  post({ kind: 'batch', data, lengths, addresses, cost: batchBytes }, [data.buffer]);
  pendingBytes += batchBytes;
  datagrams = [];
  addresses = [];
  batchBytes = 0;
}

function tellRefused(): void {
  post({ kind: 'refused', datagrams: refused });
  refused = 0;
}

async function stop(): Promise<void> {
  await sleep(DRAIN_MS);
  // Once it is closed, nobody knows any more.
  const drops = await readUdpDrops(socket.address().port);
  await new Promise<void>((closed) => socket.close(() => closed()));
  flush();
  tellRefused();
  post({ kind: 'stopped', ...(drops === undefined ? {} : { drops }) });
  parentPort?.close();
}

function post(message: FromUdpThread, transfer: readonly ArrayBuffer[] = []): void {
  parentPort?.postMessage(message, transfer);
}
