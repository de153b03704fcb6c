/**
 * Where the standard is ambiguous, or emitters in the field differ from it and from each other: one test per trap,
 * by its number in packages/cadf-model/README.md. "Taken" means valid under the profile named.
 */
import { describe, expect, test } from 'vitest';
import {
  actionTaxonomy,
  classifyAction,
  classifyOutcome,
  classifyResource,
  encodeXml,
  equivalentPaths,
  isValid,
  parseTimestamp,
  resourceTaxonomy,
  toCanonicalEvent,
  toStrictTimestamp,
  unwrapDocument,
  validateEvent,
} from '@cadf-pipeline/cadf-model';
import type { Members, ProfileName } from '@cadf-pipeline/cadf-model';

const event: Members = {
  typeURI: 'http://schemas.dmtf.org/cloud/audit/1.0/event',
  id: 'f0d1c2b3-0000-4000-8000-000000000001',
  eventType: 'activity',
  eventTime: '2026-05-06T07:08:09.101112+00:00',
  action: 'read',
  outcome: 'success',
  initiator: { id: 'u-1', typeURI: 'service/security/account/user' },
  target: { id: 't-1', typeURI: 'service/compute' },
  observer: { id: 'o-1', typeURI: 'service/security' },
};

/** The event with members replaced; undefined removes one. */
function like(changes: Members): Members {
  const entries = Object.entries({ ...event, ...changes }).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries);
}

const codes = (value: unknown, profile: ProfileName): readonly string[] =>
  validateEvent(value, profile).map((fault) => fault.code);
const taken = (value: unknown, profile: ProfileName): boolean => isValid(validateEvent(value, profile));

test('6.1 an offset without a colon is taken and normalized', () => {
  const late = like({ eventTime: '2026-05-06T07:08:09.101112+0000' });
  expect(codes(late, 'openstack')).toEqual([]);
  expect(codes(late, 'strict')).toEqual(['CADF_TIME_OFFSET_WITHOUT_COLON']);
  expect(toCanonicalEvent(late)['eventTime']).toBe('2026-05-06T07:08:09.101112+00:00');
});

test.each([
  ['2026-05-06T07:08:09Z', '2026-05-06T07:08:09+00:00'],
  ['2026-05-06T07:08:09 UTC', '2026-05-06T07:08:09+00:00'],
  ['2026-05-06T07:08:16.+0200', '2026-05-06T07:08:16+02:00'],
  ['2026-05-06T07:08:09.101112', '2026-05-06T07:08:09.101112+00:00'],
  ['2026-05-06T07:08:09.123456789Z', '2026-05-06T07:08:09.123456789+00:00'],
])('6.2 the time %s is read and written strictly', (time, strict) => {
  expect(taken(like({ eventTime: time }), 'lenient')).toBe(true);
  expect(taken(like({ eventTime: time }), 'strict')).toBe(false);
  expect(toStrictTimestamp(time)).toBe(strict);
});

test('6.3 the offset written counts, whatever an emitter meant by its time zone', () => {
  expect(parseTimestamp('2026-05-06T07:08:09+02:00')?.epochMs).toBe(Date.UTC(2026, 4, 6, 5, 8, 9));
});

test('6.4 the three spellings of the user type are aliases for queries and stay as received', () => {
  for (const type of [
    'data/security/account/user',
    'service/security/account/user',
    'security/account/user',
  ]) {
    expect(classifyResource(type).canonical).toBe('data/security/account/user');
    expect(equivalentPaths(resourceTaxonomy, type)).toContain('service/security/account/user');
    const initiator = { id: 'u-1', typeURI: type };
    expect(toCanonicalEvent(like({ initiator }))).toMatchObject({ initiator });
  }
});

test('6.5 an attachment is typed by contentType or typeURI; contentType is written', () => {
  const attachments = [{ typeURI: 'mime:text/plain', content: 'x' }];
  expect(codes(like({ attachments }), 'openstack')).toEqual([]);
  expect(taken(like({ attachments }), 'strict')).toBe(true);
  expect(toCanonicalEvent(like({ attachments }))).toMatchObject({
    attachments: [{ contentType: 'mime:text/plain' }],
  });
});

