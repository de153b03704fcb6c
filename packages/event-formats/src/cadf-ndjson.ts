/** Events as the store gives them: a text in each line. Nothing is parsed and nothing copied. */
import type { FileFormat } from './event-format.ts';

export const cadfNdjson: FileFormat = {
  extension: '.ndjson',
  mediaType: 'application/x-ndjson',
  compressible: true,
  open: () => ({ write: ({ lines }) => [lines], end: () => [] }),
};
