import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  CadfBuildError,
  buildAttachment,
  buildEvent,
  buildLog,
  buildMeasurement,
  buildReason,
  buildReport,
  buildReporterstep,
  buildResource,
  buildTag,
} from './build.ts';
import { validateEvent } from './validate/event.ts';

const initiator = buildResource({ id: 'u', typeURI: 'data/security/account/user', project_id: 'p' });
const target = buildResource({ id: 't', typeURI: 'compute/machine' });
const observer = buildResource({ id: 'o', typeURI: 'service/compute' });
const minimal = {
  id: 'e',
  eventType: 'activity',
  eventTime: 0,
  action: 'read',
  outcome: 'success',
  initiator,
  target,
  observer,
} as const;

function refusal(build: () => unknown): readonly string[] {
  try {
    build();
  } catch (error) {
    if (error instanceof CadfBuildError) return error.faults.map((fault) => `${fault.code} ${fault.pointer}`);
    throw error;
  }
  return [];
}

test('a built event is valid under strict and keeps members the standard does not name', () => {
  const event = buildEvent({ ...minimal, requestPath: '/v2' });
  expect(validateEvent(event, 'strict')).toEqual([]);
  expect(event).toMatchObject({ eventTime: '1970-01-01T00:00:00.000+00:00', requestPath: '/v2' });
  expect(event.initiator).toMatchObject({ project_id: 'p' });
});

test('times in other forms are written strictly', () => {
  expect(buildEvent({ ...minimal, eventTime: '2026-01-01T00:00:00.5Z' }).eventTime).toBe(
    '2026-01-01T00:00:00.5+00:00',
  );
});

test('what is wrong with an event is told by code and pointer', () => {
  const wrong = { ...minimal, id: '', action: 'readme', eventTime: 'soon' };
  expect(refusal(() => buildEvent(wrong))).toEqual([
    'CADF_ID_MISSING /id',
    'CADF_TIME_UNREADABLE /eventTime',
    'CADF_ACTION_NOT_IN_TAXONOMY /action',
  ]);
  expect(refusal(() => buildEvent({ ...minimal, eventTime: Number.NaN }))).toEqual([
    'CADF_TIME_UNREADABLE /eventTime',
  ]);
  expect(refusal(() => buildEvent({ ...minimal, eventType: 'control' }))).toEqual([
    'CADF_REASON_REQUIRED /reason',
  ]);
});

test('parts are refused with pointers within themselves', () => {
  expect(refusal(() => buildResource({ id: '', typeURI: 'compute' }))).toEqual([
    'CADF_RESOURCE_ID_MISSING /id',
  ]);
  expect(refusal(() => buildReason({ reasonCode: '1' }))).toEqual(['CADF_REASON_INCOMPLETE ']);
  expect(refusal(() => buildAttachment({ contentType: '', content: 1 }))).toEqual([
    'CADF_ATTACHMENT_TYPE_MISSING /contentType',
  ]);
  expect(refusal(() => buildMeasurement({ result: 1 }))).toEqual(['CADF_MEASUREMENT_METRIC ']);
  expect(refusal(() => buildReporterstep({ role: 'relay' }))).toEqual(['CADF_REPORTER_MISSING ']);
});

test('parts that are right are given back', () => {
  expect(buildReason({ policyType: 'p', policyId: '1' })).toEqual({ policyType: 'p', policyId: '1' });
  expect(buildAttachment({ contentType: 'a/b', content: null })).toEqual({
    contentType: 'a/b',
    content: null,
  });
  expect(buildMeasurement({ result: 1, metricId: 'm' })).toEqual({ result: 1, metricId: 'm' });
  expect(buildReporterstep({ role: 'relay', reporterId: 'r', reporterTime: 0 })).toEqual({
    role: 'relay',
    reporterId: 'r',
    reporterTime: '1970-01-01T00:00:00.000+00:00',
  });
});

test('tags are valid whatever their value', () => {
  expect(buildTag('plan', { namespace: 'example.org/a', value: 'a&b?c' })).toBe(
    '//example.org/a/plan?value=a%26b%3Fc',
  );
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (value) => {
      const event = buildEvent({ ...minimal, tags: [buildTag('t', { value })] });
      expect(validateEvent(event, 'strict')).toEqual([]);
    }),
  );
  for (const name of ['', 'a/b', 'a?b']) expect(() => buildTag(name)).toThrow(CadfBuildError);
});

test('logs and reports carry their type and time', () => {
  const events = [buildEvent(minimal)];
  expect(buildLog({ events, logTime: 0 })).toMatchObject({
    typeURI: 'http://schemas.dmtf.org/cloud/audit/1.0/log',
    logTime: '1970-01-01T00:00:00.000+00:00',
  });
  expect(buildReport({ events })).toMatchObject({
    typeURI: 'http://schemas.dmtf.org/cloud/audit/1.0/report',
  });
});
