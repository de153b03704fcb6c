import type { Fault } from '@cadf-pipeline/cadf-model';

/** A place in an input, counted from 1; columns in UTF-16 code units, as editors count. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** A fault and where it is. `pointer` is within the whole document, or within the record of NDJSON. */
export interface Finding extends Fault, Place {
  /** Where the event stands in JSON text inside a string, the pointer within that text; `pointer` is the string's. */
  readonly within: string | undefined;
}

/** What checking one or more events gave. */
export interface Checked {
  readonly events: number;
  /** Events without errors; warnings let an event pass. */
  readonly valid: number;
  readonly findings: readonly Finding[];
}

/** Findings in the order of the text; those of one place stay as they were. */
export function byPlace(one: Place, other: Place): number {
  return one.line - other.line || one.column - other.column;
}
