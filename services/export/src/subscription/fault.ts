import { ProblemError } from '@cadf-pipeline/service-kit';
import type { ProblemFault } from '@cadf-pipeline/service-kit';
import { exportErrors } from '../errors.ts';

/** Throws SUBSCRIPTION_INVALID where there are faults; their paths are as those of a schema: `body/url`. */
export function requireSound(faults: readonly ProblemFault[]): void {
  if (faults.length === 0) return;
  throw new ProblemError(exportErrors.SUBSCRIPTION_INVALID, {
    detail: faults.map(({ message, path }) => `${path} ${message}`).join('; '),
    faults,
  });
}
