/** Bounds how many whole results are sent side by side: each holds blocks in memory for as long as its caller takes. */
import { principalOf, ProblemError } from '@cadf-pipeline/service-kit';
import type { FastifyRequest } from 'fastify';
import { queryErrors } from '../errors.ts';

export interface StreamGate {
  /** Answers what has to be called at the end. Throws QUERY_TOO_MANY_STREAMS. */
  enter(request: FastifyRequest): () => void;
}

export const MAX_STREAMS = 8;
export const MAX_STREAMS_OF_ONE = 4;

export function createStreamGate(): StreamGate {
  const open = new Map<string, number>();
  let all = 0;
  return {
    enter(request) {
      const { id } = principalOf(request);
      const own = open.get(id) ?? 0;
      if (all >= MAX_STREAMS || own >= MAX_STREAMS_OF_ONE)
        throw new ProblemError(queryErrors.QUERY_TOO_MANY_STREAMS, {
          detail:
            own >= MAX_STREAMS_OF_ONE
              ? `This key takes ${own} whole results already; the most is ${MAX_STREAMS_OF_ONE}.`
              : `${all} whole results are being sent; the most is ${MAX_STREAMS}.`,
          retryAfterSeconds: 5,
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
