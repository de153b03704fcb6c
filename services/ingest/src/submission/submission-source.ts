/**
 * Which source a submission counts as. Versions of an event merge only within one source, so a caller must not be
 * able to choose another's: a key bound to a source is that source, a key bound to tenants is a source of its own,
 * and only a provider's key (all tenants) may name one.
 */
import { ProblemError } from '@cadf-pipeline/service-kit';
import type { Principal } from '@cadf-pipeline/service-kit';
import { ingestErrors } from '../errors.ts';

/** Source ids: they stand in stream keys before a slash, so they hold none. */
export const SOURCE_ID = /^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$/;

/** The source of a provider's key that names none. */
export const DEFAULT_SOURCE = 'default';

/** Throws INGEST_SOURCE_FORBIDDEN and INGEST_PARAMETER_INVALID. */
export function submissionSource(principal: Principal, asked: string | undefined): string {
  if (asked !== undefined && !SOURCE_ID.test(asked))
    throw new ProblemError(ingestErrors.INGEST_PARAMETER_INVALID, {
      detail: '"source" is 1 to 128 letters, digits and . _ : - and starts with a letter or digit.',
    });
  const own = principal.source ?? (principal.tenants === '*' ? undefined : `key:${principal.id}`);
  if (own === undefined) return asked ?? DEFAULT_SOURCE;
  if (asked === undefined || asked === own) return own;
  throw new ProblemError(ingestErrors.INGEST_SOURCE_FORBIDDEN, {
    detail: `This key submits as source "${own}", not as "${asked}".`,
  });
}
