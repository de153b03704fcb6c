/** Whose events are in a segment: a feed that is changed later gives other tenants, its segments hold what they hold. */
import type { Feed } from '@cadf-pipeline/control-state';
import type { SegmentManifest } from '@cadf-pipeline/federation';
import type { Exported } from '../exports/export-rights.ts';

/** What its owner has to be allowed to read before the segment is given to anybody. */
export function cutOf(
  { owner }: Pick<Feed, 'owner'>,
  { tenants }: Pick<SegmentManifest, 'tenants'>,
): Exported {
  return { owner, tenants: tenants ?? '*' };
}
