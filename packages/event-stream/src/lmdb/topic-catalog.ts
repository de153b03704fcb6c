import { StreamError } from '../errors.ts';
import type { TopicSettings } from '../interface.ts';
import { checkTopicSettings } from '../limits.ts';
import type { FrameStore } from './frame-store.ts';
import { loadPartition, loadTopic, topicKey, type TopicState, wake } from './topic-state.ts';

/** The topics of a stream, kept in the database and in memory. */
export interface TopicCatalog {
  /** Makes topics, or changes retention and raises the partition count of those that exist. */
  create(topics: readonly TopicSettings[]): Promise<void>;
  /** Throws StreamError `STREAM_TOPIC_UNKNOWN`. */
  get(name: string): TopicState;
  all(): readonly TopicState[];
}

/** Loads the topics that the database knows. */
export function loadTopicCatalog(store: FrameStore): TopicCatalog {
  const topics = new Map<string, TopicState>();
  let lastId = 0;
  for (const { value } of store.listMeta(topicKey(''))) {
    const { id, settings } = toSavedTopic(value);
    topics.set(settings.name, loadTopic(store, id, settings));
    lastId = Math.max(lastId, id);
  }

  async function createOne(wanted: TopicSettings): Promise<void> {
    const known = topics.get(wanted.name);
    const partitions = Math.max(wanted.partitions, known?.settings.partitions ?? 0);
    const settings = { ...wanted, partitions };
    const id = known?.id ?? lastId + 1;
    lastId = Math.max(lastId, id);
    await store.write([{ kind: 'put-meta', key: topicKey(wanted.name), value: { id, settings } }]);
    const current = topics.get(wanted.name);
    if (current === undefined) {
      topics.set(wanted.name, loadTopic(store, id, settings));
      return;
    }
    current.settings = settings;
    while (current.partitions.length < partitions)
      current.partitions.push(loadPartition(store, id, current.partitions.length));
    wake(current);
  }

  let last: Promise<unknown> = Promise.resolve();
  return {
    create(wanted) {
      for (const topic of wanted) checkTopicSettings(topic);
      // One at a time: two calls for one topic must not both find it missing.
      const done = last.then(async () => {
        for (const topic of wanted) await createOne(topic);
      });
      last = done.catch(() => undefined);
      return done;
    },
    get(name) {
      const topic = topics.get(name);
      if (topic === undefined)
        throw new StreamError('STREAM_TOPIC_UNKNOWN', `there is no topic ${name}; createTopics makes it`);
      return topic;
    },
    all: () => [...topics.values()],
  };
}

function toSavedTopic(value: unknown): { id: number; settings: TopicSettings } {
  if (
    typeof value === 'object' &&
    value !== null &&
    'id' in value &&
    'settings' in value &&
    typeof value.id === 'number'
  ) {
    const settings = value.settings;
    if (
      typeof settings === 'object' &&
      settings !== null &&
      'name' in settings &&
      'partitions' in settings &&
      'cleanup' in settings
    ) {
      const { name, partitions, cleanup } = settings;
      if (
        typeof name === 'string' &&
        typeof partitions === 'number' &&
        (cleanup === 'delete' || cleanup === 'compact')
      )
        return {
          id: value.id,
          settings: {
            name,
            partitions,
            cleanup,
            ...numbers(settings, ['retentionMs', 'retentionBytes']),
            ...keepForOf(settings),
          },
        };
    }
  }
  throw new Error('the stream directory holds a topic entry this program cannot read');
}

function keepForOf(settings: object): { keepFor?: readonly string[] } {
  if (!('keepFor' in settings) || !Array.isArray(settings.keepFor)) return {};
  return { keepFor: settings.keepFor.filter((group) => typeof group === 'string') };
}

function numbers<K extends string>(from: object, keys: readonly K[]): Partial<Record<K, number>> {
  const found: Partial<Record<K, number>> = {};
  const entries = new Map(Object.entries(from));
  for (const key of keys) {
    const value: unknown = entries.get(key);
    if (typeof value === 'number') found[key] = value;
  }
  return found;
}
