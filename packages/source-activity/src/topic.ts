/** The topic that holds the counts: one record per source and intake process, the newest counts. */
import type { TopicSettings } from '@cadf-pipeline/event-stream';

export const ACTIVITY_TOPIC = 'cadf.source-activity';

export const activityTopic: TopicSettings = { name: ACTIVITY_TOPIC, partitions: 1, cleanup: 'compact' };

export function activityKey(source: string, writer: string): string {
  return `${source}\n${writer}`;
}

/** Undefined where the key is none of ours. */
export function sourceOfKey(key: string): string | undefined {
  const end = key.indexOf('\n');
  return end < 0 ? undefined : key.slice(0, end);
}
