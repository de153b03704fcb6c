/** An XML document into its events, in their JSON form: what the stream and the store hold is JSON. */
import { decodeXml, defaultXmlLimits } from '@cadf-pipeline/cadf-model';
import { ProblemError } from '@cadf-pipeline/service-kit';
import { ingestErrors } from '../errors.ts';
import { createAddedBytes, readableItem, tooMany } from './item.ts';
import type { BodyItem } from './item.ts';
import type { BodyLimits } from './limits.ts';

/** Throws INGEST_BODY_UNREADABLE with line and column, INGEST_TOO_MANY_EVENTS. */
export function readXmlDocument(body: Buffer, limits: BodyLimits): readonly BodyItem[] {
  const { events, faults } = decodeXml(body.toString('utf8'), {
    ...defaultXmlLimits,
    maxLength: limits.maxUnpackedBytes,
    maxDepth: limits.maxDepth,
  });
  const fault = faults.find(({ severity }) => severity === 'error');
  if (fault !== undefined)
    throw new ProblemError(ingestErrors.INGEST_BODY_UNREADABLE, {
      detail: `Line ${fault.line}, column ${fault.column}: ${fault.message} (${fault.code}); ${fault.hint}.`,
    });
  if (events.length > limits.maxEvents) throw tooMany(limits);
  const added = createAddedBytes();
  return events.map(({ value, definitions }) =>
    readableItem(JSON.stringify(value), value, definitions, limits, added),
  );
}
