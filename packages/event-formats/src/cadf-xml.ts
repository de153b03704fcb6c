/** A CADF Log or Report as one XML document, in the namespace of the 1.0 event schema. */
import { encodeXmlElement, isMembers, xmlFrame } from '@cadf-pipeline/cadf-model';
import { DOCUMENT_EVENTS, documentFrame } from './document-frame.ts';
import type { EventBatch, FileFormat } from './event-format.ts';
import { linesOf } from './event-lines.ts';
import { createTextWriter } from './text-writer.ts';

export const cadfXml: FileFormat = {
  extension: '.xml',
  mediaType: 'application/xml; charset=utf-8',
  compressible: true,
  usualEvents: DOCUMENT_EVENTS,
  open(options) {
    const { head, tail } = xmlFrame(documentFrame(options));
    return createTextWriter({ head, tail: `\n${tail}\n`, texts });
  },
};

function* texts(batch: EventBatch): Generator<string> {
  for (const line of linesOf(batch)) {
    const event: unknown = JSON.parse(line.toString());
    if (!isMembers(event)) throw new TypeError(`the store gave no event: ${line.toString().slice(0, 100)}`);
    yield `\n${encodeXmlElement(event)}`;
  }
}
