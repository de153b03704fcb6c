/** The handling history of a record (DSP0262: cadf:Reporterstep). */
import type { FaultSink } from '../fault.ts';
import { report } from '../fault.ts';
import type { Members } from '../json-members.ts';
import { isMembers } from '../json-members.ts';
import { checkAttachments } from './attachments.ts';
import { checkResource, checkRoleId } from './resource.ts';
import { listOf } from './text.ts';
import { checkReporterTime } from './time.ts';

/** `reportersteps` is how jcadf spells the member. */
export function checkReporterchain(sink: FaultSink, event: Members): void {
  let base = '/reporterchain';
  let value = event['reporterchain'];
  if (value === undefined) {
    value = event['reportersteps'];
    if (value === undefined) return;
    base = '/reportersteps';
    report(sink, 'CADF_REPORTERCHAIN_ALIAS', base);
  }
  const list = listOf(sink, value, '', base.slice(1));
  if (list === undefined) return;
  for (let index = 0; index < list.length; index++) checkStep(sink, event, list[index], base, index);
}

function checkStep(sink: FaultSink, event: Members, step: unknown, base: string, index: number): void {
  if (!isMembers(step)) return report(sink, 'CADF_MEMBER_TYPE', `${base}/${index}`, step);
  const { role, reporter, reporterId, reporterTime, attachments } = step;
  if (role !== 'modifier' && role !== 'observer' && role !== 'relay') {
    report(sink, 'CADF_REPORTER_ROLE_UNKNOWN', `${base}/${index}/role`, role);
  }
  checkReporterTime(sink, reporterTime, base, index);
  if (reporter !== undefined && reporter !== null) {
    checkResource(sink, event, reporter, reporterPointer(base, index), undefined);
    if (reporterId !== undefined) report(sink, 'CADF_ROLE_GIVEN_TWICE', `${base}/${index}/reporterId`);
  } else if (reporterId === undefined) {
    report(sink, 'CADF_REPORTER_MISSING', `${base}/${index}`);
  }
  if (reporterId !== undefined) checkRoleId(sink, reporterId, `${base}/${index}/reporterId`);
  if (attachments !== undefined) checkAttachments(sink, attachments, `${base}/${index}`);
}

// Nearly every OpenStack response event has a first step: its pointer is made once.
const firstPointer = '/reporterchain/0/reporter';

function reporterPointer(base: string, index: number): string {
  return index === 0 && base === '/reporterchain' ? firstPointer : `${base}/${index}/reporter`;
}