test('6.6 measurement is read as measurements', () => {
  const measurement = [{ result: '80', metric: { metricId: 'cpu', unit: '%' } }];
  const monitor = like({ eventType: 'monitor', action: 'monitor', measurement });
  expect(codes(monitor, 'openstack')).toEqual(['CADF_MEASUREMENTS_ALIAS']);
  expect(taken(monitor, 'strict')).toBe(false);
  expect(toCanonicalEvent(monitor)).toMatchObject({ measurements: measurement });
});

test('6.7 reportersteps is read as reporterchain', () => {
  const reportersteps = [{ role: 'relay', reporterId: 'r' }];
  expect(taken(like({ reportersteps }), 'openstack')).toBe(true);
  expect(toCanonicalEvent(like({ reportersteps }))).toMatchObject({ reporterchain: reportersteps });
});

test('6.8 a resource needs no geolocation', () => {
  expect(codes(event, 'strict')).toEqual([]);
});

test('6.9 a role given both ways is an error, and in lenient the object counts', () => {
  const both = like({ initiatorId: 'u-2' });
  for (const profile of ['strict', 'openstack'] as const)
    expect(codes(both, profile)).toEqual(['CADF_ROLE_GIVEN_TWICE']);
  expect(taken(both, 'lenient')).toBe(true);
});

test('6.10 one id may come twice, first pending, then final: both are valid, and they differ', () => {
  const pending = like({ outcome: 'pending' });
  const final = like({ reason: { reasonCode: '200', reasonType: 'HTTP' } });
  expect([taken(pending, 'openstack'), taken(final, 'openstack')]).toEqual([true, true]);
  expect(pending['id']).toBe(final['id']);
});

test('6.11 a missing observer or initiator is told in lenient and refused elsewhere', () => {
  for (const member of ['observer', 'initiator']) {
    expect(taken(like({ [member]: undefined }), 'lenient')).toBe(true);
    expect(taken(like({ [member]: undefined }), 'openstack')).toBe(false);
  }
});

test('6.11 a Keystone notification without an initiator is taken', () => {
  const deleted = like({ initiator: undefined, action: 'deleted.user', resource_info: 'u-9' });
  expect(codes(deleted, 'openstack')).toEqual(['CADF_INITIATOR_OMITTED']);
});

test('6.12 dotted verbs are kept and mapped on demand; IBM actions pass their profile', () => {
  for (const [action, path] of [
    ['created.project', 'create/project'],
    ['updated.user', 'update/user'],
    ['deleted.OS-TRUST:trust', 'delete/OS-TRUST:trust'],
    ['disabled.domain', 'disable/domain'],
  ] as const) {
    expect(codes(like({ action }), 'openstack')).toEqual([]);
    expect(taken(like({ action }), 'strict')).toBe(false);
    expect(classifyAction(action).canonical).toBe(path);
    expect(toCanonicalEvent(like({ action }))['action']).toBe(action);
  }
  for (const action of ['storage.bucket.update', 'write']) {
    expect(taken(like({ action }), 'ibm')).toBe(true);
    expect(taken(like({ action }), 'openstack')).toBe(false);
  }
  expect(classifyAction('list')).toMatchObject({ kind: 'alias', canonical: 'read/list' });
});

test('6.13 authenticate/logon and authenticate/login are one', () => {
  expect(taken(like({ action: 'authenticate/logon' }), 'strict')).toBe(true);
  expect(equivalentPaths(actionTaxonomy, 'authenticate/logon')).toContain('authenticate/login');
});

test('6.14 a reporter chain may contain the observer or not', () => {
  for (const role of ['observer', 'modifier', 'relay']) {
    expect(codes(like({ reporterchain: [{ role, reporterId: 'r' }] }), 'strict')).toEqual([]);
  }
});

test('6.15 prefixes are whole segments, absolute taxonomy URIs count, outcomes have children', () => {
  for (const action of ['readme', 'created', 'unknownX', 'login'])
    expect(taken(like({ action }), 'strict')).toBe(false);
  const computer = like({ target: { id: 't', typeURI: 'computer' } });
  expect(codes(computer, 'strict')).toEqual(['CADF_RESOURCE_TYPE_NOT_IN_TAXONOMY']);
  const absolute = `${actionTaxonomy.baseUri}read/list`;
  expect(codes(like({ action: absolute }), 'strict')).toEqual([]);
  expect(codes(like({ outcome: 'failure/denied' }), 'strict')).toEqual([]);
  expect(taken(like({ target: { id: 't', typeURI: 'dns/zones' } }), 'openstack')).toBe(true);
});

