import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { createKafkaStream } from '../kafka-stream.ts';
import { createFrameCheck, MAX_ANSWER_BYTES } from './sound-frames.ts';

function framed(...lengths: number[]): Buffer {
  return Buffer.concat(
    lengths.map((length) => {
      const frame = Buffer.alloc(4 + Math.max(0, Math.min(length, 1000)));
      frame.writeInt32BE(length, 0);
      return frame;
    }),
  );
}

test('answers pass, however they are cut apart', () => {
  const text = framed(4, 1000, 5);
  const check = createFrameCheck();
  expect(check(text)).toBeUndefined();
  for (const byte of text) expect(check(Buffer.from([byte]))).toBeUndefined();
  expect(check(framed(MAX_ANSWER_BYTES))).toBeUndefined();
});

test.each([0, 1, 3, -5, -1, 0x7f_ff_ff_ff, MAX_ANSWER_BYTES + 1])(
  'an answer of %d bytes is none',
  (length) => {
    expect(createFrameCheck()(Buffer.concat([framed(8), framed(length)]))).toContain(`of ${length} bytes`);
  },
);

/** What a broker sends, given the correlation id it is asked with. */
const answer = (correlationId: Buffer, text: Buffer): Buffer => {
  const length = Buffer.alloc(4);
  length.writeInt32BE(4 + text.length, 0);
  return Buffer.concat([length, correlationId, text]);
};

test.each<[string, (correlationId: Buffer) => Buffer]>([
  ['too short for an answer', () => Buffer.from([0, 0, 0, 2, 1, 1])],
  ['endless', () => Buffer.from([0x7f, 0xff, 0xff, 0xff, 0, 0, 0, 0])],
  ['an answer to nothing', () => answer(Buffer.from([9, 9, 9, 9]), Buffer.alloc(40))],
  ['an answer that ends too early', (id) => answer(id, Buffer.from([0]))],
  ['an answer of other bytes', (id) => answer(id, Buffer.alloc(300, 255))],
])('a broker that sends what is %s fails the request, and nothing beside it', async (_, make) => {
  const outside: unknown[] = [];
  const hear = (error: unknown): void => void outside.push(error);
  process.on('uncaughtException', hear);
  const broker = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.on('data', (asked: Buffer) => socket.write(make(asked.subarray(8, 12))));
  });
  await new Promise<void>((done) => broker.listen(0, '127.0.0.1', done));
  const { port } = broker.address() as AddressInfo;
  const stream = createKafkaStream({
    brokers: [`127.0.0.1:${port}`],
    requestTimeoutMs: 500,
    deliveryTimeoutMs: 500,
    guard: { refusalOfHost: () => undefined, refusalOfAddress: () => undefined },
  });
  onTestFinished(async () => {
    process.off('uncaughtException', hear);
    await stream.close();
    broker.close();
  });
  await expect(stream.bounds('audit')).rejects.toThrow();
  await new Promise((resolve) => setImmediate(resolve));
  expect(outside).toEqual([]);
});
