/** Measurements and metrics (DSP0262: cadf:Measurement, cadf:Metric). */
import type { FaultSink } from '../fault.ts';
import { report } from '../fault.ts';
import type { Members } from '../json-members.ts';
import { isMembers } from '../json-members.ts';
import { checkMap } from './resource-parts.ts';
import { checkResource, checkRoleId } from './resource.ts';
import { checkText, listOf, maxKeyLength, maxNameLength } from './text.ts';

/** `measurement` is how an example of pyCADF spells the member. */
export function checkMeasurements(sink: FaultSink, event: Members, eventType: unknown): void {
  let member = 'measurements';
  let value = event['measurements'];
  if (value === undefined) {
    value = event['measurement'];
    if (value !== undefined) {
      member = 'measurement';
      report(sink, 'CADF_MEASUREMENTS_ALIAS', '/measurement');
    }
  }
  const list = value === undefined ? undefined : listOf(sink, value, '', member);
  if (list === undefined || list.length === 0) {
    if (eventType === 'monitor') report(sink, 'CADF_MEASUREMENTS_REQUIRED', '/measurements');
    return;
  }
  for (let index = 0; index < list.length; index++) {
    checkMeasurement(sink, event, list[index], `/${member}/${index}`);
  }
}

function checkMeasurement(sink: FaultSink, event: Members, value: unknown, at: string): void {
  if (!isMembers(value)) return report(sink, 'CADF_MEMBER_TYPE', at, value);
  const { result, metric, metricId, calculatedBy, calculatedById } = value;
  if (result === undefined || result === null)
    report(sink, 'CADF_MEASUREMENT_RESULT_MISSING', `${at}/result`);
  if ((metric === undefined) === (metricId === undefined)) report(sink, 'CADF_MEASUREMENT_METRIC', at);
  if (metric !== undefined) checkMetric(sink, metric, `${at}/metric`);
  if (metricId !== undefined) checkRoleId(sink, metricId, `${at}/metricId`);
  if (calculatedBy !== undefined) {
    checkResource(sink, event, calculatedBy, `${at}/calculatedBy`, undefined);
    if (calculatedById !== undefined) report(sink, 'CADF_ROLE_GIVEN_TWICE', `${at}/calculatedById`);
  }
  if (calculatedById !== undefined) checkRoleId(sink, calculatedById, `${at}/calculatedById`);
}

function checkMetric(sink: FaultSink, value: unknown, at: string): void {
  if (!isMembers(value)) return report(sink, 'CADF_MEMBER_TYPE', at, value);
  const { metricId, unit, name, annotations } = value;
  if (!isFilled(metricId) || !isFilled(unit)) report(sink, 'CADF_METRIC_INCOMPLETE', at);
  checkText(sink, metricId, at, 'metricId', maxKeyLength);
  checkText(sink, unit, at, 'unit', maxNameLength);
  checkText(sink, name, at, 'name', maxNameLength);
  if (annotations !== undefined) checkMap(sink, annotations, `${at}/annotations`);
}

function isFilled(value: unknown): boolean {
  return value !== undefined && value !== null && value !== '';
}
