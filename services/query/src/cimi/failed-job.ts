/** What goes wrong, as CIMI tells it (DSP0263 4.2.2): a Job that is nowhere else, in state FAILED. */
import type { ProblemError } from '@cadf-pipeline/service-kit';
import { reference } from './resource.ts';
import type { CimiResource } from './resource.ts';

/** Codes below are the standard's own. */
const OWN_CODES = 10_000;

/** `target`: what was asked, relative to the base. `name` is the stable code of docs/errors.md. */
export function failedJob(problem: ProblemError, target: string, nowMs: number): CimiResource {
  const { definition, options } = problem;
  const now = new Date(nowMs).toISOString();
  return {
    kind: 'resource',
    type: 'Job',
    attributes: [
      ['id', ''],
      ['name', definition.code],
      ['description', definition.title],
      ['created', now],
      ['state', 'FAILED'],
      ['targetResource', reference(target)],
      ['returnCode', OWN_CODES + definition.status],
      ['progress', 100],
      ['statusMessage', options.detail ?? definition.hint],
      ['timeOfStatusChange', now],
    ],
  };
}
