/** Values of marks that are small JSON objects. */
import { isMembers } from '@cadf-pipeline/cadf-model';

/** Of what is damaged or was never there: no members, as if nothing were remembered. */
export function readMarkValue(value: string | undefined): Readonly<Record<string, unknown>> {
  if (value === undefined) return {};
  try {
    const parsed: unknown = JSON.parse(value);
    return isMembers(parsed) ? parsed : {};
  } catch {
    return {};
  }
}

export function numberIn(members: Readonly<Record<string, unknown>>, name: string): number | undefined {
  const value = members[name];
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

export function textIn(members: Readonly<Record<string, unknown>>, name: string): string | undefined {
  const value = members[name];
  return typeof value === 'string' ? value : undefined;
}
