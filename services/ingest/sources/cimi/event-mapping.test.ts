/** The tables of Events, a case a row: DSP0263 2.0.0 clause 5.18. */
import { describe, expect, test } from 'vitest';
import { eventOf, happening } from './cimi-event.test-support.ts';

const MACHINE = { resource: { href: 'machines/m1' }, resType: 'http://schemas.dmtf.org/cimi/1/Machine' };

const OUTCOMES = [
  'Success',
  'Failure',
  'Pending',
  'Unknown',
  'Status',
  'Warning',
  'Rejected',
  undefined,
] as const;
/** What each of them is, in that order. */
const OF_KIND = {
  state: ['success', 'failure', 'pending', 'unknown', 'success', 'success', 'unknown', 'success'],
  alarm: ['success', 'failure', 'pending', 'unknown', 'success', 'success', 'unknown', 'success'],
  model: ['success', 'failure', 'pending', 'unknown', 'success', 'unknown', 'unknown', 'success'],
  access: ['success', 'failure', 'pending', 'unknown', 'unknown', 'unknown', 'unknown', 'unknown'],
} as const;
const CONTENT = {
  state: { ...MACHINE, state: 'STARTED', previous: 'STARTING' },
  alarm: { ...MACHINE, code: 'IO-17', detail: 'disk errors' },
  model: { ...MACHINE, change: 'update' },
  access: { operation: 'DELETE', resource: { href: 'machines/m1' } },
} as const;

describe.each(['state', 'alarm', 'model', 'access'] as const)('an event of type %s', (kind) => {
  test.each(OUTCOMES.map((word, index) => [word, OF_KIND[kind][index]] as const))(
    'with the outcome %s is %s',
    (word, outcome) => {
      for (const spelled of [word, word?.toUpperCase(), word?.toLowerCase()]) {
        expect(eventOf(happening(kind, CONTENT[kind], { outcome: spelled })).outcome).toBe(outcome);
      }
    },
  );

  test.each(['cimi/2/event/', 'cimi/1/Event/', ''])('is known by its last word behind %s', (root) => {
    const type = root === '' ? kind : `http://schemas.dmtf.org/${root}${kind}`;
    const event = eventOf({ ...happening(kind, CONTENT[kind]), type });
    expect(event.rule.startsWith('unmapped')).toBe(false);
    expect(event.rule).toBe(eventOf(happening(kind, CONTENT[kind])).rule);
  });
});

test('a state is a measurement of the resource', () => {
  expect(eventOf(happening('state', CONTENT.state, { severity: 'Low' }))).toMatchObject({
    eventType: 'monitor',
    action: 'monitor',
    eventTime: '2026-11-20T10:00:00.000+00:00',
    severity: 'low',
    target: { id: 'host-1/machines/m1', typeURI: 'compute/machine' },
    measurements: [{ result: 'STARTED', metric: { name: 'state', unit: 'state' } }],
  });
});

test('an alarm is a measurement of the resource', () => {
  expect(eventOf(happening('alarm', CONTENT.alarm, { severity: 'CRITICAL' }))).toMatchObject({
    eventType: 'monitor',
    action: 'monitor',
    severity: 'critical',
    target: { id: 'host-1/machines/m1', typeURI: 'compute/machine' },
    measurements: [{ result: 'IO-17', metric: { name: 'alarm' } }],
  });
});

test.each([
  ['create', MACHINE.resType, 'create'],
  ['update', MACHINE.resType, 'update'],
  ['delete', MACHINE.resType, 'delete'],
  ['Delete', 'Machine', 'delete'],
  ['relabel', MACHINE.resType, 'unknown'],
  ['update', 'http://schemas.dmtf.org/cimi/1/ResourceMetadata', 'configure'],
  ['create', 'http://schemas.dmtf.org/cimi/2/ResourceMetadata', 'configure'],
])('a model event %s of %s is %s', (change, resType, action) => {
  const event = eventOf(happening('model', { ...MACHINE, change, resType, resName: 'web' }));
  expect(event).toMatchObject({ eventType: 'activity', action, target: { name: 'web' } });
});

