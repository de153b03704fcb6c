/** Why: cadf:Reason, and what control and monitor events need besides (DSP0262 4.5.1, 6.6.1). */
import type { FaultSink } from '../fault.ts';
import { report } from '../fault.ts';
import { isMembers } from '../json-members.ts';
import { checkText, maxAddressLength, maxNameLength } from './text.ts';

export function checkReason(sink: FaultSink, value: unknown, eventType: unknown): void {
  if (value === undefined) {
    if (eventType === 'control') report(sink, 'CADF_REASON_REQUIRED', '/reason');
    return;
  }
  if (!isMembers(value)) {
    return report(sink, value === null ? 'CADF_MEMBER_NULL' : 'CADF_MEMBER_TYPE', '/reason', value);
  }
  const { reasonType, reasonCode, policyType, policyId } = value;
  if (typeof reasonCode === 'number')
    report(sink, 'CADF_REASON_CODE_NUMBER', '/reason/reasonCode', reasonCode);
  else checkText(sink, reasonCode, '/reason', 'reasonCode', maxNameLength);
  checkText(sink, reasonType, '/reason', 'reasonType', maxAddressLength);
  checkText(sink, policyType, '/reason', 'policyType', maxAddressLength);
  checkText(sink, policyId, '/reason', 'policyId', maxNameLength);
  if (!isPair(reasonType, reasonCode) && !isPair(policyType, policyId)) {
    report(sink, 'CADF_REASON_INCOMPLETE', '/reason');
  }
}

function isPair(type: unknown, value: unknown): boolean {
  return typeof type === 'string' && type !== '' && value !== undefined && value !== null && value !== '';
}
