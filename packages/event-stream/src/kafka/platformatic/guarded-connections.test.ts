import { expect, test } from 'vitest';
import { createKafkaStream } from '../kafka-stream.ts';

test('a certificate that is none fails the request, and nothing beside it', async () => {
  const outside: unknown[] = [];
  const hear = (error: unknown): void => void outside.push(error);
  process.on('uncaughtException', hear);
  const stream = createKafkaStream({
    brokers: ['127.0.0.1:1'],
    tls: { cert: 'no certificate', key: 'no key' },
    requestTimeoutMs: 1000,
    deliveryTimeoutMs: 1000,
    guard: { refusalOfHost: () => undefined, refusalOfAddress: () => undefined },
  });
  try {
    await expect(stream.bounds('audit')).rejects.toThrow('PEM');
    // What a subscriber of a diagnostics channel throws comes in the next turn.
    await new Promise((resolve) => setImmediate(resolve));
    expect(outside).toEqual([]);
  } finally {
    process.off('uncaughtException', hear);
    await stream.close();
  }
});
