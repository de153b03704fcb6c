/**
 * The subscriptions that this process delivers: those in the partitions of progress that the group gave to it. A change
 * of a definition, or of the rights of its owner, ends the run of that subscription and begins it anew.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { ControlState, Kind, Subscription } from '@cadf-pipeline/control-state';
import type { DeliveryLogger } from './delivery-logger.ts';
import { partitionOfSubscription } from './progress-topic.ts';
import { createRunStop } from './run-stop.ts';
import type { RunStop } from './run-stop.ts';
import type { RunEnd } from './subscription-run.ts';

export interface OwnedSubscriptions {
  /** These partitions, and no others, are this process's from now on. */
  own(partitions: ReadonlySet<number>): void;
  /** Lets all of them go; what is under way may take `graceMs`. Resolves when nothing is sent any more. */
  disown(graceMs: number): Promise<void>;
  /** Takes a subscription that is being delivered over once more; false: it is not. */
  renew(id: string): boolean;
  /** Definitions that this process delivers, whether or not there is anything to do. */
  owned(): readonly Subscription[];
  /** It is not delivered though it should be: the owner has no rights, or its filter cannot be read. */
  waits(id: string): boolean;
  stop(): void;
}

export interface OwnedSubscriptionsDependencies {
  readonly state: Pick<ControlState, 'get' | 'list' | 'onChange'>;
  readonly run: (subscription: Subscription, stop: RunStop) => Promise<RunEnd>;
  readonly logger: DeliveryLogger;
}

interface Run {
  /** What decides how it runs, as text. */
  readonly definition: string;
  readonly stop: RunStop;
  readonly done: Promise<void>;
  end?: RunEnd;
}

/** A request under way when a definition or a right changed may end so long after. */
const CHANGE_GRACE_MS = 500;
const AGAIN_FIRST_MS = 1000;
const AGAIN_LAST_MS = 30_000;

export function createOwnedSubscriptions(deps: OwnedSubscriptionsDependencies): OwnedSubscriptions {
  const { logger, run, state } = deps;
  const runs = new Map<string, Run>();
  /** Changes of one subscription, one after the other. */
  const changing = new Map<string, Promise<void>>();
  let partitions: ReadonlySet<number> = new Set();
  const unlisten = state.onChange(changed);

  function changed(kind: Kind, id: string): void {
    if (kind === 'subscription') apply(id);
    if (kind !== 'key') return;
    for (const { entity } of state.list('subscription')) if (entity.owner.id === id) apply(entity.id);
  }

  /** What is to be delivered, as it is now. */
  function wanted(id: string): Subscription | undefined {
    if (!partitions.has(partitionOfSubscription(id))) return undefined;
    const entity = state.get('subscription', id)?.entity;
    return entity === undefined || entity.paused ? undefined : entity;
  }

  function definitionOf({ filter, generation, owner, resumed, sink, source, start, tenant }: Subscription) {
    const key = state.get('key', owner.id)?.entity;
    const rights = key && [key.created, key.roles, key.tenants, key.revoked, key.expires];
    return JSON.stringify([filter, generation, resumed, sink, source, start, tenant, owner, rights]);
  }

  function apply(id: string): void {
    // At once: what is not allowed any more must not be sent while an earlier change is still being applied.
    endOutdated(id, CHANGE_GRACE_MS);
    const after = changing.get(id) ?? Promise.resolve();
    const mine = after.then(async () => {
      endOutdated(id, CHANGE_GRACE_MS);
      const current = runs.get(id);
      if (current?.stop.soft.aborted === true) {
        await current.done;
        runs.delete(id);
      }
      const subscription = wanted(id);
      if (subscription !== undefined && !runs.has(id)) begin(subscription);
    });
    changing.set(id, mine);
    void mine.finally(() => {
      if (changing.get(id) === mine) changing.delete(id);
    });
  }

  function endOutdated(id: string, graceMs: number): void {
    const current = runs.get(id);
    if (current === undefined) return;
    const subscription = wanted(id);
    if (subscription === undefined || definitionOf(subscription) !== current.definition)
      current.stop.stop(graceMs);
  }

  function begin(subscription: Subscription): void {
    const stop = createRunStop();
    const mine: Run = {
      definition: definitionOf(subscription),
      stop,
      done: keepRunning(subscription, stop, (end) => (mine.end = end)).finally(() => stop.ended()),
    };
    runs.set(subscription.id, mine);
  }

  /** Begins again what was superseded or failed, for as long as it is this process's. */
  async function keepRunning(
    subscription: Subscription,
    stop: RunStop,
    ended: (end: RunEnd) => void,
  ): Promise<void> {
    const { id } = subscription;
    for (let failures = 0; !stop.soft.aborted; failures++) {
      const begun = performance.now();
      try {
        const end = await run(subscription, stop);
        ended(end);
        if (end !== 'superseded') return;
        logger.info({ subscription: id }, 'a subscription was taken over by another process');
      } catch (error) {
        if (stop.soft.aborted) return;
        logger.error(
          { err: error, subscription: id },
          'the delivery of a subscription broke off, starting it again',
        );
      }
      if (performance.now() - begun > AGAIN_LAST_MS) failures = 0;
      const pauseMs = Math.min(AGAIN_FIRST_MS * 2 ** failures, AGAIN_LAST_MS);
      await sleep(pauseMs, undefined, { signal: stop.soft }).catch(() => undefined);
    }
  }

  return {
    own(given) {
      partitions = given;
      for (const id of new Set([
        ...runs.keys(),
        ...state.list('subscription').map(({ entity }) => entity.id),
      ]))
        apply(id);
    },
    async disown(graceMs) {
      partitions = new Set();
      for (const { stop } of runs.values()) stop.stop(graceMs);
      await Promise.all(changing.values());
      await Promise.all([...runs.values()].map(({ done }) => done));
      runs.clear();
    },
    renew(id) {
      const current = runs.get(id);
      if (current === undefined || current.end !== undefined) return false;
      current.stop.stop(CHANGE_GRACE_MS);
      apply(id);
      return true;
    },
    owned: () =>
      state
        .list('subscription')
        .flatMap(({ entity }) => (partitions.has(partitionOfSubscription(entity.id)) ? [entity] : [])),
    waits(id) {
      const end = runs.get(id)?.end;
      return end === 'rights' || end === 'filter';
    },
    stop: () => unlisten(),
  };
}
