import type { Fault } from '../fault.ts';
import type { XmlPlace } from './tree.ts';

/** A fault with its place in the XML text. */
export interface XmlFault extends Fault, XmlPlace {}

export const xmlFaults = {
  CADF_XML_MALFORMED: {
    severity: 'error',
    title: 'the text is not well-formed XML',
    hint: 'mend the document at this place; only the five predefined entities are known',
  },
  CADF_XML_DTD: {
    severity: 'error',
    title: 'the document has a document type declaration',
    hint: 'leave out <!DOCTYPE …>: declarations and entities are refused',
  },
  CADF_XML_TOO_LARGE: {
    severity: 'error',
    title: 'the document is larger than the limit',
    hint: 'split the document',
  },
  CADF_XML_TOO_DEEP: {
    severity: 'error',
    title: 'the elements are nested too deeply',
    hint: 'nest at most 64 elements',
  },
  CADF_XML_NO_EVENT: {
    severity: 'error',
    title: 'there is no CADF event in the document',
    hint: 'send an event element of the namespace http://schemas.dmtf.org/cloud/audit/1.0/event, alone, in a log or report, or in an Atom entry',
  },
  CADF_XML_DUPLICATE_MEMBER: {
    severity: 'error',
    title: 'the property is given twice',
    hint: 'give it once, as an attribute or as an element',
  },
  CADF_XML_TEXT_IGNORED: {
    severity: 'warning',
    title: 'text between the elements has no place in the standard and is left out',
    hint: 'put the text into an attribute or an attachment',
  },
  CADF_XML_CONTENT_TYPE_MISMATCH: {
    severity: 'warning',
    title: 'the contentType names another element than the content holds',
    hint: 'name the root element of the content in contentType',
  },
} as const;

export type XmlFaultCode = keyof typeof xmlFaults;

export function xmlFault(code: XmlFaultCode, place: XmlPlace, pointer: string, detail?: string): XmlFault {
  const { severity, title, hint } = xmlFaults[code];
  const message = detail === undefined ? title : `${title}: ${detail}`;
  return { code, severity, pointer, message, hint, line: place.line, column: place.column };
}
