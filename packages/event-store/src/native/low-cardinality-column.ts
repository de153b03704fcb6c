import type { Column } from './column.ts';
import { createDictionary, LOW_CARDINALITY_VERSION, writeWord } from './dictionary.ts';

export interface LowCardinalityColumn extends Column {
  /** `value` is a binary string. */
  add(value: string): void;
}

/** `LowCardinality(String)`. */
export function createLowCardinalityColumn(name: string): LowCardinalityColumn {
  const dictionary = createDictionary();
  return {
    name,
    type: 'LowCardinality(String)',
    add: (value) => dictionary.add(value),
    maxBytes: () => 8 + dictionary.maxBytes(),
    write: (buffer, at) => dictionary.write(buffer, writeWord(buffer, at, LOW_CARDINALITY_VERSION)),
    clear: () => dictionary.clear(),
  };
}
