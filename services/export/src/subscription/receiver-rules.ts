/** Where a subscription may carry events to, as far as it can be told when it is written; connecting is checked again. */
import type { Subscription } from '@cadf-pipeline/control-state';
import type { ProblemFault } from '@cadf-pipeline/service-kit';
import { refusalOfKafkaTarget } from '../kafka/kafka-target.ts';
import { refusalOfHost } from '@cadf-pipeline/guarded-http';
import type { AddressRules } from '@cadf-pipeline/guarded-http';
import { faultOfWebhookUrl } from '../webhook/webhook-url.ts';

export interface ReceiverRules extends AddressRules {
  /** CADF_SUBSCRIPTION_TOPIC_PREFIX; undefined: no topics of the cluster of the pipeline itself. */
  readonly ownTopicPrefix?: string;
}

/** What keeps a receiver from being used; empty where nothing does. */
export function receiverFaults(
  { sink, tenants }: Pick<Subscription, 'sink' | 'tenants'>,
  rules: ReceiverRules,
): readonly ProblemFault[] {
  switch (sink.type) {
    case 'webhook':
      return faultAt('url', faultOfWebhookUrl(sink.url, rules));
    case 'syslog':
      return faultAt('host', refusalOfHost(sink.host, rules));
    case 'kafka': {
      const { brokers, topic } = sink;
      const target = brokers === undefined ? { topic } : { topic, cluster: { brokers } };
      const refusal = refusalOfKafkaTarget(target, {
        addresses: rules,
        topicPrefix: rules.ownTopicPrefix,
        tenants,
      });
      return faultAt(brokers === undefined ? 'topic' : 'brokers', refusal);
    }
  }
}

function faultAt(member: string, message: string | undefined): readonly ProblemFault[] {
  return message === undefined ? [] : [{ path: `body/${member}`, message }];
}