test('6.16 the test runs from the node to the value: a mere beginning of a node is nothing, extensions are fine', () => {
  expect(classifyAction('c').kind).toBe('unknown-root');
  expect(classifyAction('create/c').kind).toBe('extension');
});

test('6.17 a reasonCode may be a number and is written as text', () => {
  const reason = { reasonCode: 401, reasonType: 'HTTP' };
  expect(codes(like({ reason }), 'openstack')).toEqual(['CADF_REASON_CODE_NUMBER']);
  expect(taken(like({ reason }), 'openstack')).toBe(true);
  expect(taken(like({ reason }), 'strict')).toBe(false);
  expect(toCanonicalEvent(like({ reason }))).toMatchObject({ reason: { reasonCode: '401' } });
});

test('6.18 a reasonType may be "HTTP" or prose', () => {
  for (const reasonType of ['HTTP', 'The password is expired and has to be changed']) {
    expect(codes(like({ reason: { reasonCode: '401', reasonType } }), 'strict')).toEqual([]);
  }
});

test('6.19 upper-case enumerations and type for typeURI are read by ibm and lenient, and written right', () => {
  const loud = like({
    eventType: 'ACTIVITY',
    outcome: 'SUCCESS',
    action: 'READ',
    target: { id: 't', type: 'data/file' },
  });
  for (const profile of ['ibm', 'lenient'] as const) expect(taken(loud, profile)).toBe(true);
  expect(taken(loud, 'openstack')).toBe(false);
  expect(codes(toCanonicalEvent(loud), 'strict')).toEqual([]);
});

test('6.20 https type URIs are read and http is written', () => {
  const typeURI = 'https://schemas.dmtf.org/cloud/audit/1.0/event';
  expect(taken(like({ typeURI }), 'openstack')).toBe(true);
  expect(toCanonicalEvent(like({ typeURI }))).toEqual(event);
});

test('6.21 stray blanks and an empty typeURI are mended', () => {
  for (const typeURI of ['http: //schemas.dmtf.org/cloud/audit/1.0/event', '']) {
    expect(taken(like({ typeURI }), 'openstack')).toBe(true);
    expect(taken(like({ typeURI }), 'strict')).toBe(false);
    expect(toCanonicalEvent(like({ typeURI }))).toEqual(event);
  }
  expect(toCanonicalEvent(like({ id: 'openstack: 17' }))['id']).toBe('openstack:17');
});

test('6.22 compliance is no event type', () => {
  for (const profile of ['strict', 'openstack', 'ibm'] as const) {
    expect(codes(like({ eventType: 'compliance' }), profile)).toContain('CADF_EVENT_TYPE_UNKNOWN');
  }
});

test('6.23 a monitor event without measurements and a control event without a reason are told', () => {
  const monitor = like({ eventType: 'monitor', action: 'monitor' });
  const control = like({ eventType: 'control', action: 'deny' });
  expect(codes(monitor, 'openstack')).toEqual(['CADF_MEASUREMENTS_REQUIRED']);
  expect(codes(control, 'openstack')).toEqual(['CADF_REASON_REQUIRED']);
  for (const one of [monitor, control]) {
    expect(taken(one, 'openstack')).toBe(true);
    expect(taken(one, 'strict')).toBe(false);
  }
});

test('6.24 empty credentials, members of CloudStack and its root type are taken by lenient and openstack', () => {
  const credential = { type: '', token: '', authority: '', assertions: '' };
  const cloudstack = like({
    eventTime: '2026-05-06T07:08:09.+0200',
    csaction: 'VM.CREATE',
    initiator: { id: 'u', typeURI: 'data/security/account/user', credential, userid: '2' },
    target: { id: 't', typeURI: 'system', credential },
  });
  for (const profile of ['lenient', 'openstack'] as const) expect(taken(cloudstack, profile)).toBe(true);
});

test('6.25 both forms of a map are read, the list is written', () => {
  for (const annotations of [{ room: '201' }, [{ key: 'room', value: '201' }]]) {
    const changed = like({ target: { id: 't', typeURI: 'compute', geolocation: { annotations } } });
    expect(codes(changed, 'strict')).toEqual([]);
    expect(toCanonicalEvent(changed)).toMatchObject({
      target: { geolocation: { annotations: [{ key: 'room', value: '201' }] } },
    });
  }
});

