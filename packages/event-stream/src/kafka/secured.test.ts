import { afterAll, describe, expect, test } from 'vitest';
import { readAll } from '../../../../test/contract/stream-actions.ts';
import { kafkaOrSkip } from '../../../../test/support/kafka.ts';
import { createKafkaStream } from './kafka-stream.ts';

const kafka = await kafkaOrSkip({ sasl: { username: 'pipeline', password: 'plain-secret' } });
afterAll(() => kafka?.stop());

describe.skipIf(kafka === undefined)('brokers that ask for a password', () => {
  const brokers = kafka?.brokers ?? [];
  for (const client of ['platformatic', 'kafkajs'] as const)
    for (const mechanism of ['plain', 'scram-sha-256', 'scram-sha-512'] as const)
      test(`${client} signs in with ${mechanism}, and says so when it cannot`, async () => {
        const sasl = { mechanism, username: 'pipeline', password: 'plain-secret' };
        const stream = createKafkaStream({ brokers, client, sasl });
        const topic = `t-${client}-${mechanism}`;
        await stream.createTopics([{ name: topic, partitions: 1, cleanup: 'delete' }]);
        await stream.append(topic, { records: [{ key: 'k', value: Buffer.from('v') }] });
        expect((await readAll(stream, topic)).map(({ value }) => String(value))).toEqual(['v']);
        await stream.close();

        const stranger = createKafkaStream({
          brokers,
          client,
          sasl: { ...sasl, password: 'wrong' },
          deliveryTimeoutMs: 1_000,
        });
        expect(await stranger.health()).toMatchObject({
          ok: false,
          reason: expect.stringMatching(/authenti|credentials/i),
        });
        const refused = stranger.append(topic, { records: [{ key: 'k', value: null }] });
        await expect(refused).rejects.toMatchObject({ code: 'STREAM_UNAVAILABLE' });
        await stranger.close();
      });
});
