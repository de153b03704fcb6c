/** OVF import (DSP0263, clause 5.5): a system and what the package describes, each made by a nested job. */
import type { LiveCloud, Ordered } from './cloud.ts';
import type { Jobs } from './jobs.ts';
import type { Journal } from './journal.ts';
import { ref } from './resource.ts';
import type { CloudStore } from './store.ts';

export interface ImportPlace {
  readonly store: CloudStore;
  readonly jobs: Jobs;
  readonly journal: Journal;
  readonly now: () => string;
  readonly move: (id: string, state: string) => void;
  readonly add: LiveCloud['add'];
  readonly failureOf: () => string | undefined;
}

/** What each simulated package describes. */
const PARTS = [
  ['machines', 'front'],
  ['machines', 'back'],
  ['volumes', 'disk'],
  ['networks', 'inner'],
] as const;

export function importPackage(source: string, place: ImportPlace): Ordered {
  const { store, jobs, journal, now, move, add, failureOf } = place;
  const system = store.nextId('systems');
  const name = source.slice(source.lastIndexOf('/') + 1).replace(/\.ov[fa]$/, '');
  const parts: string[] = [];
  const job = jobs.queue({
    verb: 'import',
    target: 'systems',
    begin() {
      store.put('System', system, { created: now(), name, state: 'CREATING' });
      const made = store.get(system);
      if (made !== undefined) journal.model(made, 'create');
      for (const [collection, part] of PARTS) {
        const { resource } = add(collection, { name: `${name}-${part}` }, job);
        if (resource === undefined) continue;
        parts.push(resource);
        if (collection === 'machines')
          store.put('SystemMachine', store.nextId(`${system}/machines`), { machine: ref(resource) });
      }
      store.change(system, { machines: ref(`${system}/machines`) });
    },
    abort: () => move(system, 'ERROR'),
    finish() {
      const failure = failureOf();
      if (failure !== undefined) {
        move(system, 'ERROR');
        return { failure };
      }
      move(system, 'STOPPED');
      return { affected: [system, ...parts] };
    },
  });
  return { job, resource: system };
}
