/** Checks of single texts, with the bounds that hold in every profile. */
import type { FaultSink } from '../fault.ts';
import { report } from '../fault.ts';

/** Most characters of ids, types, paths and enumerations: they become keys and columns of the store. */
export const maxKeyLength = 1024;
/** Most characters of names and other short descriptions. */
export const maxNameLength = 4096;
/** Most characters of addresses, agents, tags and URIs of content types. */
export const maxAddressLength = 8192;
/** Most elements of any list of an event. */
export const maxListLength = 1024;

/** An optional text: absent or a string within the limit. The pointer is made of `base` and `member` when needed. */
export function checkText(
  sink: FaultSink,
  value: unknown,
  base: string,
  member: string,
  maxLength: number,
): void {
  if (value === undefined || (typeof value === 'string' && value.length <= maxLength)) return;
  reportText(sink, value, `${base}/${member}`);
}

function reportText(sink: FaultSink, value: unknown, pointer: string): void {
  if (typeof value === 'string') report(sink, 'CADF_VALUE_TOO_LONG', pointer);
  else report(sink, value === null ? 'CADF_MEMBER_NULL' : 'CADF_MEMBER_TYPE', pointer, value);
}

/** An optional list: answers it when there is one to look into, reports when the member is something else. */
export function listOf(
  sink: FaultSink,
  value: unknown,
  base: string,
  member: string,
): readonly unknown[] | undefined {
  if (value === undefined) return undefined;
  if (!Array.isArray(value)) {
    report(sink, value === null ? 'CADF_MEMBER_NULL' : 'CADF_MEMBER_TYPE', `${base}/${member}`, value);
    return undefined;
  }
  if (value.length > maxListLength) {
    report(sink, 'CADF_LIST_TOO_LONG', `${base}/${member}`);
    return undefined;
  }
  return value;
}
