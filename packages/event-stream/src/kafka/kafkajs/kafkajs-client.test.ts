import { afterAll, describe } from 'vitest';
import { describeEventStream } from '../../../../../test/contract/event-stream.ts';
import { kafkaBackend } from '../../../../../test/contract/kafka-backend.ts';
import { kafkaOrSkip } from '../../../../../test/support/kafka.ts';

const kafka = await kafkaOrSkip();
afterAll(() => kafka?.stop());

describe.skipIf(kafka === undefined)('with brokers', () => {
  if (kafka !== undefined)
    describeEventStream('Kafka through kafkajs', async () => kafkaBackend(kafka, { client: 'kafkajs' }));
});
