import fc from 'fast-check';
import { expect, test } from 'vitest';
import { arbitraryEvent } from '../../../../test/support/arbitrary-event.ts';
import { changed, keystoneEvent, middlewareEvent, strictEvent, withValue } from '../../test/sample-events.ts';
import { faultCodes } from '../fault-codes.ts';
import { isValid } from '../fault.ts';
import { isMembers } from '../json-members.ts';
import { profileNames, profiles } from '../profiles.ts';
import { validateEvent } from './event.ts';

type Case = readonly [code: string, pointer: string, event: unknown];
const long = 'x'.repeat(10_000);
const policy = { policyType: 'urn:example:acl', policyId: '7' };
const monitor = { eventType: 'monitor', action: 'monitor' };
const metric = { metricId: 'cpu', unit: '%' };
const at = (pointer: string, value: unknown): unknown => withValue(strictEvent, pointer, value);

/** Each fault the checks know, made by one change to a good event. */
const cases: readonly Case[] = [
  ['CADF_NOT_AN_OBJECT', '', []],
  ['CADF_VALUE_TOO_LONG', '/id', at('/id', long)],
  ['CADF_VALUE_TOO_LONG', '/initiator/id', at('/initiator/id', long)],
  ['CADF_VALUE_TOO_LONG', '/initiator/host/agent', at('/initiator/host/agent', long)],
  ['CADF_LIST_TOO_LONG', '/tags', at('/tags', Array(1025).fill('t'))],
  ['CADF_MEMBER_TYPE', '/name', at('/name', 7)],
  ['CADF_MEMBER_TYPE', '/attachments', at('/attachments', {})],
  ['CADF_MEMBER_TYPE', '/initiator/host', at('/initiator/host', 'h')],
  ['CADF_MEMBER_TYPE', '/target/addresses/0', at('/target/addresses/0', 'u')],
  ['CADF_MEMBER_NULL', '/severity', at('/severity', null)],
  ['CADF_ID_MISSING', '/id', at('/id', undefined)],
  ['CADF_ID_MISSING', '/id', at('/id', '')],
  ['CADF_ID_MISSING', '/id', at('/id', '   ')],
  ['CADF_ID_MISSING', '/id', at('/id', 17)],
  ['CADF_ID_MALFORMED', '/id', at('/id', 'a\u0000b')],
  ['CADF_ID_MALFORMED', '/id', at('/id', 'a\ud800')],
  ['CADF_ID_NOT_A_URI', '/id', at('/id', 'openstack: 17')],
  ['CADF_TYPE_URI_MISSING', '/typeURI', at('/typeURI', undefined)],
  ['CADF_TYPE_URI_EMPTY', '/typeURI', at('/typeURI', '')],
  ['CADF_TYPE_URI_VARIANT', '/typeURI', at('/typeURI', 'https://schemas.dmtf.org/cloud/audit/1.0/event')],
  ['CADF_TYPE_URI_WRONG', '/typeURI', at('/typeURI', 'http://schemas.dmtf.org/cloud/audit/1.0/log')],
  ['CADF_EVENT_TYPE_MISSING', '/eventType', at('/eventType', undefined)],
  ['CADF_EVENT_TYPE_CASE', '/eventType', at('/eventType', 'ACTIVITY')],
  ['CADF_EVENT_TYPE_UNKNOWN', '/eventType', at('/eventType', 'compliance')],
  ['CADF_TIME_MISSING', '/eventTime', at('/eventTime', undefined)],
  ['CADF_TIME_MISSING', '/eventTime', at('/eventTime', 1_700_000_000)],
  ['CADF_TIME_UNREADABLE', '/eventTime', at('/eventTime', '2026-02-29T00:00:00+00:00')],
  ['CADF_TIME_OUT_OF_RANGE', '/eventTime', at('/eventTime', '1899-12-31T23:59:59+00:00')],
  ['CADF_TIME_OUT_OF_RANGE', '/eventTime', at('/eventTime', '2300-01-01T00:00:00+00:00')],
  ['CADF_TIME_OFFSET_WITHOUT_COLON', '/eventTime', at('/eventTime', '2026-01-01T00:00:00+0000')],
  ['CADF_TIME_ZULU', '/eventTime', at('/eventTime', '2026-01-01T00:00:00Z')],
  ['CADF_TIME_NO_ZONE', '/eventTime', at('/eventTime', '2026-01-01T00:00:00')],
  ['CADF_TIME_LOOSE', '/eventTime', at('/eventTime', '2026-01-01T00:00:00.+0000')],
  ['CADF_ACTION_MISSING', '/action', at('/action', undefined)],
  ['CADF_ACTION_MALFORMED', '/action', at('/action', 'update//x')],
  ['CADF_ACTION_NOT_IN_TAXONOMY', '/action', at('/action', 'readme')],
  ['CADF_ACTION_ALIAS', '/action', at('/action', 'created.project')],
  ['CADF_ACTION_CASE', '/action', at('/action', 'UPDATE')],
  ['CADF_ACTION_FOREIGN', '/action', at('/action', 'http://example.org/actions/dance')],
  ['CADF_ACTION_EVENT_TYPE_MISMATCH', '/action', at('/action', 'deny')],
  ['CADF_OUTCOME_MISSING', '/outcome', at('/outcome', undefined)],
  ['CADF_OUTCOME_NOT_IN_TAXONOMY', '/outcome', at('/outcome', 'failed')],
  ['CADF_OUTCOME_CASE', '/outcome', at('/outcome', 'SUCCESS')],
  ['CADF_INITIATOR_MISSING', '/initiator', at('/initiator', undefined)],
  ['CADF_INITIATOR_OMITTED', '/initiator', changed(keystoneEvent, { initiator: undefined })],
  ['CADF_TARGET_MISSING', '/target', at('/target', undefined)],
  ['CADF_OBSERVER_MISSING', '/observer', at('/observer', null)],
  ['CADF_ROLE_GIVEN_TWICE', '/targetId', at('/targetId', 't')],
  ['CADF_ROLE_ID_INVALID', '/targetId', changed(strictEvent, { target: undefined, targetId: '' })],
  ['CADF_RESOURCE_NOT_AN_OBJECT', '/target', at('/target', 'srv-9')],
  ['CADF_RESOURCE_ID_MISSING', '/target/id', at('/target/id', undefined)],
  ['CADF_RESOURCE_TYPE_MISSING', '/target/typeURI', at('/target/typeURI', '')],
  ['CADF_RESOURCE_TYPE_UNDER_TYPE', '/target/type', at('/target', { id: 't', type: 'data/file' })],
  ['CADF_RESOURCE_TYPE_MALFORMED', '/target/typeURI', at('/target/typeURI', 'service/x/')],
  ['CADF_RESOURCE_TYPE_NOT_IN_TAXONOMY', '/target/typeURI', at('/target/typeURI', 'dns/zones')],
  ['CADF_RESOURCE_TYPE_ALIAS', '/target/typeURI', at('/target/typeURI', 'security/account')],
  ['CADF_RESOURCE_TYPE_CASE', '/target/typeURI', at('/target/typeURI', 'Data/File')],
  ['CADF_RESOURCE_TYPE_FOREIGN', '/target/typeURI', at('/target/typeURI', 'urn:example:thing')],
  ['CADF_RESOURCE_REFERENCE', '/observer', at('/observer', { id: 'target' })],
  ['CADF_RESOURCE_SELF_REFERENCE', '/observer/id', at('/observer', { id: 'observer' })],
  [
    'CADF_RESOURCE_REFERENCE_DANGLING',
    '/observer/id',
    changed(strictEvent, { target: undefined, observer: { id: 'target' } }),
  ],
  ['CADF_REASON_REQUIRED', '/reason', changed(strictEvent, { reason: undefined, eventType: 'control' })],
  ['CADF_REASON_INCOMPLETE', '/reason', at('/reason/reasonType', undefined)],
  ['CADF_REASON_CODE_NUMBER', '/reason/reasonCode', at('/reason/reasonCode', 200)],
  ['CADF_MEASUREMENTS_REQUIRED', '/measurements', changed(strictEvent, monitor)],
  ['CADF_MEASUREMENTS_ALIAS', '/measurement', at('/measurement', [{ result: 1, metric }])],
  ['CADF_MEASUREMENT_RESULT_MISSING', '/measurements/0/result', at('/measurements', [{ metric }])],
  ['CADF_MEASUREMENT_METRIC', '/measurements/0', at('/measurements', [{ result: 1 }])],
  [
    'CADF_METRIC_INCOMPLETE',
    '/measurements/0/metric',
    at('/measurements', [{ result: 1, metric: { id: 'x' } }]),
  ],
  ['CADF_ATTACHMENT_TYPE_MISSING', '/attachments/0/contentType', at('/attachments/0/contentType', undefined)],
  [
    'CADF_ATTACHMENT_TYPE_URI',
    '/attachments/0/typeURI',
    at('/attachments/0', { typeURI: 'mime:x', content: 1 }),
  ],
  ['CADF_ATTACHMENT_CONTENT_MISSING', '/attachments/0/content', at('/attachments/0/content', undefined)],
  ['CADF_CREDENTIAL_TOKEN_MISSING', '/initiator/credential/token', at('/initiator/credential/token', '')],
  ['CADF_ENDPOINT_URL_MISSING', '/target/addresses/0/url', at('/target/addresses/0/url', undefined)],
  ['CADF_GEOLOCATION_EMPTY', '/initiator/geolocation', at('/initiator/geolocation', {})],
  [
    'CADF_GEOLOCATION_COORDINATE',
    '/initiator/geolocation/latitude',
    at('/initiator/geolocation/latitude', 'north'),
  ],
  ['CADF_MAP_FORM', '/initiator/credential/assertions', at('/initiator/credential/assertions', '')],
  [
    'CADF_REPORTERCHAIN_ALIAS',
    '/reportersteps',
    changed(strictEvent, { reporterchain: undefined, reportersteps: [] }),
  ],
  ['CADF_REPORTER_ROLE_UNKNOWN', '/reporterchain/0/role', at('/reporterchain/0/role', 'author')],
  ['CADF_REPORTER_MISSING', '/reporterchain/0', at('/reporterchain/0/reporter', undefined)],
  [
    'CADF_REPORTER_TIME_UNREADABLE',
    '/reporterchain/0/reporterTime',
    at('/reporterchain/0/reporterTime', 'now'),
  ],
  ['CADF_TAG_MALFORMED', '/tags/0', at('/tags/0', 'a?b')],
  ['CADF_DURATION_MALFORMED', '/duration', at('/duration', 'PT')],
];

