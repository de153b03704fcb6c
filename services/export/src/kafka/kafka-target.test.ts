import { expect, test } from 'vitest';
import { refusalOfKafkaTarget } from './kafka-target.ts';

const addresses = { allowPrivate: false };

test('names of topics are those of Kafka, and none of the pipeline or of Kafka itself, on whatever cluster', () => {
  const cluster = { brokers: ['kafka.example.com:9093'] };
  const refusal = (topic: string): string | undefined =>
    refusalOfKafkaTarget({ topic, cluster }, { addresses, topicPrefix: undefined, tenants: [] });
  for (const topic of ['audit', 'a', 'Audit_1.events-x', 'cadf', 'cadf-events', 'x'.repeat(249)])
    expect(refusal(topic)).toBeUndefined();
  for (const topic of [
    '',
    '.',
    '..',
    'a b',
    'a/b',
    'ä',
    'x'.repeat(250),
    'cadf.events',
    '__consumer_offsets',
  ])
    expect(refusal(topic)).toMatch(/\.$/);
});

test('brokers are host:port, and none in the network of the pipeline', () => {
  const refusal = (...brokers: string[]): string | undefined =>
    refusalOfKafkaTarget(
      { topic: 'audit', cluster: { brokers } },
      { addresses, topicPrefix: undefined, tenants: [] },
    );
  expect(refusal('kafka-1.example.com:9093', '[2606:4700::1111]:9093')).toBeUndefined();
  for (const broker of [
    'kafka.example.com',
    'kafka.example.com:0',
    'kafka.example.com:65536',
    ':9092',
    '127.0.0.1:9092',
    'kafka.example.com:9092x',
    '[::1]:9092',
    '2130706433:9092',
    '169.254.169.254:80',
    'localhost:9092',
  ])
    expect(refusal('kafka.example.com:9093', broker), broker).toMatch(/\.$/);
  expect(refusal()).toMatch(/At least one/);
});

test.each([
  [undefined, '*', 'audit', false],
  ['', '*', 'audit', false],
  ['audit.', [], 'audit.x', true],
  ['audit.', '*', 'other.x', false],
  ['audit.{tenant}.', ['acme', 'globex'], 'audit.globex.all', true],
  ['audit.{tenant}.', ['acme'], 'audit.globex.all', false],
  ['audit.{tenant}.', ['acme'], 'audit.acme', false],
  ['audit.{tenant}.', [], 'audit.acme.all', false],
  ['audit.{tenant}.', [''], 'audit..all', false],
  ['audit.{tenant}.', '*', 'audit.globex.all', true],
  ['audit.{tenant}.', '*', 'audit..all', false],
  ['audit-{tenant}', ['acme'], 'audit-acme', true],
  ['audit-{tenant}', ['acme'], 'audit-acme.all', true],
  ['audit-{tenant}', ['acme'], 'audit-acme2', false],
] as const)('prefix %j, tenants %j: topic %j allowed %j', (topicPrefix, tenants, topic, isAllowed) => {
  const refusal = refusalOfKafkaTarget({ topic }, { addresses, topicPrefix, tenants });
  expect(refusal === undefined).toBe(isAllowed);
});
