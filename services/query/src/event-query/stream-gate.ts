/** Bounds how many answers without an end are sent side by side: each holds memory for as long as its caller takes. */
import { callerOf, principalOf, ProblemError } from '@cadf-pipeline/service-kit';
import type { ErrorDefinition } from '@cadf-pipeline/service-kit';
import type { FastifyRequest } from 'fastify';

export interface StreamBounds {
  /** At a time. */
  readonly most: number;
  /** Of one principal. */
  readonly mostOfOne: number;
  /** What is answered past them; retryable. */
  readonly problem: ErrorDefinition;
}

export interface StreamGate {
  /** Answers what has to be called at the end. Throws the problem of the bounds. */
  enter(request: FastifyRequest): () => void;
}

const RETRY_SECONDS = 5;

export function createStreamGate({ most, mostOfOne, problem }: StreamBounds): StreamGate {
  const open = new Map<string, number>();
  let all = 0;
  return {
    enter(request) {
      const principal = principalOf(request);
      const id = `${principal.kind} ${principal.id}`;
      const own = open.get(id) ?? 0;
      if (all >= most || own >= mostOfOne)
        throw new ProblemError(problem, {
          detail:
            own >= mostOfOne
              ? `${callerOf(principal)} takes ${own} already; the most is ${mostOfOne}.`
              : `${all} are being sent; the most is ${most}.`,
          retryAfterSeconds: RETRY_SECONDS,
        });
      all++;
      open.set(id, own + 1);
      let left = false;
      return () => {
        if (left) return;
        left = true;
        all--;
        const rest = (open.get(id) ?? 1) - 1;
        if (rest === 0) open.delete(id);
        else open.set(id, rest);
      };
    },
  };
}
