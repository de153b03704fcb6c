/** What a subscription needs to be allowed on a cluster with ACLs: Write, Read and Describe of its topic, and no more. */
import {
  type AclOperationValue,
  AclOperations,
  AclPermissionTypes,
  Admin,
  ResourcePatternTypes,
  ResourceTypes,
} from '@platformatic/kafka';
import { createKafkaStream } from '@cadf-pipeline/event-stream';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { readAll } from '../../../../test/contract/stream-actions.ts';
import { until } from '../../../../test/support/service.ts';
import { kafkaOrSkip } from '../../../../test/support/kafka.ts';
import { createKafkaSink } from './kafka-sink.ts';
import { numberedBatch } from './outgoing.test-support.ts';
import type { SendResult, Sink } from './sink.ts';

const administrator = { username: 'pipeline', password: 'plain-secret' };
const subscriber = { username: 'subscriber', password: 'other-secret' };
const kafka = await kafkaOrSkip({
  sasl: { ...administrator, users: { [subscriber.username]: subscriber.password } },
});
const never = new AbortController().signal;

describe.skipIf(kafka === undefined)('a cluster with access control lists', () => {
  const brokers = kafka?.brokers ?? [];
  const stream = createKafkaStream({ brokers, sasl: { mechanism: 'plain', ...administrator } });
  const admin = new Admin({
    clientId: 'acls',
    bootstrapBrokers: brokers,
    sasl: { mechanism: 'PLAIN', ...administrator },
  });
  beforeAll(() => stream.createTopics([{ name: 'audit.events', partitions: 2, cleanup: 'delete' }]));
  afterAll(async () => {
    await stream.close();
    await admin.close();
    await kafka?.stop();
  });

  /** As `kafka-acls.sh --add --allow-principal User:subscriber --operation … --topic audit.events`. */
  async function allow(operation: AclOperationValue): Promise<void> {
    await admin.createAcls({
      creations: [
        {
          resourceType: ResourceTypes.TOPIC,
          resourceName: 'audit.events',
          resourcePatternType: ResourcePatternTypes.LITERAL,
          principal: `User:${subscriber.username}`,
          host: '*',
          operation,
          permissionType: AclPermissionTypes.ALLOW,
        },
      ],
    });
  }

  function open(topic: string, password = subscriber.password): Sink {
    const sink = createKafkaSink({
      topic,
      cluster: { brokers, sasl: { mechanism: 'plain', username: subscriber.username, password } },
      rules: { addresses: { allowPrivate: true }, topicPrefix: undefined, tenants: [] },
      ownCluster: undefined,
      attemptMs: 2_000,
      settleMs: 0,
    });
    onTestFinished(() => sink.close());
    return sink;
  }

  /** As delivery does it: a mark, then an attempt that may not be the first. */
  async function deliver(sink: Sink): Promise<SendResult> {
    try {
      const mark = (await sink.mark?.(never)) ?? '';
      return await sink.send(numberedBatch(0, 20), { number: 2, mark }, never);
    } catch (error) {
      return { outcome: 'failed', reason: String(error) };
    }
  }

  test('without a right the owner is told so, and that a password is wrong', async () => {
    expect(await deliver(open('audit.events'))).toMatchObject({
      outcome: 'failed',
      reason: expect.stringMatching(/allow Describe|allow it the operations Write and Read/),
    });
    expect(await deliver(open('audit.events', 'wrong'))).toMatchObject({
      outcome: 'failed',
      reason: expect.stringMatching(/authenti|credentials/i),
    });
  });

  test('Write alone is not enough to see what arrived; with Read a subscription delivers', async () => {
    await allow(AclOperations.WRITE);
    await until(async () => {
      const sent = await open('audit.events').send(numberedBatch(50, 1), { number: 1 }, never);
      return sent.outcome === 'delivered';
    });
    // Something is there to be read back from a mark before it.
    expect(
      await open('audit.events').send(numberedBatch(0, 20), { number: 2, mark: '0,0' }, never),
    ).toMatchObject({
      outcome: 'failed',
      reason: expect.stringMatching(/allow it the operations Write and Read there\. \(.*error 29/),
    });
    await allow(AclOperations.READ);
    await until(async () => (await deliver(open('audit.events'))).outcome === 'delivered');
    const positions = (await readAll(stream, 'audit.events')).map(({ headers }) => headers['cadf-position']);
    expect(new Set(positions).size).toBe(21);
    expect(positions).toHaveLength(21);
  });
});
