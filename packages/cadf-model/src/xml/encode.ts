/** Writes CADF as XML in the namespace of the 1.0 event schema: scalars are attributes, the rest elements. */
import { cadfXmlNamespace, logTypeUri, reportTypeUri } from '../entities/uris.ts';
import type { Members } from '../json-members.ts';
import { encodeEntity } from './encode-entity.ts';
import { jsonNamespace, jsonPrefix } from './json-extension.ts';

const declarations = ` xmlns:cadf="${cadfXmlNamespace}" xmlns:${jsonPrefix}="${jsonNamespace}"`;
const xmlDeclaration = '<?xml version="1.0" encoding="UTF-8"?>\n';

/**
 * A whole document for an event, Log or Report (told by `typeURI`). What the standard has no place for is written
 * as `json:member` elements (namespace `urn:cadf-pipeline:json`); `decodeXml` gives the same JSON back, up to the
 * order of members. Throws RangeError when the value is nested deeper than 512 levels.
 */
export function encodeXml(value: Members): string {
  return xmlDeclaration + encodeXmlElement(value);
}

/** As encodeXml, without the XML declaration: to be put inside another document. */
export function encodeXmlElement(value: Members): string {
  const name = rootOf(value);
  return encodeEntity(value, name, name, declarations);
}

/**
 * A Log or Report written piece by piece: `head`, then each event by encodeXmlElement, then `tail`. The members of
 * `frame` other than `events` are written in the head.
 */
export function xmlFrame(frame: Members): { readonly head: string; readonly tail: string } {
  const end = `</cadf:${rootOf(frame)}>`;
  const document = encodeXml({ ...frame, events: undefined });
  const open = document.endsWith('/>') ? `${document.slice(0, -2)}>` : document.slice(0, -end.length);
  return { head: `${open}<cadf:events>`, tail: `</cadf:events>${end}` };
}

function rootOf(value: Members): 'event' | 'log' | 'report' {
  if (value['typeURI'] === logTypeUri) return 'log';
  return value['typeURI'] === reportTypeUri ? 'report' : 'event';
}
