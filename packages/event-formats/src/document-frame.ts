/** What stands around the events of a CADF Log or Report (DSP0262: the entities log and report). */
import { formatTimestamp, logTypeUri, reportTypeUri } from '@cadf-pipeline/cadf-model';
import type { Members } from '@cadf-pipeline/cadf-model';
import type { DocumentOptions } from './event-format.ts';

/** Some 20 MiB: whoever reads a document whole has room for it. */
export const DOCUMENT_EVENTS = 16_384;

/** The members of the document but for `events`. Without options a Log that says nothing of itself. */
export function documentFrame(options: DocumentOptions = {}): Members {
  const { description, document = 'log', generator, id, name, timeMs } = options;
  const time = timeMs === undefined ? undefined : formatTimestamp(timeMs);
  return {
    typeURI: document === 'log' ? logTypeUri : reportTypeUri,
    ...(id === undefined ? {} : { id }),
    ...(time === undefined ? {} : { [`${document}Time`]: time }),
    ...(generator === undefined ? {} : { generator }),
    ...(name === undefined ? {} : { name }),
    ...(description === undefined ? {} : { description }),
  };
}
