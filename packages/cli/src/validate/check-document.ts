/** Checks a JSON or XML document that is held in memory whole. */
import type { ProfileName } from '@cadf-pipeline/cadf-model';
import { hasByteOrderMark } from '../input/detect-form.ts';
import { utf8FaultAt } from '../input/utf8-fault.ts';
import { createLineIndex } from '../json/line-index.ts';
import { checkJson } from './check-json.ts';
import { checkXml } from './check-xml.ts';
import type { Checked } from './finding.ts';
import { readingFinding, unreadable } from './reading-faults.ts';

const start = { line: 1, column: 1 };
const emptyList = /^[\t\n\r ]*\[[\t\n\r ]*\][\t\n\r ]*$/;

export function checkDocument(document: Buffer, form: 'json' | 'xml', profile: ProfileName): Checked {
  const bytes = hasByteOrderMark(document) ? document.subarray(3) : document;
  const bad = utf8FaultAt(bytes);
  if (bad >= 0) {
    const before = bytes.subarray(0, bad).toString('utf8');
    return unreadable(
      readingFinding('CADF_READ_ENCODING', createLineIndex(before)(before.length), utf16Hint(bytes)),
    );
  }
  const text = bytes.toString('utf8');
  if (text.trim() === '')
    return { events: 0, valid: 0, findings: [readingFinding('CADF_READ_EMPTY', start)] };
  // A well-formed way to say that there are none; as a record of NDJSON it is a fault.
  if (emptyList.test(text)) return { events: 0, valid: 0, findings: [] };
  return form === 'xml' ? checkXml(text, profile) : checkJson(text, profile, start);
}

function utf16Hint(bytes: Buffer): { readonly hint?: string } {
  const mark = bytes.length < 2 ? 0 : bytes.readUInt16BE(0);
  return mark === 0xfeff || mark === 0xfffe ? { hint: 'the text is UTF-16: convert it to UTF-8' } : {};
}
