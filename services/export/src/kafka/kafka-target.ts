/**
 * Which topics a subscription may write to. A topic of another cluster is its owner's business, but the guard decides
 * which addresses are connected to. On the pipeline's own cluster, where the pipeline signs in with its own rights, only
 * topics that the administrator set apart.
 */
import type { KafkaSasl } from '@cadf-pipeline/event-stream';
import { type AddressRules, refusalOfAddress, refusalOfHost } from '@cadf-pipeline/guarded-http';

/** PEM texts. */
export interface KafkaTls {
  /** Authority of the brokers' certificates; left out: those that Node.js knows. */
  readonly ca?: string;
  /** Client certificate and its key. */
  readonly cert?: string;
  readonly key?: string;
}

/** A cluster that is not the pipeline's. */
export interface KafkaCluster {
  /** `host:port`, IPv6 addresses in brackets; 1 to 16. */
  readonly brokers: readonly string[];
  /** Left out: no TLS. */
  readonly tls?: KafkaTls;
  readonly sasl?: KafkaSasl;
}

export interface KafkaTarget {
  readonly topic: string;
  /** Left out: the pipeline's own cluster. */
  readonly cluster?: KafkaCluster;
}

export interface KafkaTargetRules {
  readonly addresses: AddressRules;
  /**
   * CADF_SUBSCRIPTION_TOPIC_PREFIX: how topics of subscriptions on the pipeline's own cluster begin; `{tenant}` in it
   * stands for a tenant of the subscription's owner. Undefined: none are allowed there.
   */
  readonly topicPrefix: string | undefined;
  /** Tenants of the subscription's owner; `*`: all. */
  readonly tenants: '*' | readonly string[];
}

/** Where the pipeline's own topics begin, and those of Kafka itself. */
const RESERVED = ['cadf.', '__'];
const TENANT = '{tenant}';

/** Why events may not be written there, as a sentence for the owner; undefined where they may. */
export function refusalOfKafkaTarget(target: KafkaTarget, rules: KafkaTargetRules): string | undefined {
  const { topic, cluster } = target;
  if (!/^[\w.-]{1,249}$/.test(topic) || topic === '.' || topic === '..')
    return 'The topic is no name of a Kafka topic: 1 to 249 letters, digits, ".", "_" and "-".';
  const reserved = RESERVED.find((prefix) => topic.startsWith(prefix));
  if (reserved !== undefined)
    return `Topics that begin with "${reserved}" are not written to: choose another name.`;
  return cluster === undefined ? refusalOfOwnTopic(topic, rules) : refusalOfBrokers(cluster, rules.addresses);
}

function refusalOfOwnTopic(topic: string, { topicPrefix, tenants }: KafkaTargetRules): string | undefined {
  if (topicPrefix === undefined || topicPrefix === '')
    return 'Subscriptions may not write to the cluster of the pipeline: name brokers of another one, or ask the administrator to set CADF_SUBSCRIPTION_TOPIC_PREFIX.';
  const refusal = `On the cluster of the pipeline a topic has to begin with "${topicPrefix}"${topicPrefix.includes(TENANT) ? `, ${TENANT} being one of your tenants` : ''}.`;
  const place = topicPrefix.indexOf(TENANT);
  if (place < 0) return topic.startsWith(topicPrefix) ? undefined : refusal;
  const [before, after] = [topicPrefix.slice(0, place), topicPrefix.slice(place + TENANT.length)];
  if (!topic.startsWith(before)) return refusal;
  const rest = topic.slice(before.length);
  if (tenants === '*') return after === '' || rest.indexOf(after) > 0 ? undefined : refusal;
  // Where nothing follows the tenant, a name that only begins like it is another's.
  const isAllowed = tenants.some((tenant) =>
    after === ''
      ? rest === tenant || rest.startsWith(`${tenant}.`)
      : tenant !== '' && rest.startsWith(tenant + after),
  );
  return isAllowed ? undefined : refusal;
}

function refusalOfBrokers({ brokers }: KafkaCluster, rules: AddressRules): string | undefined {
  if (brokers.length === 0) return 'At least one broker, host:port, is needed.';
  for (const broker of brokers) {
    const colon = broker.lastIndexOf(':');
    const port = Number(broker.slice(colon + 1));
    if (colon < 1 || !/^\d{1,5}$/.test(broker.slice(colon + 1)) || port < 1 || port > 65_535)
      return `${JSON.stringify(broker.slice(0, 100))} is not host:port.`;
    const refusal = refusalOfHost(broker.slice(0, colon), rules);
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}

/** The rules as the stream asks them. */
export function guardOf(rules: AddressRules): {
  refusalOfHost(host: string): string | undefined;
  refusalOfAddress(address: string): string | undefined;
} {
  return {
    refusalOfHost: (host) => refusalOfHost(host, rules),
    refusalOfAddress: (address) => refusalOfAddress(address, rules),
  };
}
