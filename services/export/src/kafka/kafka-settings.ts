/** Settings of subscriptions that are carried to Kafka. */
import { defineConfig } from '@cadf-pipeline/service-kit';

export const kafkaSinkSettings = defineConfig({
  CADF_SUBSCRIPTION_TOPIC_PREFIX: {
    type: 'string',
    description:
      'How topics begin that subscriptions may write to on the pipeline’s own Kafka cluster, such as audit.{tenant}. with a full stop at its end; {tenant} stands for a tenant of the subscription’s owner. Unset: none.',
    relation: 'only with CADF_KAFKA_BROKERS',
  },
});

/** What the settings must agree on; one sentence per fault. */
export function checkKafkaSinkSettings(config: {
  readonly CADF_SUBSCRIPTION_TOPIC_PREFIX: string | undefined;
}): readonly string[] {
  const prefix = config.CADF_SUBSCRIPTION_TOPIC_PREFIX;
  if (prefix === undefined) return [];
  const shape = /^[A-Za-z0-9._-]{0,200}(?:\{tenant\}[A-Za-z0-9._-]{0,40})?$/;
  if (prefix === '' || !shape.test(prefix))
    return [
      'CADF_SUBSCRIPTION_TOPIC_PREFIX is no beginning of a topic’s name: use letters, digits, ".", "_" and "-", and {tenant} at most once',
    ];
  return /^(?:cadf\.|__)/.test(prefix)
    ? [
        'CADF_SUBSCRIPTION_TOPIC_PREFIX begins like the topics of the pipeline or of Kafka itself: choose another',
      ]
    : [];
}