test('6.26 no message of the model shows any part of a token', () => {
  const credential = { token: 'pass', type: 1, authority: 2, assertions: 3 };
  for (const profile of ['strict', 'lenient'] as const) {
    const faults = validateEvent(like({ initiator: { id: '', typeURI: '', credential } }), profile);
    expect(faults.length).toBeGreaterThan(3);
    expect(JSON.stringify(faults.map((fault) => fault.message))).not.toContain('pass');
  }
});

test('6.27 the target may be the service or the object: any id and type of the taxonomy', () => {
  for (const target of [
    { id: 'nova', typeURI: 'service/compute/servers' },
    { id: 'srv-1', typeURI: 'compute/server' },
  ]) {
    expect(codes(like({ target }), 'strict')).toEqual([]);
  }
});

test('6.28 reduced events of a Hermes list are found, and taken by lenient', () => {
  const reduced = like({ typeURI: undefined, eventType: undefined, requestPath: '' });
  const { items } = unwrapDocument({ next: 'http://hermes/v1/events?offset=1', total: 2, events: [reduced] });
  expect(items).toMatchObject([{ path: '/events/0', fault: undefined }]);
  expect(taken(items[0]?.value, 'lenient')).toBe(true);
});

test('6.29 an outcome is what the emitter says, whatever the reason code', () => {
  expect(codes(like({ reason: { reasonCode: '409', reasonType: 'HTTP' } }), 'strict')).toEqual([]);
});

test('6.30 ref on a resource is kept and ignored; cadf:event is a draft spelling', () => {
  const target = { id: 't', typeURI: 'compute', ref: 'http://192.0.2.1/t' };
  expect(codes(like({ target }), 'strict')).toEqual([]);
  expect(toCanonicalEvent(like({ target }))).toMatchObject({ target });
  expect(codes(like({ typeURI: 'cadf:event' }), 'lenient')).toEqual(['CADF_TYPE_URI_VARIANT']);
});

test('6.31 ids need not be UUIDs', () => {
  for (const id of [
    'joe.user@example.com',
    'crn:v1:cloud:public:x:::',
    'audit://cloud.example.org/events/1',
    '17',
  ]) {
    expect(codes(like({ id, target: { id, typeURI: 'compute' } }), 'strict')).toEqual([]);
  }
});

test('6.32 a tag with a colon is a bare name', () => {
  expect(codes(like({ tags: ['correlation_id:req-1', 'correlation_id?value=req-1'] }), 'strict')).toEqual([]);
});

describe('6.33 CADF is DSP0262', () => {
  test('and its type URI is the only one of an event', () => {
    expect(codes(like({ typeURI: 'http://schemas.dmtf.org/cloud/audit/1.1/event' }), 'lenient')).toEqual([
      'CADF_TYPE_URI_WRONG',
    ]);
  });
});

test('6.34 the base URIs of the taxonomies have taxonomy/ in them', () => {
  expect(classifyAction('http://schemas.dmtf.org/cloud/audit/1.0/taxonomy/action/read').kind).toBe(
    'standard',
  );
  expect(classifyAction('http://schemas.dmtf.org/cloud/audit/1.0/action/read').kind).toBe('foreign');
  expect(classifyOutcome('http://schemas.dmtf.org/cloud/audit/1.0/taxonomy/outcome/success').kind).toBe(
    'standard',
  );
});

test('6.35 a type with a slash at its end is told and trimmed', () => {
  const target = { id: 't', typeURI: 'service/security/keymanager/secrets/' };
  expect(codes(like({ target }), 'openstack')).toEqual(['CADF_RESOURCE_TYPE_MALFORMED']);
  expect(toCanonicalEvent(like({ target }))).toMatchObject({
    target: { typeURI: 'service/security/keymanager/secrets' },
  });
});

test('6.36 service/compute/servers is an extension of service/compute', () => {
  expect(classifyResource('service/compute/servers')).toMatchObject({
    kind: 'extension',
    standard: 'service/compute',
  });
});

test('whatever the dialect, the canonical event can be written as XML', () => {
  expect(encodeXml(toCanonicalEvent(like({ eventType: 'ACTIVITY', csaction: 'x' })))).toContain(
    '<cadf:event ',
  );
});