test.each(cases)(
  '%s is found at "%s" by every profile that does not switch it off',
  (code, pointer, event) => {
    for (const profile of profileNames) {
      const severity = profiles[profile][code as keyof typeof faultCodes];
      const found = validateEvent(event, profile).find(
        (fault) => fault.code === code && fault.pointer === pointer,
      );
      expect(found?.severity, profile).toBe(severity === 'off' ? undefined : severity);
      if (found !== undefined) expect(found.hint).toBe(faultCodes[code as keyof typeof faultCodes].hint);
    }
  },
);

test('every fault code is made by one of these cases', () => {
  expect(new Set(cases.map(([code]) => code))).toEqual(new Set(Object.keys(faultCodes)));
});

test('a whole event of the standard has no fault in any profile', () => {
  for (const profile of profileNames) expect(validateEvent(strictEvent, profile)).toEqual([]);
});

test('a good event costs no list: the same frozen empty one is answered', () => {
  expect(validateEvent(strictEvent, 'strict')).toBe(validateEvent(middlewareEvent, 'openstack'));
});

test('events of the OpenStack middleware and of Keystone have no fault under openstack', () => {
  expect(validateEvent(middlewareEvent, 'openstack')).toEqual([]);
  expect(validateEvent(keystoneEvent, 'openstack')).toEqual([]);
});

