/** The tables of Jobs, a case a row: DSP0263 2.0.0 clause 5.17 and the actions of each resource's own clause. */
import { describe, expect, test } from 'vitest';
import { eventOf, job, outcomesOf } from './cimi-event.test-support.ts';

const ROOTS = ['http://schemas.dmtf.org/cimi/1/action/', 'http://schemas.dmtf.org/cimi/2/action/'];

describe('the action of a job', () => {
  const rows: readonly (readonly [verb: string, target: string, action: string, type: string])[] = [
    ['start', 'machines/m1', 'start', 'compute/machine'],
    ['start', 'systems/s1', 'start', 'service/composition'],
    ['start', 'networks/n1', 'start', 'network'],
    ['start', 'networkPorts/p1', 'start', 'network/connection'],
    ['start', 'segments/s1', 'start', 'network'],
    ['start', 'networkServices/s1', 'start', 'service/network'],
    ['start', 'meters/c1', 'start', 'service/bss/metering'],
    ['stop', 'machines/m1', 'stop', 'compute/machine'],
    ['stop', 'systems/s1', 'stop', 'service/composition'],
    ['stop', 'networks/n1', 'stop', 'network'],
    ['stop', 'meters/c1', 'stop', 'service/bss/metering'],
    ['stop', 'jobs/j9', 'stop', 'data/workload/job'],
    ['restart', 'machines/m1', 'start/restart', 'compute/machine'],
    ['restart', 'systems/s1', 'start/restart', 'service/composition'],
    ['pause', 'machines/m1', 'stop/pause', 'compute/machine'],
    ['pause', 'systems/s1', 'stop/pause', 'service/composition'],
    ['suspend', 'machines/m1', 'stop/suspend', 'compute/machine'],
    ['suspend', 'systems/s1', 'stop/suspend', 'service/composition'],
    ['capture', 'machines/m1', 'capture', 'compute/machine'],
    ['snapshot', 'machines/m1', 'capture/snapshot', 'compute/machine'],
    ['snapshot', 'volumes/v1', 'backup/snapshot', 'storage/volume'],
    ['restore', 'machines/m1', 'restore', 'compute/machine'],
    ['restore', 'volumes/v1', 'restore', 'storage/volume'],
    ['export', 'systems/s1', 'backup/export', 'service/composition'],
    ['export', 'systemTemplates/t1', 'backup/export', 'data/template'],
    ['import', 'systems', 'deploy/import', 'service/composition'],
    ['import', 'systemTemplates', 'create/import', 'data/template'],
    ['enable', 'endpoints/e1', 'enable', 'network/connection'],
    ['enable', 'interfaces/i1', 'enable', 'network/connection'],
    ['disable', 'endpoints/e1', 'disable', 'network/connection'],
    ['disable', 'interfaces/i1', 'disable', 'network/connection'],
    ['connectvolume', 'machines/m1', 'update/attach', 'compute/machine'],
    ['forceSync', 'systemServices/s1', 'backup/sync', 'service/oss'],
    ['swapBackup', 'systemServices/s1', 'configure', 'service/oss'],
    ['addRM', 'systemServices/s1', 'configure', 'service/oss'],
    ['removeRM', 'systemServices/s1', 'configure', 'service/oss'],
    ['insert', 'systems/s1/machines', 'update/insert', 'compute/machine'],
    ['remove', 'systems/s1/machines', 'update/remove', 'compute/machine'],
    ['delete', 'machines/m1', 'delete', 'compute/machine'],
  ];

  test.each(rows)('%s of %s is %s of a %s', (verb, target, action, type) => {
    for (const root of ROOTS) {
      for (const uri of [`${root}${verb}`, `${root.replace('/action', '/Action')}${verb.toUpperCase()}`]) {
        expect(eventOf(job({ action: uri, targetResource: { href: target } }))).toMatchObject({
          rule: 'job',
          eventType: 'activity',
          action,
          name: uri,
          outcome: 'success',
          target: { id: `host-1/${target}`, typeURI: type },
        });
      }
    }
  });

  test.each([
    ['add', 'machines', 'create', 'compute/machine'],
    ['create', 'volumes', 'create', 'storage/volume'],
    ['edit', 'machines/m1', 'update', 'compute/machine'],
    ['update', 'volumes/v1', 'update', 'storage/volume'],
    ['edit', 'resourceMetadata/r1', 'configure', 'data/config'],
    ['edit', 'machineConfigs/c1', 'configure', 'data/config'],
    ['edit', 'meterConfigs/c1', 'configure', 'data/config'],
    ['delete', 'credentials/c1', 'delete', 'data/security/credential'],
    ['insert', 'systems/s1/volumes', 'update/insert', 'storage/volume'],
    ['remove', 'systems/s1/volumes', 'update/remove', 'storage/volume'],
    ['add', 'machineImages', 'create', 'data/image'],
  ])('the bare word %s of %s is %s of a %s', (action, target, expected, type) => {
    expect(eventOf(job({ action, targetResource: { href: target } }))).toMatchObject({
      rule: 'job',
      action: expected,
      target: { id: `host-1/${target}`, typeURI: type },
    });
  });

  test.each([
    ['start_deployment', 'deploy'],
    ['stop_deployment', 'undeploy'],
    ['update_deployment', 'update'],
    ['reboot_nuvlabox', 'start/restart'],
    ['dct_check', 'evaluate'],
    ['validate-dns', 'evaluate'],
    ['collect', 'monitor'],
    ['collect_virtual_machines', 'monitor'],
    ['deployment_state', 'monitor'],
    ['describe', 'read'],
    ['download', 'read'],
    ['upload', 'update'],
    ['execute', 'start'],
    ['activate', 'enable'],
    ['ready', 'enable'],
    ['quarantine', 'disable'],
    ['cancel', 'stop'],
    ['bulk-delete', 'delete'],
    ['bulk_start_deployment', 'deploy'],
  ])('the vendor word %s is %s', (action, expected) => {
    const target = { href: 'deployment/d1' };
    expect(eventOf(job({ action, targetResource: target }))).toMatchObject({ rule: 'job', action: expected });
  });

  test.each([['http://example.org/actions/defragment'], [''], [undefined]])(
    '%s is none we know',
    (action) => {
      expect(eventOf(job({ action }))).toMatchObject({ rule: 'unmapped-job', action: 'unknown' });
    },
  );
});