test.each([
  ['GET', 'machines/m1', 'read'],
  ['HEAD', 'machines/m1', 'read'],
  ['get', 'machines', 'read/list'],
  ['HEAD', 'https://cloud.example.org/cimi/volumes', 'read/list'],
  ['POST', 'machines', 'create'],
  ['POST', 'machines/m1', 'unknown'],
  ['PUT', 'machines/m1', 'update'],
  ['PATCH', 'machines/m1', 'update'],
  ['PUT', 'machineConfigs/c1', 'configure'],
  ['DELETE', 'machines/m1', 'delete'],
  ['add', 'machines', 'create'],
  ['http://schemas.dmtf.org/cimi/1/action/pause', 'machines/m1', 'stop/pause'],
  ['snapshot', 'volumes/v1', 'backup/snapshot'],
  ['login', 'sessions/s1', 'authenticate/login'],
  ['POST', 'sessions', 'authenticate/login'],
  ['DELETE', 'sessions/s1', 'delete'],
  ['OPTIONS', 'machines', 'unknown'],
])('an access by %s to %s is %s', (operation, href, action) => {
  expect(eventOf(happening('access', { operation, resource: { href } }))).toMatchObject({
    eventType: 'activity',
    action,
  });
});

test('who had access is who the event says, and the address is what was asked for', () => {
  const content = {
    operation: 'GET',
    resource: { href: 'https://cloud.example.org/cimi/machines/m1' },
    initiator: 'ada',
  };
  const event = eventOf(happening('access', content));
  expect(event).toMatchObject({
    initiator: { name: 'ada' },
    target: { addresses: [{ url: 'https://cloud.example.org/cimi/machines/m1' }] },
  });
  const unsaid = eventOf(happening('access', { ...content, initiator: undefined }));
  expect(unsaid.initiator).toMatchObject({ id: 'unknown' });
});

test.each([
  [
    'lower case names, as XML 1.1 prints them',
    { resname: 'web', restype: 'Machine', resource: 'machines/m1', state: 'STOPPED' },
  ],
  ['a resource as text', { ...MACHINE, resource: 'machines/m1', state: 'STOPPED' }],
  ['no type', { resource: { href: 'machines/m1' }, state: 'STOPPED' }],
])('content with %s is read', (_, content) => {
  expect(eventOf(happening('state', content))).toMatchObject({
    target: { id: 'host-1/machines/m1', typeURI: 'compute/machine' },
    measurements: [{ result: 'STOPPED' }],
  });
});

test('contact, name and severity go with it', () => {
  const event = eventOf(
    happening('alarm', CONTENT.alarm, { contact: 'mailto:ops@example.org', name: 'disk' }),
  );
  expect(event.name).toBe('disk');
  expect(event.tags).toContain('//cimi/contact?value=mailto%3Aops%40example.org');
  expect(event.severity).toBeUndefined();
});

test.each([
  ['Success', 'success'],
  ['Failure', 'failure'],
  ['Pending', 'pending'],
  ['Warning', 'unknown'],
  [undefined, 'unknown'],
])('an event of a type that is not known with the outcome %s is %s', (word, outcome) => {
  const event = eventOf(happening('http://example.org/events/backup', { what: 'ever' }, { outcome: word }));
  expect(event).toMatchObject({ rule: 'unmapped-event', eventType: 'activity', action: 'unknown', outcome });
});

describe('a CADF event inside', () => {
  const inside = {
    typeURI: 'http://schemas.dmtf.org/cloud/audit/1.0/event',
    id: 'f3b1c7d2-9a51-4a40-8f0a-0c8c1c1f2a09',
    eventType: 'activity',
    eventTime: '2026-11-20T10:06:00+00:00',
    action: 'authenticate',
    outcome: 'failure',
    initiator: { id: 'cloud/ada', typeURI: 'data/security/account/user' },
    target: { id: 'cloud/api', typeURI: 'service/oss' },
    observer: { id: 'cloud/api', typeURI: 'service/oss' },
  };
  const root = 'http://schemas.dmtf.org/cloud/audit/1.0/';

  test.each(['event/security', 'event', 'log'])('comes out as that event, by type %s', (path) => {
    const { rule, ...event } = eventOf(happening(`${root}${path}`, inside));
    expect(rule).toBe('cadf');
    expect(event).toMatchObject(inside);
  });

  test('that is not whole is kept, as an activity that is not known', () => {
    const event = eventOf(happening(`${root}event/security`, { ...inside, action: undefined }));
    expect(event).toMatchObject({ rule: 'unmapped-event', action: 'unknown' });
    expect(JSON.stringify(event.attachments)).toContain('f3b1c7d2');
  });
});
