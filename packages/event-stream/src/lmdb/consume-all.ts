import { StreamError } from '../errors.ts';
import type { ConsumeOptions, RecordBatch } from '../interface.ts';
import { type Cursor, type FollowDeps, followTopic } from './follow.ts';
import type { GroupOffsets } from './group-offsets.ts';
import type { TopicState } from './topic-state.ts';

export interface ConsumeDeps extends FollowDeps {
  readonly groups: GroupOffsets;
  /** The member of each group that is reading, by topic and group. */
  readonly consuming: Map<string, symbol>;
}

/**
 * Reads every partition as the one member of a group, those that are added later included; nothing is ever
 * revoked. A second member at the same time would get every record once more, so it is refused with
 * `STREAM_UNAVAILABLE`.
 */
export async function* consumeAll(
  deps: ConsumeDeps,
  topic: TopicState,
  options: ConsumeOptions,
): AsyncGenerator<RecordBatch, void, undefined> {
  const place = `${topic.settings.name}/${options.group}`;
  if (deps.consuming.has(place))
    throw new StreamError(
      'STREAM_UNAVAILABLE',
      `group ${options.group} of topic ${topic.settings.name} already has its one member`,
    );
  const member = Symbol(place);
  deps.consuming.set(place, member);
  const cursors = new Map<number, Cursor>();
  try {
    yield* followTopic(deps, topic, {
      cursors,
      follow: true,
      signal: options.signal,
      maxBatchBytes: options.maxBatchBytes,
      refresh: async () => {
        if (cursors.size === topic.partitions.length || options.signal.aborted) return;
        const added = topic.partitions.map((p) => p.index).filter((index) => !cursors.has(index));
        const starts = await options.startAt(added);
        const committed = deps.groups.committed(topic.settings.name, options.group);
        for (const index of added)
          cursors.set(index, { at: starts.get(index) ?? committed.get(index) ?? 0, end: Infinity });
      },
    });
  } finally {
    if (deps.consuming.get(place) === member) deps.consuming.delete(place);
  }
}
