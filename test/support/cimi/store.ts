/** What the simulated cloud holds: resources by their id, event logs with their summaries, meters with their samples. */
import { ref } from './resource.ts';
import type { CimiValue, Resource } from './resource.ts';

export type Attributes = Readonly<Record<string, CimiValue>>;

export interface CloudStore {
  get(id: string): Resource | undefined;
  /** The items of a collection, oldest first. */
  below(path: string): readonly Resource[];
  /** An id that was never used in the collection. */
  nextId(path: string): string;
  put(type: string, id: string, attributes: Attributes): void;
  change(id: string, attributes: Attributes): void;
  remove(id: string): void;
  /** Makes the log when it is its first event. Answers the event's id. */
  addEvent(log: string, event: Attributes): string;
  /** Makes the meter when it is its first sample. */
  addSample(meter: string, sample: Attributes): void;
  /** Deletes the events of a log that are older, as its persistence allows. Answers how many. */
  purge(log: string, before: Date): number;
}

/** @param eventsIn the one collection of all events, where a cloud has no logs. */
export function createCloudStore(eventsIn?: string): CloudStore {
  const resources = new Map<string, Resource>();
  const given = new Map<string, number>();

  function below(path: string): Resource[] {
    return [...resources.values()].filter(({ id }) => id.slice(0, id.lastIndexOf('/')) === path);
  }

  function nextId(path: string): string {
    const next = (given.get(path) ?? 0) + 1;
    given.set(path, next);
    return `${path}/${next}`;
  }

  function put(type: string, id: string, attributes: Attributes): void {
    resources.set(id, { id, type, attributes: { ...attributes } });
  }

  function change(id: string, attributes: Attributes): void {
    const found = resources.get(id);
    if (found === undefined) throw new Error(`The simulated cloud has no ${id}`);
    Object.assign(found.attributes, attributes);
  }

  /** Counts of the events that are there now, by severity. */
  function summarize(log: string): void {
    if (eventsIn !== undefined) return;
    const summary: Record<string, number> = { low: 0, medium: 0, high: 0, critical: 0 };
    for (const { attributes } of below(`${log}/events`)) {
      const { severity } = attributes;
      if (typeof severity === 'string') summary[severity] = (summary[severity] ?? 0) + 1;
    }
    change(log, { summary });
  }

  return {
    get: (id) => resources.get(id),
    below,
    nextId,
    put,
    change,
    remove: (id) => void resources.delete(id),
    addEvent(log, event) {
      const path = eventsIn ?? `${log}/events`;
      if (eventsIn === undefined && !resources.has(log))
        put('EventLog', log, { events: ref(path), persistence: 'daily' });
      const id = nextId(path);
      put('Event', id, event);
      summarize(log);
      return id;
    },
    addSample(meter, sample) {
      const samples = `${meter}/samples`;
      if (!resources.has(meter)) put('Meter', meter, { samples: ref(samples) });
      put('Sample', nextId(samples), sample);
    },
    purge(log, before) {
      const old = below(eventsIn ?? `${log}/events`).filter(
        ({ attributes }) => Date.parse(String(attributes['timestamp'])) < before.getTime(),
      );
      for (const { id } of old) resources.delete(id);
      summarize(log);
      return old.length;
    },
  };
}
