/** A CADF event that a CIMI event carries as its content: itself, where it is one by the letter of the standard. */
import { decodeXml, isMembers, toCanonicalEvent, validateEvent } from '@cadf-pipeline/cadf-model';
import type { CadfEvent, Members } from '@cadf-pipeline/cadf-model';
import { fold } from './document.ts';
import type { CimiDocument } from './document.ts';

/** Undefined where the content is no whole event: then what there is gets wrapped. */
export function innerCadf(content: unknown, document: CimiDocument): CadfEvent | undefined {
  for (const value of candidates(content, document)) {
    if (isCadf(value)) return value;
    const canonical: unknown = toCanonicalEvent(value);
    if (isMembers(canonical) && isCadf(canonical)) return canonical;
  }
  return undefined;
}

/** The content, or what stands alone in it. */
function candidates(content: unknown, document: CimiDocument): Members[] {
  const inner = fold(content).get('event');
  if (document.format === 'json') return [content, inner].filter((one) => isMembers(one));
  const text = document.textOf(inner);
  return text === undefined ? [] : decodeXml(text).events.map(({ value }) => value);
}

function isCadf(value: Members): value is Members & CadfEvent {
  return validateEvent(value, 'strict').every(({ severity }) => severity !== 'error');
}