test.each([
  ['QUEUED', 'pending', []],
  ['RUNNING', 'pending', []],
  ['STOPPING', 'pending', []],
  ['SUCCESS', 'success', []],
  ['FAILED', 'failure', []],
  ['STOPPED', 'failure', ['//cimi/stopped']],
  ['CANCELLED', 'failure', ['//cimi/stopped']],
  ['CANCELED', 'failure', ['//cimi/stopped']],
  ['HALTED', 'unknown', []],
  [undefined, 'unknown', []],
])('a job in the state %s is %s', (state, outcome, tags) => {
  const event = eventOf(job({ state, progress: 100, returnCode: 0 }));
  expect(event).toMatchObject({ outcome, action: 'start' });
  expect(event.tags?.filter((tag) => tag.includes('stopped')).map((tag) => tag.split('?')[0])).toEqual(tags);
});

describe('the target of a job', () => {
  const made = (...hrefs: string[]): unknown => hrefs.map((href) => ({ href }));

  test.each([
    ['add that names what it made', 'add', 'machines', made('machines', 'machines/m7'), 'machines/m7'],
    ['add that names only what it made', 'add', 'machines', made('machines/m7'), 'machines/m7'],
    ['add that has made nothing yet', 'add', 'machines', made('machines'), 'machines'],
    ['add that names nothing', 'add', 'machines', undefined, 'machines'],
    ['add that made two', 'add', 'machines', made('machines', 'machines/m7', 'machines/m8'), 'machines'],
    ['delete that does not list it', 'delete', 'machines/m1', [], 'machines/m1'],
    ['delete that lists it', 'delete', 'machines/m1', made('machines/m1'), 'machines/m1'],
    ['delete with another one', 'delete', 'machines/m1', made('volumes/v1'), 'machines/m1'],
    [
      'capture with its image',
      'capture',
      'machines/m1',
      made('machines/m1', 'machineImages/i1'),
      'machines/m1',
    ],
    ['import with its system', 'import', 'systems', made('systems', 'systems/s1'), 'systems/s1'],
    [
      'import with a system and its parts',
      'import',
      'systems',
      made('systems', 'systems/s1', 'machines/m1', 'machines/m2', 'volumes/v1'),
      'systems/s1',
    ],
    [
      'import of a template and its parts',
      'import',
      'systemTemplates',
      made('systemTemplates/t1', 'machineTemplates/t2', 'machineConfigs/c1'),
      'systemTemplates/t1',
    ],
    ['add with a disk of it', 'add', 'machines', made('machines/m7', 'volumes/v1'), 'machines/m7'],
    ['export', 'export', 'systems/s1', made('systems/s1'), 'systems/s1'],
  ])('of an %s', (_, action, target, affectedResources, id) => {
    const event = eventOf(job({ action, targetResource: { href: target }, affectedResources }));
    expect(event.target?.id).toBe(`host-1/${id}`);
  });

  test.each([
    ['text', 'machines/m1'],
    ['a reference', { href: 'machines/m1' }],
    ['a reference that is expanded', { href: 'machines/m1', name: 'web', state: 'STARTED' }],
    ['a reference whose href is nested', { href: { href: 'machines/m1' } }],
  ])('as %s', (_, targetResource) => {
    expect(eventOf(job({ targetResource })).target).toMatchObject({
      id: 'host-1/machines/m1',
      typeURI: 'compute/machine',
    });
  });
});

