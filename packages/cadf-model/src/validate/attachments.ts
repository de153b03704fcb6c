/** Attachments of an event, a resource or a reporter step (DSP0262: cadf:Attachment). */
import type { FaultSink } from '../fault.ts';
import { report } from '../fault.ts';
import { isMembers } from '../json-members.ts';
import { checkText, listOf, maxAddressLength, maxNameLength } from './text.ts';

/** `base` is the pointer of the owner. */
export function checkAttachments(sink: FaultSink, value: unknown, base: string): void {
  if (value === undefined) return;
  const list = listOf(sink, value, base, 'attachments');
  if (list === undefined) return;
  for (let index = 0; index < list.length; index++) checkAttachment(sink, list[index], base, index);
}

function checkAttachment(sink: FaultSink, value: unknown, base: string, index: number): void {
  if (!isMembers(value)) {
    return report(sink, 'CADF_MEMBER_TYPE', `${base}/attachments/${index}`, value);
  }
  const contentType = value['contentType'];
  const typeUri = value['typeURI'];
  if (!isTypeText(contentType)) {
    // typeURI is how pyCADF and the Go libraries write contentType; parts of the standard do too.
    const aliased = contentType === undefined && isTypeText(typeUri);
    const code = aliased ? 'CADF_ATTACHMENT_TYPE_URI' : 'CADF_ATTACHMENT_TYPE_MISSING';
    if (sink.severities[code] !== 'off') {
      const member = aliased ? 'typeURI' : 'contentType';
      report(sink, code, `${base}/attachments/${index}/${member}`, aliased ? typeUri : contentType);
    }
  }
  if (value['content'] === undefined) {
    report(sink, 'CADF_ATTACHMENT_CONTENT_MISSING', `${base}/attachments/${index}/content`);
  }
  const name = value['name'];
  if (name !== undefined && !(typeof name === 'string' && name.length <= maxNameLength)) {
    checkText(sink, name, `${base}/attachments/${index}`, 'name', maxNameLength);
  }
}

function isTypeText(value: unknown): boolean {
  return typeof value === 'string' && value !== '' && value.length <= maxAddressLength;
}
