import { isMembers, undefinedReferences, validateEvent } from '@cadf-pipeline/cadf-model';
import type { Definitions, Fault, ProfileName } from '@cadf-pipeline/cadf-model';

/** What is wrong with one event, its references into its Log or Report included. */
export function eventFaults(
  event: unknown,
  definitions: Definitions,
  profile: ProfileName,
): readonly Fault[] {
  const faults = validateEvent(event, profile);
  if (!isMembers(event)) return faults;
  const references = undefinedReferences(event, definitions);
  return references.length === 0 ? faults : [...faults, ...references];
}
