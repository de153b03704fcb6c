/**
 * A cloud that lives: what consumers ask of it becomes jobs, states and events. Nothing moves until it is advanced.
 * It is out of memory for machines that want more than it has, so that something fails without being told to.
 */
import { createJobs } from './jobs.ts';
import { createJournal } from './journal.ts';
import type { Journal } from './journal.ts';
import { courseOf, verbsIn } from './life.ts';
import { importPackage } from './ovf.ts';
import { ref, typeUri } from './resource.ts';
import type { CimiVersion, Resource } from './resource.ts';
import type { Attributes, CloudStore } from './store.ts';

export interface LiveCloud {
  readonly journal: Journal;
  /** RFC 3339. */
  now(): string;
  /** Answers the new resource and the job that makes it. */
  add(collection: string, attributes: Attributes, parentJob?: string): Ordered;
  /** Answers undefined where the resource does not take it in its state. */
  act(verb: string, id: string, parameters?: Attributes, parentJob?: string): Ordered | undefined;
  edit(id: string, attributes: Attributes): Ordered;
  /** OVF import into the collection of systems. */
  importPackage(source: string): Ordered;
  /** The next such operation on any resource fails, with this message. */
  failNext(verb: string, message: string): void;
  /** Moves every open job and its resources one state on, so many times. */
  advance(steps?: number): void;
}

export interface Ordered {
  readonly job: string;
  /** What it makes. */
  readonly resource?: string;
}

/** Collections of resources that consumers make → their type. */
export const MADE: Readonly<Record<string, string>> = {
  machines: 'Machine',
  systems: 'System',
  volumes: 'Volume',
  networks: 'Network',
  machineImages: 'MachineImage',
  volumeImages: 'VolumeImage',
};
/** KiB: 64 GiB. */
const MEMORY_FOR_ONE = 67_108_864;
const CAPTURED_AS: Readonly<Record<string, string>> = { Machine: 'machineImages', Volume: 'volumeImages' };

export function createLiveCloud(store: CloudStore, version: CimiVersion, now: () => string): LiveCloud {
  const jobs = createJobs(store, version, now);
  const journal = createJournal(store, version, now);
  const toFail = new Map<string, string>();

  function move(id: string, state: string): void {
    const found = store.get(id);
    if (found === undefined || found.attributes['state'] === state) return;
    const previous = found.attributes['state'];
    store.change(id, { state, operations: operationsOf(found, state) });
    journal.state(found, state, typeof previous === 'string' ? previous : undefined);
  }

  function operationsOf({ type, id }: Resource, state: string): { rel: string; href: string }[] {
    return ['edit', ...verbsIn(type, state)].map((verb) => ({
      rel: verb === 'edit' || verb === 'delete' ? verb : typeUri(version, `action/${verb}`),
      href: id,
    }));
  }

  function failureOf(verb: string, id: string): string | undefined {
    const ordered = toFail.get(verb);
    toFail.delete(verb);
    const memory = Number(store.get(id)?.attributes['memory'] ?? 0);
    return (
      ordered ??
      (verb === 'start' && memory > MEMORY_FOR_ONE
        ? `No host has ${memory} KiB of memory for the machine`
        : undefined)
    );
  }

  function fail(id: string, verb: string, message: string): { readonly failure: string } {
    move(id, 'ERROR');
    const found = store.get(id);
    if (found !== undefined) journal.alarm(found, `${verb}-failed`, message);
    return { failure: message };
  }

  function add(collection: string, attributes: Attributes, parentJob?: string): Ordered {
    const type = MADE[collection];
    if (type === undefined) throw new Error(`The simulated cloud makes nothing in ${collection}`);
    const course = courseOf(type, 'add');
    const resource = store.nextId(collection);
    store.put(type, resource, { created: now(), updated: now(), ...attributes, state: 'CREATING' });
    const made = store.get(resource);
    if (made !== undefined) journal.model(made, 'create');
    const job = jobs.queue({
      verb: 'add',
      target: collection,
      ...(parentJob === undefined ? {} : { parent: parentJob }),
      begin: () => {},
      abort: () => move(resource, 'ERROR'),
      finish() {
        const failure = failureOf('add', resource);
        if (failure !== undefined) return fail(resource, 'add', failure);
        move(resource, course?.after ?? 'AVAILABLE');
        return { affected: [resource] };
      },
    });
    return { job, resource };
  }

  function act(
    verb: string,
    id: string,
    parameters: Attributes = {},
    parentJob?: string,
  ): Ordered | undefined {
    const found = store.get(id);
    if (found === undefined) return undefined;
    if (found.type === 'Job') {
      if (verb !== 'stop' || !jobs.stop(id)) return undefined;
      return { job: jobs.done('stop', id, []) };
    }
    const before = String(found.attributes['state']);
    const course = courseOf(found.type, verb);
    if (course === undefined || !verbsIn(found.type, before).includes(verb)) return undefined;
    const job = jobs.queue({
      verb,
      target: id,
      ...(parentJob === undefined ? {} : { parent: parentJob }),
      begin() {
        if (course.during !== 'before') move(id, course.during);
        const members = found.type === 'System' ? store.below(`${id}/machines`) : [];
        for (const { attributes } of members) {
          const inner = Object(attributes['machine']) as { readonly href?: string };
          if (inner.href !== undefined) act(verb, inner.href, {}, job);
        }
      },
      abort: () => move(id, 'ERROR'),
      finish() {
        const failure = failureOf(verb, id);
        if (failure !== undefined) return fail(id, verb, failure);
        if (course.after === 'gone') {
          store.remove(id);
          journal.model(found, 'delete');
          return {};
        }
        move(id, course.after === 'before' ? before : course.after);
        return { affected: byproducts(verb, found, parameters) };
      },
    });
    return { job };
  }

  /** The image that a capture or a snapshot makes. */
  function byproducts(verb: string, source: Resource, parameters: Attributes): string[] {
    const collection = CAPTURED_AS[source.type];
    if (collection === undefined || (verb !== 'capture' && verb !== 'snapshot')) return [];
    const id = store.nextId(collection);
    store.put(MADE[collection] ?? 'MachineImage', id, {
      created: now(),
      name: String(parameters['name'] ?? `${verb} of ${String(source.attributes['name'] ?? source.id)}`),
      type: verb === 'snapshot' ? 'SNAPSHOT' : 'IMAGE',
      imageLocation: ref(source.id),
      state: 'AVAILABLE',
    });
    const made = store.get(id);
    if (made !== undefined) journal.model(made, 'create');
    return [id];
  }

  return {
    journal,
    now,
    add,
    act,
    edit(id, attributes) {
      store.change(id, { ...attributes, updated: now() });
      const found = store.get(id);
      if (found !== undefined) journal.model(found, 'update');
      return { job: jobs.done('edit', id, []) };
    },
    importPackage: (source) =>
      importPackage(source, {
        store,
        jobs,
        journal,
        now,
        move,
        add,
        failureOf: () => failureOf('import', ''),
      }),
    failNext: (verb, message) => void toFail.set(verb, message),
    advance(steps = 1) {
      for (let step = 0; step < steps; step++) jobs.advance();
    },
  };
}
