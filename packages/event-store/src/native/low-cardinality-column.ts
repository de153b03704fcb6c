import type { Column } from './column.ts';
import { createDictionary, writeLowCardinalityVersion } from './dictionary.ts';

export interface LowCardinalityColumn extends Column {
  /** `value` is a binary string. */
  readonly add: (value: string) => void;
}

/** `LowCardinality(String)`. */
export function createLowCardinalityColumn(name: string): LowCardinalityColumn {
  const dictionary = createDictionary();
  return {
    name,
    type: 'LowCardinality(String)',
    add: dictionary.add,
    maxBytes: () => 8 + dictionary.maxBytes(),
    write: (buffer, at) => dictionary.write(buffer, writeLowCardinalityVersion(buffer, at)),
    clear: dictionary.clear,
  };
}