test('a control event needs a reason and a policy pair is one; a monitor event needs measurements', () => {
  const control = changed(strictEvent, { eventType: 'control', action: 'deny', reason: policy });
  expect(validateEvent(control, 'strict')).toEqual([]);
  const measured = changed(strictEvent, { ...monitor, measurements: [{ result: '80', metric }] });
  expect(validateEvent(measured, 'strict')).toEqual([]);
});

test('roles may be given by id alone', () => {
  const event = changed(strictEvent, {
    initiator: undefined,
    target: undefined,
    observer: undefined,
    initiatorId: 'i',
    targetId: 't',
    observerId: 'o',
  });
  expect(validateEvent(event, 'strict')).toEqual([]);
});

test('generated strict events are valid under every profile', () => {
  fc.assert(
    fc.property(arbitraryEvent, (event) => {
      for (const profile of profileNames) expect(isValid(validateEvent(event, profile)), profile).toBe(true);
    }),
    { numRuns: 300 },
  );
});

test('no JSON value makes the checks throw, and an event without an id is refused by every profile', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.constantFrom(...profileNames), (value, profile) => {
      const event = isMembers(value) ? { ...strictEvent, ...value, id: undefined } : value;
      expect(isValid(validateEvent(event, profile))).toBe(false);
    }),
  );
});

test('a member of any type in any place is a fault at most, never an exception', () => {
  const pointers = [
    '/initiator',
    '/initiator/host',
    '/target/addresses/0',
    '/reason',
    '/tags',
    '/attachments/0',
  ];
  fc.assert(
    fc.property(fc.constantFrom(...pointers), fc.jsonValue(), (pointer, value) => {
      for (const profile of profileNames) validateEvent(withValue(strictEvent, pointer, value), profile);
    }),
  );
});

test('a hundred faults are enough, and an error behind them is still told', () => {
  const attachments = Array(1000).fill({ typeURI: 'mime:x', content: 1 });
  const event = changed(strictEvent, { attachments, reporterchain: [7] });
  const faults = validateEvent(event, 'strict');
  expect(faults.length).toBe(101);
  expect(isValid(faults)).toBe(false);
});

test('messages never show a token', () => {
  const event = withValue(strictEvent, '/initiator/credential', { token: 'hunter2', type: 7, assertions: 5 });
  for (const fault of validateEvent(event, 'strict')) expect(fault.message).not.toContain('hunter2');
});
