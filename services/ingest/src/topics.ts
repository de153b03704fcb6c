/** The topics that intake makes (the control topic is made by the control state) and how long each keeps its records. */
import { EVENTS_TOPIC, WRITER_GROUP } from '@cadf-pipeline/event-stream';
import type { TopicSettings } from '@cadf-pipeline/event-stream';

export { EVENTS_TOPIC, WRITER_GROUP };
export const DEAD_LETTERS_TOPIC = 'cadf.dead-letters';
/** Raw records as received over the network, before they are normalized. */
export const RECORDS_TOPIC = 'cadf.records';
/** Where each followed file or poller has got to. */
export const CHECKPOINTS_TOPIC = 'cadf.checkpoints';
/** Answers given under an Idempotency-Key. */
export const IDEMPOTENCY_TOPIC = 'cadf.idempotency';
/** What was seen of CIMI providers, and which jobs are open. */
export const COLLECTED_TOPIC = 'cadf.collected';

/** The consumer group that writes dead letters: the members of a group share their topics, so each topic has a group of its own. */
export const DEAD_LETTERS_GROUP = 'cadf-dead-letter-writer';
/** The one that normalizes raw records. */
export const RECORDS_GROUP = 'cadf-normalizer';
/** Whichever member has the one partition of what was collected is the one that collects. */
export const COLLECTOR_GROUP = 'cadf-collector';

const DAY_MS = 86_400_000;

export interface TopicPlan {
  /** Partitions of the events topic. */
  readonly partitions: number;
  /** How long events stay in the stream, ms. */
  readonly retentionMs: number;
  /** Bytes per partition kept at least; undefined: no limit by size. */
  readonly retentionBytes?: number;
  /** How long raw records stay in the stream, ms; default as events. */
  readonly recordsRetentionMs?: number;
}

export function topics(plan: TopicPlan): readonly TopicSettings[] {
  const size = plan.retentionBytes === undefined ? {} : { retentionBytes: plan.retentionBytes };
  return [
    {
      name: EVENTS_TOPIC,
      partitions: plan.partitions,
      cleanup: 'delete',
      retentionMs: plan.retentionMs,
      keepFor: [WRITER_GROUP],
      ...size,
    },
    {
      name: DEAD_LETTERS_TOPIC,
      partitions: 1,
      cleanup: 'delete',
      retentionMs: 30 * DAY_MS,
      keepFor: [DEAD_LETTERS_GROUP],
    },
    {
      name: RECORDS_TOPIC,
      partitions: plan.partitions,
      cleanup: 'delete',
      retentionMs: plan.recordsRetentionMs ?? plan.retentionMs,
      keepFor: [RECORDS_GROUP],
    },
    { name: CHECKPOINTS_TOPIC, partitions: 1, cleanup: 'compact' },
    { name: COLLECTED_TOPIC, partitions: 1, cleanup: 'compact' },
    { name: IDEMPOTENCY_TOPIC, partitions: 1, cleanup: 'delete', retentionMs: 2 * DAY_MS },
  ];
}
