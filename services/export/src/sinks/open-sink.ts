/** Makes the way to the receiver of a subscription, secrets opened. */
import type { KafkaTarget, Subscription, SyslogTarget, WebhookTarget } from '@cadf-pipeline/control-state';
import type { KafkaStreamOptions } from '@cadf-pipeline/event-stream';
import type { KafkaCluster } from '../kafka/kafka-target.ts';
import { openKafkaCredentials } from '../subscription/kafka-credentials.ts';
import type { SecretBox } from '../subscription/secret-box.ts';
import { openWebhookSecrets } from '../subscription/webhook-secret.ts';
import type { AddressRules } from '@cadf-pipeline/guarded-http';
import { createKafkaSink } from './kafka-sink.ts';
import type { Sink } from './sink.ts';
import { createSyslogSink } from './syslog-sink.ts';
import { createWebhookSink } from './webhook-sink.ts';

export interface OpenSinkDependencies {
  readonly box: SecretBox;
  readonly rules: AddressRules;
  /** CADF_SUBSCRIPTION_TOPIC_PREFIX. */
  readonly topicPrefix: string | undefined;
  /** How the pipeline's own cluster is reached; undefined: there is none. */
  readonly ownCluster: KafkaStreamOptions | undefined;
  /** Milliseconds since 1970 UTC. */
  readonly now: () => number;
}

/** Opens no connection yet. What is wrong with the receiver or its secrets is said by `send`. */
export function openSink(deps: OpenSinkDependencies, subscription: Subscription): Sink {
  const { sink } = subscription;
  switch (sink.type) {
    case 'webhook':
      return openWebhook(deps, subscription, sink);
    case 'kafka':
      return openKafka(deps, subscription, sink);
    case 'syslog':
      return openSyslog(deps, sink);
  }
}

function openWebhook(
  { box, now, rules }: OpenSinkDependencies,
  subscription: Subscription,
  { format, url }: WebhookTarget,
): Sink {
  return createWebhookSink({
    url,
    keys: openWebhookSecrets(box, subscription, now()),
    rules,
    now,
    ...(format === undefined ? {} : { format }),
  });
}

function openKafka(
  { box, ownCluster, rules, topicPrefix }: OpenSinkDependencies,
  subscription: Subscription,
  target: KafkaTarget,
): Sink {
  const { brokers, format, topic } = target;
  const cluster = brokers === undefined ? undefined : clusterOf(box, subscription, { ...target, brokers });
  if (cluster === 'sealed')
    return refusing(
      'The credentials of the subscription do not open any more: give its password or key again.',
    );
  return createKafkaSink({
    topic,
    rules: { addresses: rules, topicPrefix, tenants: subscription.tenants },
    ownCluster,
    ...(cluster === undefined ? {} : { cluster }),
    ...(format === undefined ? {} : { format }),
  });
}

function clusterOf(
  box: SecretBox,
  subscription: Subscription,
  { brokers, sasl, tls }: KafkaTarget & { readonly brokers: readonly string[] },
): KafkaCluster | 'sealed' {
  const credentials = openKafkaCredentials(box, subscription);
  if (credentials === undefined) return 'sealed';
  const { key, password } = credentials;
  return {
    brokers,
    ...(tls === undefined ? {} : { tls: { ...tls, ...(key === undefined ? {} : { key: key.reveal() }) } }),
    ...(sasl === undefined ? {} : { sasl: { ...sasl, password: password?.reveal() ?? '' } }),
  };
}

function openSyslog({ rules }: OpenSinkDependencies, target: SyslogTarget): Sink {
  const { ca, format, host, maxMessageBytes, port, transport } = target;
  return createSyslogSink({
    host,
    port,
    format,
    rules,
    ...(maxMessageBytes === undefined ? {} : { maxMessageBytes }),
    ...(transport === 'tcp' ? {} : { tls: ca === undefined ? {} : { ca } }),
  });
}

function refusing(reason: string): Sink {
  return {
    send: () => Promise.resolve({ outcome: 'failed', reason }),
    close: () => Promise.resolve(),
  };
}
