/** A normalizer for a source whose settings are of no use: its records are kept until they are mended. */
import type { Normalizer } from '../source.ts';

export function buryAll(code: string, detail: string): Normalizer {
  return {
    held: 0,
    push: (record) => [
      {
        kind: 'dead-letter',
        code,
        detail: `${detail} Mend the setting of the source, then replay the record.`,
        records: [record],
      },
    ],
    flush: () => [],
  };
}
