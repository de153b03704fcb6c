/** Checks the events of an XML document; one with an error in its XML is refused whole, as on intake. */
import { decodeXml, isValid, placeInXml } from '@cadf-pipeline/cadf-model';
import type { Fault, ProfileName } from '@cadf-pipeline/cadf-model';
import { maxDocumentBytes } from '../input/read-document.ts';
import { eventFaults } from './event-faults.ts';
import { byPlace } from './finding.ts';
import type { Checked, Finding } from './finding.ts';
import { maxEventBytes, readingFinding } from './reading-faults.ts';

/** Elements and attributes of one document: with more, its tree would take gigabytes. */
const limits = { maxLength: maxDocumentBytes, maxDepth: 64, maxNodes: 4_000_000 };

export function checkXml(text: string, profile: ProfileName): Checked {
  const { events, faults } = decodeXml(text, limits);
  const findings: Finding[] = faults.map((fault) => ({ ...fault, within: undefined }));
  let valid = 0;
  for (const event of events) {
    const found = isTooLarge(event.value) ? [tooLarge] : eventFaults(event.value, event.definitions, profile);
    if (isValid(found)) valid++;
    for (const fault of found) {
      const pointer = event.path + fault.pointer;
      findings.push({ ...fault, ...placeInXml(event, fault.pointer), pointer, within: undefined });
    }
  }
  return {
    // A document that cannot be read counts as one event with a fault.
    events: isValid(faults) ? events.length : Math.max(1, events.length),
    valid: isValid(faults) ? valid : 0,
    findings: findings.sort(byPlace),
  };
}

const tooLarge: Fault = readingFinding('CADF_READ_TOO_LARGE', { line: 1, column: 1 });

/** What is stored of an event in XML is its JSON form. */
function isTooLarge(event: unknown): boolean {
  return Buffer.byteLength(JSON.stringify(event)) > maxEventBytes;
}
