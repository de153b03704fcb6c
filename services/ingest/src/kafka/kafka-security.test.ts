import { expect, test } from 'vitest';
import { connectionFor, readKafkaSecurity } from './kafka-security.ts';

const sasl = { mechanism: 'scram-sha-512', username: 'u', password: 'p' };

test('a broker is spoken to as the deployment says, whatever the source names beside it', () => {
  const read = readKafkaSecurity(JSON.stringify({ 'b1:9093': { tls: true, sasl } }));
  if ('fault' in read) throw new Error(read.fault);
  const allowed = ['b1:9093', 'b2:9093', 'b3:9092'];
  expect(connectionFor(['b2:9093', 'b1:9093'], allowed, read.security)).toMatchObject({
    options: { brokers: ['b2:9093', 'b1:9093'], tls: true, sasl },
  });
  expect(connectionFor(['b3:9092'], allowed, read.security)).toEqual({
    options: { brokers: ['b3:9092'], clientId: 'cadf-pipeline-source' },
  });
});

test('a broker that is not allowed is refused, also among allowed ones', () => {
  expect(connectionFor(['b1:9093', 'inside:9092'], ['b1:9093'], new Map())).toEqual({
    fault: 'broker inside:9092 is none of CADF_KAFKA_SOURCES_BROKERS (b1:9093)',
  });
});

test('a setting that cannot be read is told without its text', () => {
  expect(readKafkaSecurity('{"secret')).toEqual({ fault: 'is no JSON' });
  const bad = readKafkaSecurity(JSON.stringify({ 'b1:9093': { sasl: { ...sasl, mechanism: 'secret' } } }));
  expect(JSON.stringify(bad)).toContain('/b1:9093/sasl');
  expect(JSON.stringify(bad)).not.toContain('secret');
});
