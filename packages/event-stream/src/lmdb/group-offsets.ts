import type { FrameStore } from './frame-store.ts';

/** The offsets groups have committed, kept in the database. */
export interface GroupOffsets {
  commit(topic: string, group: string, next: ReadonlyMap<number, number>): Promise<void>;
  committed(topic: string, group: string): ReadonlyMap<number, number>;
}

export function createGroupOffsets(store: FrameStore): GroupOffsets {
  return {
    async commit(topic, group, next) {
      checkGroup(group);
      await store.write(
        [...next].map(([partition, offset]) => ({
          kind: 'put-meta',
          key: `${prefix(topic, group)}${partition}`,
          value: offset,
        })),
      );
    },
    committed(topic, group) {
      checkGroup(group);
      const found = new Map<number, number>();
      const start = prefix(topic, group);
      for (const { key, value } of store.listMeta(start))
        if (typeof value === 'number') found.set(Number(key.slice(start.length)), value);
      return found;
    },
  };
}

/** `/` cannot be in a topic name, and the group's own are escaped. */
function prefix(topic: string, group: string): string {
  return `group/${topic}/${encodeURIComponent(group)}/`;
}

function checkGroup(group: string): void {
  if (group.length === 0 || group.length > 255) throw new RangeError('a group name has 1 to 255 characters');
}
