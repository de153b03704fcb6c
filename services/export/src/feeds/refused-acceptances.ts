/** Invitations that were not accepted: how often an address may try, and the audit events of it. */
import { controlChangeEvent, JSON_TYPE } from '@cadf-pipeline/control-state';
import type { Audit, ControlChange } from '@cadf-pipeline/control-state';
import { createAttemptLimiter, frameworkErrors, ProblemError } from '@cadf-pipeline/service-kit';
import type { FastifyRequest } from 'fastify';

/** Of one address: past it nothing is looked at, and nothing written. */
const ATTEMPTS = { burst: 10, refillMs: 10_000, maxAddresses: 10_000 } as const;
/** Events, whatever the address: who has many of them cannot fill the log either. */
const EVENTS = { burst: 100, refillMs: 10_000, maxAddresses: 1 } as const;
const ANY = 'any';

export interface RefusedAcceptance {
  readonly attempt: Omit<ControlChange, 'outcome' | 'failure'>;
  /** What is answered. */
  readonly problem: Pick<ProblemError, 'statusCode' | 'code'>;
  /** More than is answered: nothing is told to who guesses. */
  readonly reason: 'feed-unknown' | 'unknown' | 'mismatch' | 'used' | 'expired' | 'too-many-tokens';
  /** Who sees it, beside who reaches all. */
  readonly tenants: readonly string[];
}

export interface RefusedAcceptances {
  /** Throws AUTHENTICATION_THROTTLED. */
  admit(request: FastifyRequest): void;
  /** Counts it and writes its event. Does not throw: what is answered is the same without. */
  refused(request: FastifyRequest, refusal: RefusedAcceptance): Promise<void>;
}

/** `clock`: milliseconds that never go back. */
export function createRefusedAcceptances(
  audit: Audit,
  clock: () => number = () => performance.now(),
): RefusedAcceptances {
  const attempts = createAttemptLimiter(ATTEMPTS, clock);
  const events = createAttemptLimiter(EVENTS, clock);
  /** Refusals without an event since the last one with. */
  let untold = 0;

  return {
    admit({ ip }) {
      const waitSeconds = attempts.waitSeconds(ip);
      if (waitSeconds > 0)
        throw new ProblemError(frameworkErrors.AUTHENTICATION_THROTTLED, { retryAfterSeconds: waitSeconds });
    },
    async refused(request, { attempt, problem, reason, tenants }) {
      attempts.failed(request.ip);
      request.log.info({ reason, remoteAddress: request.ip }, 'invitation refused');
      if (events.waitSeconds(ANY) > 0) {
        untold++;
        return;
      }
      events.failed(ANY);
      const content = untold === 0 ? { reason } : { reason, untold };
      untold = 0;
      const failure = { status: problem.statusCode, code: problem.code };
      const { attachments, ...event } = controlChangeEvent({ ...attempt, outcome: 'failure', failure });
      const told = { name: 'invitation', contentType: JSON_TYPE, content };
      await audit(
        { ...event, attachments: [...(Array.isArray(attachments) ? attachments : []), told] },
        tenants,
      ).catch((error: unknown) => {
        request.log.error({ err: error, eventId: attempt.eventId }, 'a refused invitation was not recorded');
      });
    },
  };
}
