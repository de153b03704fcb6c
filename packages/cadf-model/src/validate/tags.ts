/** Tags and duration (DSP0262: cadf:Tag; xs:duration). */
import type { FaultSink } from '../fault.ts';
import { report } from '../fault.ts';
import { listOf, maxAddressLength } from './text.ts';

export function checkTags(sink: FaultSink, value: unknown): void {
  const list = listOf(sink, value, '', 'tags');
  if (list === undefined) return;
  for (let index = 0; index < list.length; index++) {
    const tag = list[index];
    if (typeof tag !== 'string') report(sink, 'CADF_TAG_MALFORMED', `/tags/${index}`, tag);
    else if (tag.length > maxAddressLength) report(sink, 'CADF_VALUE_TOO_LONG', `/tags/${index}`);
    else if (!isTag(tag)) report(sink, 'CADF_TAG_MALFORMED', `/tags/${index}`, tag);
  }
}

/** `[//namespace/]name[?value=value]`: a name without `/` and `?`, in linear time and without allocation. */
export function isTag(tag: string): boolean {
  const question = tag.indexOf('?');
  const end = question < 0 ? tag.length : question;
  if (question >= 0 && !tag.startsWith('?value=', question)) return false;
  const slash = end === 0 ? -1 : tag.lastIndexOf('/', end - 1);
  if (slash < 0) return end > 0;
  // The namespace is everything between the two slashes in front and the last one.
  return slash + 1 < end && slash > 1 && tag.startsWith('//');
}

/** xs:duration: `[-]PnYnMnDTnHnMnS`, at least one part, no `T` without a part after it. */
const duration =
  /^-?P(?=\d|T\d)(?:\d{1,12}Y)?(?:\d{1,12}M)?(?:\d{1,12}D)?(?:T(?=\d)(?:\d{1,12}H)?(?:\d{1,12}M)?(?:\d{1,12}(?:\.\d{1,12})?S)?)?$/;

export function checkDuration(sink: FaultSink, value: unknown): void {
  if (!isDuration(value)) report(sink, 'CADF_DURATION_MALFORMED', '/duration', value);
}

export function isDuration(value: unknown): boolean {
  return typeof value === 'string' && value.length <= 128 && duration.test(value);
}
