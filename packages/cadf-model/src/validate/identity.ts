/** What an event is: its id, its type URI and its event type (DSP0262 6.6.1, 5.6.1, 4.5.1). */
import { eventTypeUri } from '../entities/uris.ts';
import type { FaultSink } from '../fault.ts';
import { report } from '../fault.ts';
import { maxKeyLength } from './text.ts';

/** Every profile needs a usable id: it is half of the event's identity in the store. */
export function checkId(sink: FaultSink, id: unknown): void {
  if (typeof id !== 'string' || id.length === 0) return report(sink, 'CADF_ID_MISSING', '/id', id);
  if (id.length > maxKeyLength) return report(sink, 'CADF_VALUE_TOO_LONG', '/id');
  const form = idForm(id);
  if (form === 'plain') return;
  if (form === 'blank') return report(sink, 'CADF_ID_MISSING', '/id', id);
  report(sink, form === 'malformed' ? 'CADF_ID_MALFORMED' : 'CADF_ID_NOT_A_URI', '/id', id);
}

/** Whether an id of 1 to 1,024 characters is usable, and if it is a URI reference as far as blanks go. */
export function idForm(id: string): 'plain' | 'blanks' | 'blank' | 'malformed' {
  let blanks = 0;
  for (let index = 0; index < id.length; index++) {
    const code = id.charCodeAt(index);
    if (code > 0x20 && code < 0x7f) continue;
    if (code === 0x20) blanks++;
    else if (code < 0x20 || code === 0x7f) return 'malformed';
    else if (code >= 0xd800 && code <= 0xdfff && !id.isWellFormed()) return 'malformed';
  }
  if (blanks === 0) return 'plain';
  return blanks === id.length ? 'blank' : 'blanks';
}

export function checkTypeUri(sink: FaultSink, typeUri: unknown): void {
  if (typeUri === eventTypeUri) return;
  if (typeUri === undefined || typeUri === null) return report(sink, 'CADF_TYPE_URI_MISSING', '/typeURI');
  if (typeof typeUri !== 'string') return report(sink, 'CADF_TYPE_URI_WRONG', '/typeURI', typeUri);
  if (typeUri.length > maxKeyLength) return report(sink, 'CADF_VALUE_TOO_LONG', '/typeURI');
  if (typeUri.trim() === '') return report(sink, 'CADF_TYPE_URI_EMPTY', '/typeURI');
  const code = isTypeUriVariant(typeUri) ? 'CADF_TYPE_URI_VARIANT' : 'CADF_TYPE_URI_WRONG';
  report(sink, code, '/typeURI', typeUri);
}

/** Stray blanks, `https`, a slash at the end, other case, and the type prefix `cadf:event` of drafts. */
export function isTypeUriVariant(typeUri: string): boolean {
  const plain = typeUri
    .replaceAll(/\s/g, '')
    .toLowerCase()
    .replace(/^https:/, 'http:')
    .replace(/\/$/, '');
  return plain === eventTypeUri || plain === 'cadf:event';
}

export function checkEventType(sink: FaultSink, eventType: unknown): void {
  if (eventType === 'activity' || eventType === 'monitor' || eventType === 'control') return;
  if (eventType === undefined || eventType === null || eventType === '') {
    return report(sink, 'CADF_EVENT_TYPE_MISSING', '/eventType');
  }
  const folded =
    typeof eventType === 'string' && eventType.length <= maxNameOfType ? eventType.toLowerCase() : '';
  const known = folded === 'activity' || folded === 'monitor' || folded === 'control';
  report(sink, known ? 'CADF_EVENT_TYPE_CASE' : 'CADF_EVENT_TYPE_UNKNOWN', '/eventType', eventType);
}

const maxNameOfType = 16;
