import type { LowCardinalityColumn } from './low-cardinality-column.ts';
import { createLowCardinalityColumn } from './low-cardinality-column.ts';
import { createStringColumn } from './string-column.ts';
import type { StringColumn } from './string-column.ts';

/** A column of texts, stored by dictionary or plainly. */
export function createTextColumn(column: {
  readonly name: string;
  readonly kind: 'dictionary' | 'plain';
}): StringColumn | LowCardinalityColumn {
  return column.kind === 'plain' ? createStringColumn(column.name) : createLowCardinalityColumn(column.name);
}
