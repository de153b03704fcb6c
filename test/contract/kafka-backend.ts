import { Admin, ConfigResourceTypes } from '@platformatic/kafka';
import { createKafkaStream, type KafkaStreamOptions } from '@cadf-pipeline/event-stream';
import type { TestKafka } from '../support/kafka.ts';
import type { StreamBackend } from './event-stream.ts';

/** The Kafka backend over a broker of the tests. `dispose` leaves the broker alone. */
export function kafkaBackend(kafka: TestKafka, options: Omit<KafkaStreamOptions, 'brokers'>): StreamBackend {
  const admin = new Admin({ clientId: 'contract', bootstrapBrokers: kafka.brokers });
  let how: 'pause' | 'kill' = 'pause';
  return {
    open: (tuning = {}) => createKafkaStream({ ...options, ...tuning, brokers: kafka.brokers }),
    child: { kind: 'kafka', brokers: kafka.brokers, client: options.client },
    shared: true,
    async topicConfig(topic) {
      const described = await admin.describeConfigs({
        resources: [{ resourceType: ConfigResourceTypes.TOPIC, resourceName: topic }],
      });
      return new Map(
        described.flatMap(({ configs }) => configs.map(({ name, value }) => [name, value ?? ''] as const)),
      );
    },
    ...(kafka.controllable
      ? {
          outage: {
            async begin(wanted: 'pause' | 'kill') {
              how = wanted;
              if (how === 'pause') await kafka.pause();
              else await kafka.kill();
            },
            async end() {
              if (how === 'pause') kafka.resume();
              else await kafka.restart();
            },
          },
        }
      : {}),
    dispose: async () => {
      await admin.close();
    },
  };
}
