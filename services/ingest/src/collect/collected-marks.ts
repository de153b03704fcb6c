/**
 * What is remembered of providers: which items were seen, which jobs are open. In memory, and in a compacted topic from
 * which the next collector reads it. To lose a mark is to take an item once more, which is a duplicate then.
 */
import { firstOffsets } from '@cadf-pipeline/event-stream';
import type { EventStream } from '@cadf-pipeline/event-stream';
import { COLLECTED_TOPIC } from '../topics.ts';
import { untilDurable } from './append-durably.ts';
import type { CollectLogger } from './append-durably.ts';
import type { Mark, PollContext } from './poll-context.ts';

/** Of one kind of one source; past it the oldest are forgotten. */
export const MAX_MARKS = 50_000;
const MAX_KEY = 6000;
const MAX_VALUE = 4096;
const CHUNK = 1000;

export interface SourceMarks {
  readonly remembered: PollContext['remembered'];
  /** How many of a kind there are. */
  count(kind: string): number;
  /** Resolves when they are durable. Throws what `untilDurable` throws. */
  put(marks: readonly Mark[], signal: AbortSignal): Promise<void>;
  /** All, but those of one kind where it is given. */
  forget(signal: AbortSignal, but?: string): Promise<void>;
}

export interface CollectedMarks {
  /** Reads all there is; answers where each partition ended. */
  load(): Promise<ReadonlyMap<number, number>>;
  of(source: string): SourceMarks;
  /** Of which something is remembered. */
  sources(): readonly string[];
}

/** Marks whose keys are alike up to their last line: what is asked for by that beginning is found without the others. */
type Groups = Map<string, Map<string, string>>;

export function createCollectedMarks(
  stream: Pick<EventStream, 'append' | 'bounds' | 'read'>,
  logger: CollectLogger,
): CollectedMarks {
  const known = new Map<string, Groups>();

  function apply(source: string, { key, value }: Mark): void {
    const groups: Groups = known.get(source) ?? new Map<string, Map<string, string>>();
    const group = groupOf(key);
    const marks = groups.get(group) ?? new Map<string, string>();
    marks.delete(key);
    if (value !== null) marks.set(key, value);
    if (marks.size === 0) groups.delete(group);
    else groups.set(group, marks);
    if (groups.size === 0) known.delete(source);
    else known.set(source, groups);
  }

  function get(source: string, key: string): string | undefined {
    return known.get(source)?.get(groupOf(key))?.get(key);
  }

  function groupsOf(source: string, kind: string): readonly ReadonlyMap<string, string>[] {
    return [...(known.get(source) ?? [])].flatMap(([group, marks]) =>
      kindOf(group) === kind ? [marks] : [],
    );
  }

  function count(source: string, kind: string): number {
    return groupsOf(source, kind).reduce((sum, { size }) => sum + size, 0);
  }

  /** What the marks change, and what has to go so that there is room for them. */
  function changes(source: string, marks: readonly Mark[]): readonly Mark[] {
    const last = new Map(marks.map((mark) => [mark.key, mark]));
    const changed = [...last.values()].filter(
      ({ key, value }) =>
        key.length <= MAX_KEY && (value?.length ?? 0) <= MAX_VALUE && (get(source, key) ?? null) !== value,
    );
    const added = new Map<string, number>();
    for (const { key, value } of changed) {
      const by = value === null ? -1 : get(source, key) === undefined ? 1 : 0;
      added.set(kindOf(key), (added.get(kindOf(key)) ?? 0) + by);
    }
    const forgotten = [...added].flatMap(([kind, by]) => {
      const surplus = Math.max(0, count(source, kind) + by - MAX_MARKS);
      if (surplus === 0) return [];
      const oldest = groupsOf(source, kind).flatMap((held) => [...held.keys()]);
      return oldest
        .filter((key) => !last.has(key))
        .slice(0, surplus)
        .map((key): Mark => ({ key, value: null }));
    });
    return [...forgotten, ...changed];
  }

  async function put(source: string, marks: readonly Mark[], signal: AbortSignal): Promise<void> {
    const changed = changes(source, marks);
    for (let start = 0; start < changed.length; start += CHUNK) {
      const chunk = changed.slice(start, start + CHUNK);
      const records = chunk.map(({ key, value }) => ({
        key: `${source}\n${key}`,
        value: value === null ? null : Buffer.from(value, 'utf8'),
      }));
      await untilDurable(() => stream.append(COLLECTED_TOPIC, { records }), signal, logger);
      for (const mark of chunk) apply(source, mark);
    }
  }

  /** A list of its own: what is put while it is read does not disturb it. */
  function entries(source: string, prefix: string): readonly (readonly [string, string])[] {
    return [...(known.get(source) ?? [])].flatMap(([group, marks]) => {
      if (group.startsWith(prefix)) return [...marks];
      return prefix.startsWith(group) ? [...marks].filter(([key]) => key.startsWith(prefix)) : [];
    });
  }

  return {
    async load() {
      known.clear();
      const from = await firstOffsets(stream, COLLECTED_TOPIC);
      const next = new Map(from);
      for await (const { partition, records } of stream.read(COLLECTED_TOPIC, { from, follow: false })) {
        for (const { key, value, offset } of records) {
          next.set(partition, offset + 1);
          const end = key.indexOf('\n');
          if (end > 0)
            apply(key.slice(0, end), {
              key: key.slice(end + 1),
              value: value === null ? null : value.toString('utf8'),
            });
        }
      }
      return next;
    },
    of: (source) => ({
      remembered: { get: (key) => get(source, key), entries: (prefix) => entries(source, prefix) },
      count: (kind) => count(source, kind),
      put: (marks, signal) => put(source, marks, signal),
      async forget(signal, but) {
        const all = entries(source, '').map(([key]): Mark => ({ key, value: null }));
        await put(
          source,
          all.filter(({ key }) => kindOf(key) !== but),
          signal,
        );
      },
    }),
    sources: () => [...known.keys()],
  };
}

function kindOf(key: string): string {
  const end = key.indexOf('\n');
  return end < 0 ? key : key.slice(0, end);
}

function groupOf(key: string): string {
  return key.slice(0, key.lastIndexOf('\n') + 1);
}
