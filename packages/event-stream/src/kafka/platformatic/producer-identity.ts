import { type ConnectionPool, initProducerIdV4 } from '@platformatic/kafka';
import type { BatchIdentity } from '../record-batch-encode.ts';
import type { Cluster } from './cluster.ts';

const MAX_EPOCH = 32_767;
const SEQUENCE_END = 2 ** 31;

/** Identity of a batch and the generation it belongs to. */
export interface SequencedIdentity extends BatchIdentity {
  readonly generation: number;
}

/** Producer id, epoch and the sequence number of each partition. */
export interface ProducerIdentity {
  /** The identity of the partition's next batch; asks a broker for a producer id when there is none. */
  next(topic: string, partition: number): Promise<SequencedIdentity>;
  /** The batch was taken: the next one of its partition comes `count` later. */
  advance(topic: string, partition: number, used: SequencedIdentity, count: number): void;
  /** It is not known whether the batch was taken: go on with the next epoch. */
  abandon(used: SequencedIdentity): void;
  /** The broker does not know this producer any more: go on with another id. */
  renew(used: SequencedIdentity): void;
}

export function createProducerIdentity(cluster: Cluster, pool: ConnectionPool): ProducerIdentity {
  let current: Promise<{ producerId: bigint; producerEpoch: number }> | undefined;
  let generation = 0;
  const sequences = new Map<string, number>();

  async function initialize(): Promise<{ producerId: bigint; producerEpoch: number }> {
    const { brokers } = await cluster.admin.metadata({ topics: [], forceUpdate: true });
    const connection = await pool.getFirstAvailable([...brokers.values()]);
    const { producerId, producerEpoch } = await initProducerIdV4.api.async(connection, null, 0, -1n, -1);
    return { producerId, producerEpoch };
  }

  function startOver(id: typeof current): void {
    generation += 1;
    sequences.clear();
    current = id;
  }

  return {
    async next(topic, partition) {
      const asked = (current ??= initialize());
      try {
        const id = await asked;
        return { ...id, firstSequence: sequences.get(`${topic}/${partition}`) ?? 0, generation };
      } catch (error) {
        if (current === asked) current = undefined;
        throw error;
      }
    },
    advance(topic, partition, used, count) {
      if (used.generation === generation)
        sequences.set(`${topic}/${partition}`, (used.firstSequence + count) % SEQUENCE_END);
    },
    abandon(used) {
      if (used.generation !== generation) return;
      const { producerId, producerEpoch } = used;
      startOver(
        producerEpoch < MAX_EPOCH
          ? Promise.resolve({ producerId, producerEpoch: producerEpoch + 1 })
          : undefined,
      );
    },
    renew(used) {
      if (used.generation === generation) startOver(undefined);
    },
  };
}
