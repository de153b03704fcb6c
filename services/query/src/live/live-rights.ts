/**
 * The rights of readers whose answers go on for hours. Each credential is looked at again by a timer and before its
 * readers are given something, once for all its readers: a key that was revoked, has expired or lost its role ends them
 * within a second, and tenants that were added or taken away hold as soon.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Scope } from '@cadf-pipeline/event-store';
import { frameworkErrors, ProblemError, scopeOf } from '@cadf-pipeline/service-kit';
import type { Credential, Principal } from '@cadf-pipeline/service-kit';
import type { FastifyBaseLogger } from 'fastify';

/** What one reader may see. */
export interface LiveRight {
  /** Undefined: nothing any more. */
  scope(): Scope | undefined;
  /** Grows whenever what may be seen changes. */
  version(): number;
  /**
   * Waits until what is known of the rights is not older than a quarter of a second. Throws the problem where they are
   * gone; returns early when `signal` aborts.
   */
  current(signal: AbortSignal): Promise<void>;
  release(): void;
}

export interface LiveRights {
  /** `gone` is called once, when the rights end. Throws FORBIDDEN_TENANT at once where `tenant` is not reached. */
  watch(
    credential: Credential,
    principal: Principal,
    tenant: string | undefined,
    gone: (problem: ProblemError) => void,
  ): LiveRight;
  close(): void;
}

/** Between two looks of the timer. */
const SWEEP_MS = 500;
/** Before something is given. */
const FRESH_MS = 250;
/** Nothing is given while nobody can say whose a credential is; after so long its readers are ended. */
const UNKNOWN_MS = 30_000;

interface Reader {
  readonly tenant: string | undefined;
  readonly gone: (problem: ProblemError) => void;
  told: boolean;
}

interface Watched {
  readonly credential: Credential;
  readonly readers: Set<Reader>;
  principal: Principal;
  version: number;
  /** When what is known was asked for. */
  askedMs: number;
  asking: Promise<void> | undefined;
  problem: ProblemError | undefined;
}

/** `now`: milliseconds that never go back. */
export function createLiveRights({
  logger,
  now = () => performance.now(),
}: {
  readonly logger: FastifyBaseLogger;
  readonly now?: () => number;
}): LiveRights {
  const watched = new Map<string, Watched>();
  let timer: NodeJS.Timeout | undefined;

  function sweep(): void {
    for (const one of watched.values()) void refresh(one);
  }

  function refresh(one: Watched): Promise<void> {
    one.asking ??= ask(one).finally(() => (one.asking = undefined));
    return one.asking;
  }

  async function ask(one: Watched): Promise<void> {
    const askedMs = now();
    try {
      const principal = await one.credential.verify();
      if (!sameTenants(principal.tenants, one.principal.tenants)) one.version++;
      one.principal = principal;
      one.askedMs = askedMs;
    } catch (error) {
      const problem = error instanceof ProblemError ? error : undefined;
      if (problem?.definition.retryable === false) one.problem = problem;
      else if (now() - one.askedMs > UNKNOWN_MS) {
        logger.warn(
          { err: error },
          'readers of live events are ended: nobody can say whether they still may',
        );
        one.problem = problem ?? new ProblemError(frameworkErrors.IDENTITY_UNAVAILABLE);
      }
    }
    for (const reader of one.readers) {
      const problem = one.problem ?? beyond(one.principal, reader.tenant);
      if (problem === undefined || reader.told) continue;
      reader.told = true;
      reader.gone(problem);
    }
  }

  return {
    watch(credential, principal, tenant, gone) {
      const reader: Reader = { tenant, gone, told: false };
      const problem = beyond(principal, tenant);
      if (problem !== undefined) throw problem;
      const known = watched.get(credential.id);
      const one: Watched =
        known?.problem === undefined && known !== undefined
          ? known
          : {
              credential,
              readers: new Set(),
              principal,
              version: 0,
              askedMs: now(),
              asking: undefined,
              problem: undefined,
            };
      one.readers.add(reader);
      watched.set(credential.id, one);
      timer ??= setInterval(sweep, SWEEP_MS);
      return {
        scope: () =>
          one.problem === undefined && beyond(one.principal, tenant) === undefined
            ? { tenants: one.principal.tenants }
            : undefined,
        version: () => one.version,
        async current(signal) {
          for (;;) {
            const gonePast = one.problem ?? beyond(one.principal, tenant);
            if (gonePast !== undefined) throw gonePast;
            if (signal.aborted || now() - one.askedMs <= FRESH_MS) return;
            const before = one.askedMs;
            await refresh(one);
            if (one.askedMs === before && one.problem === undefined) await sleep(FRESH_MS);
          }
        },
        release() {
          one.readers.delete(reader);
          if (one.readers.size > 0 || watched.get(credential.id) !== one) return;
          watched.delete(credential.id);
          if (watched.size > 0) return;
          clearInterval(timer);
          timer = undefined;
        },
      };
    },
    close() {
      clearInterval(timer);
      watched.clear();
    },
  };
}

function beyond(principal: Principal, tenant: string | undefined): ProblemError | undefined {
  try {
    scopeOf(principal, tenant);
    return undefined;
  } catch (error) {
    if (error instanceof ProblemError) return error;
    throw error;
  }
}

function sameTenants(one: Principal['tenants'], other: Principal['tenants']): boolean {
  if (one === other) return true;
  if (one === '*' || other === '*') return false;
  return one.length === other.length && one.every((tenant, index) => tenant === other[index]);
}
