import { expect, test } from 'vitest';
import { connectionOptions } from './platformatic/connection-options.ts';
import { kafkaSettings, topicConfig } from './options.ts';

test('what is not said has a default', () => {
  expect(kafkaSettings({ brokers: ['a:9092'] })).toEqual({
    brokers: ['a:9092'],
    client: 'platformatic',
    clientId: 'cadf-pipeline',
    tls: undefined,
    sasl: undefined,
    compression: 'zstd',
    lingerMs: 0,
    deliveryTimeoutMs: 120_000,
    requestTimeoutMs: 30_000,
    sessionTimeoutMs: 30_000,
    replicas: -1,
    maxPendingBytes: 64 * 1024 * 1024,
    maxRecordBytes: 2 * 1024 * 1024,
    maxRequestBytes: 8 * 1024 * 1024,
  });
});

test('what cannot be meant is refused, with its name', () => {
  expect(() => kafkaSettings({ brokers: [] })).toThrow(/brokers: at least one/);
  expect(() => kafkaSettings({ brokers: ['kafka.example'] })).toThrow(/"kafka.example" is not host:port/);
  expect(() => kafkaSettings({ brokers: ['[::1]:9092', 'kafka-1.example:9093'] })).not.toThrow();
  expect(() => kafkaSettings({ brokers: ['a:1'], lingerMs: 6 })).toThrow(/lingerMs/);
  expect(kafkaSettings({ brokers: ['a:1'], deliveryTimeoutMs: 5_000 }).requestTimeoutMs).toBe(5_000);
});

test('TLS and SASL reach the connection in its own words', () => {
  const sasl = { mechanism: 'scram-sha-512', username: 'u', password: 'p' } as const;
  const secured = connectionOptions(
    kafkaSettings({ brokers: ['a:1'], tls: { ca: 'CERT', servername: 'kafka.internal' }, sasl }),
  );
  expect(secured).toMatchObject({
    tls: { ca: 'CERT' },
    tlsServerName: 'kafka.internal',
    sasl: { mechanism: 'SCRAM-SHA-512', username: 'u', password: 'p' },
    autocreateTopics: false,
  });
  expect(connectionOptions(kafkaSettings({ brokers: ['a:1'], tls: true }))).toMatchObject({
    tls: {},
    tlsServerName: true,
  });
  const plain = connectionOptions(kafkaSettings({ brokers: ['a:1'], tls: false }));
  expect(plain).not.toHaveProperty('tls');
  expect(plain).not.toHaveProperty('sasl');
});

test('a topic’s settings become its configuration', () => {
  expect(topicConfig({ cleanup: 'delete', retentionMs: 1000, retentionBytes: 5 }, 1024)).toEqual({
    'cleanup.policy': 'delete',
    'retention.ms': '1000',
    'retention.bytes': '5',
    'max.message.bytes': String(1024 + 1024 * 1024),
  });
  expect(topicConfig({ cleanup: 'compact' }, 0)).toMatchObject({
    'cleanup.policy': 'compact',
    'retention.ms': '-1',
    'retention.bytes': '-1',
  });
});
