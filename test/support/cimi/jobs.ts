/** The jobs of the simulated cloud (DSP0263, clause 5.14): each `advance` takes every open one a state further. */
import { ref, typeUri } from './resource.ts';
import type { CimiVersion } from './resource.ts';
import type { CloudStore } from './store.ts';

export interface Work {
  /** `start`, `add`, …: written as the standard has it for the version. */
  readonly verb: string;
  readonly target: string;
  readonly parent?: string;
  /** When it begins to run. */
  begin(): void;
  /** When its time is over. Answers why it failed, and what was affected besides the target. */
  finish(): { readonly failure?: string; readonly affected?: readonly string[] };
  /** When it is stopped, or cannot go on. */
  abort(): void;
}

export interface Jobs {
  /** Makes a job in state QUEUED; answers its id. */
  queue(work: Work): string;
  /** A job that is over when it is told of. */
  done(verb: string, target: string, affected: readonly string[]): string;
  /** Asks it to stop; false where it is over. */
  stop(job: string): boolean;
  isOpen(job: string): boolean;
  advance(): void;
}

const BARE = new Set(['add', 'edit', 'delete']);
const FAILED_RETURN_CODE = 10_017;

export function createJobs(store: CloudStore, version: CimiVersion, now: () => string): Jobs {
  const open = new Map<string, Work>();
  const nested = new Map<string, string[]>();
  const actionOf = (verb: string): string => (BARE.has(verb) ? verb : typeUri(version, `action/${verb}`));
  const stopUri = typeUri(version, 'action/stop');

  function queue(work: Work): string {
    const id = store.nextId('jobs');
    store.put('Job', id, {
      created: now(),
      state: 'QUEUED',
      targetResource: ref(work.target),
      affectedResources: [ref(work.target)],
      action: actionOf(work.verb),
      progress: 0,
      timeOfStatusChange: now(),
      ...(work.parent === undefined ? {} : { parentJob: ref(work.parent) }),
      operations: [{ rel: stopUri, href: id }],
    });
    open.set(id, work);
    if (work.parent !== undefined) {
      const siblings = [...(nested.get(work.parent) ?? []), id];
      nested.set(work.parent, siblings);
      store.change(work.parent, { nestedJobs: siblings.map(ref) });
    }
    return id;
  }

  function end(id: string, state: string, more: Parameters<CloudStore['change']>[1]): void {
    open.delete(id);
    const operations = [{ rel: 'delete', href: id }];
    store.change(id, { state, progress: 100, timeOfStatusChange: now(), operations, ...more });
  }

  function step(id: string, work: Work): void {
    const state = store.get(id)?.attributes['state'];
    if (state === 'QUEUED') {
      store.change(id, { state: 'RUNNING', progress: 10, timeOfStatusChange: now() });
      return work.begin();
    }
    if (state === 'STOPPING') {
      work.abort();
      return end(id, 'STOPPED', { statusMessage: 'Stopped by the consumer' });
    }
    const below = nested.get(id) ?? [];
    const over = below.filter((one) => !open.has(one));
    if (over.length < below.length)
      return store.change(id, { progress: 10 + Math.floor((80 * over.length) / below.length) });
    if (below.some((one) => store.get(one)?.attributes['state'] !== 'SUCCESS')) {
      work.abort();
      return end(id, 'FAILED', { returnCode: FAILED_RETURN_CODE, statusMessage: 'A nested job failed' });
    }
    const { failure, affected = [] } = work.finish();
    if (failure !== undefined)
      return end(id, 'FAILED', { returnCode: FAILED_RETURN_CODE, statusMessage: failure });
    const resources = [...new Set([work.target, ...affected])].map(ref);
    end(id, 'SUCCESS', { affectedResources: resources, returnCode: 0 });
  }

  return {
    queue,
    done(verb, target, affected) {
      const id = queue({ verb, target, begin: () => {}, finish: () => ({}), abort: () => {} });
      end(id, 'SUCCESS', { affectedResources: [target, ...affected].map(ref), returnCode: 0 });
      return id;
    },
    stop(id) {
      if (!open.has(id)) return false;
      store.change(id, { state: 'STOPPING', timeOfStatusChange: now(), operations: [] });
      return true;
    },
    isOpen: (id) => open.has(id),
    advance() {
      // Nested jobs that a step makes begin with the next one; a parent looks at its nested after they moved.
      for (const [id, work] of [...open].toReversed()) step(id, work);
    },
  };
}