describe('the time of a job', () => {
  const times = {
    timeOfStatusChange: '2026-11-20T10:03:00Z',
    updated: '2026-11-20T10:02:00Z',
    created: '2026-11-20T10:01:00Z',
  };

  test.each([
    ['its last change', times, '2026-11-20T10:03:00.000+00:00', []],
    ['else its update', { ...times, timeOfStatusChange: undefined }, '2026-11-20T10:02:00.000+00:00', []],
    [
      'else its creation',
      { ...times, timeOfStatusChange: undefined, updated: undefined },
      '2026-11-20T10:01:00.000+00:00',
      [],
    ],
    [
      'else of arrival, where it cannot be one of an event',
      { timeOfStatusChange: '1964-08-25T10:00:00Z', created: '2300-01-01T00:00:00Z' },
      '2026-11-21T00:00:00.000+00:00',
      ['//cimi/event-time'],
    ],
    [
      'else of arrival',
      { timeOfStatusChange: undefined },
      '2026-11-21T00:00:00.000+00:00',
      ['//cimi/event-time'],
    ],
  ])('is %s', (_, members, eventTime, tags) => {
    const event = eventOf(job(members));
    expect(event.eventTime).toBe(eventTime);
    if (tags.length > 0) expect(event.tags?.some((tag) => tag.includes('event-time'))).toBe(true);
  });
});

test('states of one job are versions of one event, told by the code it returned or else its state', () => {
  const states = ['QUEUED', 'RUNNING', 'STOPPING', 'STOPPED'].map((state, index) =>
    eventOf(job({ state, timeOfStatusChange: `2026-11-20T10:00:0${index}Z` })),
  );
  expect(new Set(states.map(({ id }) => id)).size).toBe(1);
  expect(states.map(({ reason }) => reason?.reasonCode)).toEqual([
    'QUEUED',
    'RUNNING',
    'STOPPING',
    'STOPPED',
  ]);
  expect(eventOf(job({ state: 'FAILED', returnCode: 10_017 })).reason?.reasonCode).toBe('10017');
});

test('a job nested in another is an event of its own, and both name each other', () => {
  const nested = job({ id: 'jobs/j2', parentJob: { href: 'jobs/j1' }, state: 'FAILED' });
  const outcomes = outcomesOf(job({ nestedJobs: [nested, { href: 'jobs/j3' }], state: 'FAILED' }));
  const events = outcomes.flatMap((outcome) => (outcome.kind === 'event' ? [outcome.event] : []));
  expect(events).toHaveLength(2);
  expect(new Set(events.map(({ id }) => id)).size).toBe(2);
  const tags = events.flatMap((event) => event.tags ?? []);
  expect(tags).toContain('//cimi/parent-job?value=host-1%2Fjobs%2Fj1');
  expect(tags).toContain('//cimi/nested-job?value=host-1%2Fjobs%2Fj2');
  expect(tags).toContain('//cimi/nested-job?value=host-1%2Fjobs%2Fj3');
});

test('the job by which a request was refused has no id, and is an event by what it says', () => {
  const refused = { id: '', state: 'FAILED', returnCode: 409, statusMessage: 'in use' };
  const [first, second] = [eventOf(job(refused)), eventOf(job({ ...refused, returnCode: 400 }))];
  expect(first).toMatchObject({ outcome: 'failure', reason: { reasonCode: '409' } });
  expect(first.id).not.toBe(second.id);
});

test('no one is made up as who asked, and an owner is told as inferred', () => {
  expect(eventOf(job({})).initiator).toMatchObject({ id: 'unknown' });
  const owned = eventOf(job({ acl: { owner: { principal: 'ada', type: 'USER' } } }));
  expect(owned.initiator).toMatchObject({ name: 'ada' });
  expect(owned.tags).toContain('//cimi/initiator?value=inferred-owner');
  const known = eventOf(job({ 'authn-info': { 'user-id': 'user/bob' }, acl: { owners: ['user/ada'] } }));
  expect(JSON.stringify(known.initiator)).toContain('bob');
});

test('a job that names no resource at all has an unknown target, not itself', () => {
  expect(eventOf(job({ targetResource: undefined, action: 'add' })).target).toEqual({
    id: 'unknown',
    typeURI: 'unknown',
  });
});
