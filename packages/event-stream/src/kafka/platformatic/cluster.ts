import {
  Admin,
  type Broker,
  type ClusterMetadata,
  type Connection,
  ConnectionPool,
} from '@platformatic/kafka';
import type { KafkaSettings } from '../options.ts';
import { unknownTopic } from '../client-errors.ts';
import { hasBrokerError, BROKER_ERROR } from './broker-errors.ts';
import { connectionOptions } from './connection-options.ts';

/** Who leads what, and connections to them. */
export interface Cluster {
  readonly admin: Admin;
  /** A pool of its own, as a fetch that waits at the broker blocks whatever is sent after it. */
  createPool(): ConnectionPool;
  /** Throws StreamError `STREAM_TOPIC_UNKNOWN`. `fresh`: not from memory. */
  topic(name: string, fresh: boolean): Promise<TopicLayout>;
  close(): Promise<void>;
}

export interface TopicLayout {
  /** The leader of each partition; undefined while it has none. */
  readonly leaders: readonly (Broker | undefined)[];
}

/** How long the leaders of a topic are believed without asking. An error from a broker asks at once. */
const METADATA_MAX_AGE_MS = 60_000;

export function createCluster(settings: KafkaSettings): Cluster {
  const options = connectionOptions(settings);
  const admin = new Admin({ ...options, metadataMaxAge: METADATA_MAX_AGE_MS });
  // Errors reach whoever waits for an answer; without a listener this one would end the process.
  admin.on('error', () => undefined);

  async function lookUp(name: string, fresh: boolean): Promise<ClusterMetadata> {
    // The library would ask again and again for a topic that does not exist.
    const options = { topics: [name], retries: 0 };
    try {
      return await admin.metadata({ ...options, forceUpdate: fresh }).catch((error: unknown) => {
        if (isUnknownTopic(error)) throw error;
        // A connection that had been idle for too long is found out by its next use.
        return admin.metadata({ ...options, forceUpdate: true });
      });
    } catch (error) {
      if (isUnknownTopic(error)) throw unknownTopic(name);
      throw error;
    }
  }

  return {
    admin,
    createPool() {
      const pool = new ConnectionPool(settings.clientId, options);
      pool.on('error', () => undefined);
      return pool;
    },
    async topic(name, fresh) {
      const metadata = await lookUp(name, fresh);
      const topic = metadata.topics.get(name);
      if (topic === undefined) throw unknownTopic(name);
      return { leaders: topic.partitions.map((partition) => metadata.brokers.get(partition.leader)) };
    },
    close: () => admin.close(),
  };
}

/** The library turns the broker's answer into words of its own. */
function isUnknownTopic(error: unknown): boolean {
  if (hasBrokerError(error, BROKER_ERROR.unknownTopicOrPartition)) return true;
  return (
    error instanceof Error &&
    'code' in error &&
    error.code === 'PLT_KFK_USER' &&
    error.message.startsWith('Unknown topic')
  );
}

/** Ends a connection that failed or did not answer in time, so that the next try starts on a fresh one. */
export function discard(connection: Connection): void {
  connection.close().catch(() => undefined);
}
