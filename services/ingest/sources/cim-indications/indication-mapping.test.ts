/** What indications are, a case a row: classes of DSP1042, DSP1054 and libvirt-cim, states of CIM_EnabledLogicalElement. */
import { describe, expect, test } from 'vitest';
import { eventOfIndication, instance } from './indication.test-support.ts';

const UUID = '5f2b1c9a-7d34-4e11-9c0a-1b2c3d4e5f60';

function guest(prefix: string, properties: Record<string, string> = {}): ReturnType<typeof instance> {
  return instance(`${prefix}_ComputerSystem`, {
    CreationClassName: `${prefix}_ComputerSystem`,
    Name: 'web1',
    ElementName: 'web1',
    UUID,
    EnabledState: '2',
    ...properties,
  });
}

describe.each(['KVM', 'Xen', 'LXC'])('libvirt-cim with %s', (prefix) => {
  test.each([
    ['Created', { SourceInstance: guest(prefix) }, 'create', 'instance-created'],
    [
      'Modified',
      { SourceInstance: guest(prefix), PreviousInstance: guest(prefix, { EnabledState: '3' }) },
      'start',
      'state-changed',
    ],
    [
      'Deleted',
      {
        SourceInstance: guest(prefix, {
          EnabledState: '1',
          OtherEnabledState: 'Guest destroyed',
          HealthState: '0',
        }),
      },
      'delete',
      'instance-deleted',
    ],
  ])('a guest that is %s', (life, properties, action, rule) => {
    const all = { IndicationIdentifier: UUID, ...properties };
    expect(eventOfIndication(`${prefix}_ComputerSystem${life}Indication`, all)).toMatchObject({
      rule,
      action,
      eventType: 'activity',
      outcome: 'success',
      eventTime: '2026-11-20T10:00:00.000+00:00',
      target: { id: UUID, typeURI: 'compute/machine', name: 'web1' },
      initiator: { id: 'node1/cim-server', typeURI: 'service/compute' },
      observer: { id: 'node1/cim-server', typeURI: 'service/compute' },
    });
  });

  test.each([
    ['Created', 'update/attach', 'part-created'],
    ['Modified', 'update', 'part-modified'],
    ['Deleted', 'update/detach', 'part-deleted'],
  ])('a part that is %s, of each kind', (life, action, rule) => {
    const parts = [
      ['Proc', 'web1/proc', '3'],
      ['Mem', 'web1/mem', '4'],
      ['Net', 'web1/52:54:00:00:00:01', '10'],
      ['Disk', 'web1/vda', '17'],
    ] as const;
    for (const [kind, id, type] of parts) {
      const part = instance(`${prefix}_${kind}ResourceAllocationSettingData`, {
        InstanceID: id,
        ResourceType: type,
      });
      const all =
        life === 'Modified' ? { SourceInstance: part, PreviousInstance: part } : { SourceInstance: part };
      const event = eventOfIndication(`${prefix}_ResourceAllocationSettingData${life}Indication`, all);
      expect(event).toMatchObject({
        rule,
        action,
        outcome: 'success',
        target: { id: `node1/${prefix}_ComputerSystem/web1`, typeURI: 'compute/machine' },
      });
      expect(event.tags).toContain(`//cim-indications/resource-type?value=${type}`);
      expect(event.tags).toContain(`//cim-indications/part?value=${encodeURIComponent(id)}`);
    }
  });

  test.each([
    ['Created', '2', 'pending'],
    ['Modified', '3', 'pending'],
    ['Modified', '4', 'pending'],
    ['Modified', '5', 'pending'],
    ['Modified', '7', 'success'],
    ['Modified', '8', 'failure'],
    ['Modified', '9', 'failure'],
    ['Modified', '10', 'failure'],
    ['Modified', '11', 'pending'],
    ['Deleted', '7', 'success'],
  ])('a migration that is %s with JobState %s is %s', (life, state, outcome) => {
    const job = instance(`${prefix}_MigrationJob`, {
      InstanceID: 'migrate:1',
      Name: 'Migration',
      JobState: state,
    });
    const all =
      life === 'Modified' ? { SourceInstance: job, PreviousInstance: job } : { SourceInstance: job };
    expect(eventOfIndication(`${prefix}_ComputerSystemMigrationJob${life}Indication`, all)).toMatchObject({
      rule: 'migration',
      action: 'update/migrate',
      outcome,
    });
  });
});

describe('the states of a virtual system', () => {
  test.each([
    ['3', '2', 'start', 'success'],
    ['2', '3', 'stop', 'success'],
    ['2', '6', 'stop/suspend', 'success'],
    ['2', '9', 'stop/pause', 'success'],
    ['9', '2', 'start/unpause', 'success'],
    ['6', '2', 'start/resume', 'success'],
    ['3', '10', 'start', 'pending'],
    ['10', '2', 'start', 'success'],
    ['2', '4', 'stop/shutdown', 'pending'],
    ['4', '3', 'stop/shutdown', 'success'],
    ['9', '3', 'stop', 'success'],
    ['6', '3', 'stop', 'success'],
    ['2', '2', 'update', 'success'],
    ['3', '3', 'update', 'success'],
    ['2', '5', 'update', 'success'],
    ['2', '0', 'update', 'success'],
    ['2', '32768', 'stop/pause', 'success'],
    ['2', '32769', 'stop/suspend', 'success'],
    ['32768', '2', 'start/unpause', 'success'],
    ['3', '32770', 'start', 'pending'],
    ['2', '32774', 'stop/shutdown', 'pending'],
  ])('from %s to %s is %s, %s', (from, to, action, outcome) => {
    const all = {
      SourceInstance: guest('KVM', { EnabledState: to }),
      PreviousInstance: guest('KVM', { EnabledState: from }),
    };
    for (const name of ['CIM_InstModification', 'KVM_ComputerSystemModifiedIndication', 'Vendor_Changed'])
      expect(eventOfIndication(name, all)).toMatchObject({ action, outcome });
  });

  test.each([
    ['3', '2', 'start'],
    ['2', '3', 'stop'],
    ['2', '4', 'stop/shutdown'],
    ['2', '6', 'stop/suspend'],
    ['2', '9', 'stop/pause'],
    ['2', '7', 'update/test'],
    ['2', '8', 'update/defer'],
  ])('in %s, asked for %s: %s, pending', (state, requested, action) => {
    const all = {
      SourceInstance: guest('KVM', { EnabledState: state, RequestedState: requested }),
      PreviousInstance: guest('KVM', { EnabledState: state, RequestedState: '12' }),
    };
    expect(eventOfIndication('CIM_InstModification', all)).toMatchObject({
      rule: 'state-requested',
      action,
      outcome: 'pending',
    });
  });

  test.each([
    ['10', 'start/reboot'],
    ['11', 'start/reset'],
  ])('asked for %s and running again is %s', (requested, action) => {
    const all = {
      SourceInstance: guest('KVM', { RequestedState: requested }),
      PreviousInstance: guest('KVM', { RequestedState: '12' }),
    };
    expect(eventOfIndication('CIM_InstModification', all)).toMatchObject({ action, outcome: 'success' });
  });

  test('a system in error has failed', () => {
    const broken = instance('KVM_ComputerSystem', {
      Name: 'web1',
      UUID,
      EnabledState: '2',
      OperationalStatus: ['2', '6'],
    });
    const all = { SourceInstance: broken, PreviousInstance: guest('KVM', { EnabledState: '3' }) };
    expect(eventOfIndication('CIM_InstModification', all)).toMatchObject({
      action: 'start',
      outcome: 'failure',
    });
  });
});

test.each([
  ['CIM_InstCreation', 'create', 'instance-created'],
  ['CIM_InstDeletion', 'delete', 'instance-deleted'],
  ['CIM_InstRead', 'read', 'instance-read'],
  ['CIM_ClassCreation', 'create', 'class-created'],
  ['CIM_ClassModification', 'update', 'class-modified'],
  ['CIM_ClassDeletion', 'delete', 'class-deleted'],
])('%s is %s', (className, action, rule) => {
  const event = eventOfIndication(className, { SourceInstance: guest('CIM') });
  expect(event).toMatchObject({ rule, action, outcome: 'success' });
});

test.each([
  ['DefineSystem', 'create'],
  ['DestroySystem', 'delete'],
  ['ModifySystemSettings', 'update'],
  ['AddResourceSettings', 'update/attach'],
  ['RemoveResourceSettings', 'update/detach'],
  ['MigrateVirtualSystemToHost', 'update/migrate'],
  ['MigrateVirtualSystemToSystem', 'update/migrate'],
  ['CreateSnapshot', 'capture'],
  ['ApplySnapshot', 'restore'],
  ['DestroySnapshot', 'delete/snapshot'],
  ['Defragment', 'unknown'],
])('a call of %s is %s, and ends as its return value says', (method, action) => {
  const results = [
    ['0', 'success'],
    ['4096', 'pending'],
    ['2', 'failure'],
    ['32768', 'failure'],
  ] as const;
  for (const [ReturnValue, outcome] of results) {
    const all = { MethodName: method, ReturnValue, SourceInstance: guest('KVM') };
    expect(eventOfIndication('CIM_InstMethodCall', all)).toMatchObject({ action, outcome });
  }
  const before = { MethodName: method, PreCall: 'TRUE', SourceInstance: guest('KVM') };
  expect(eventOfIndication('CIM_InstMethodCall', before)).toMatchObject({ action, outcome: 'pending' });
});

test.each([
  ['2', 'start'],
  ['3', 'stop'],
  ['4', 'stop/shutdown'],
  ['6', 'stop/suspend'],
  ['9', 'stop/pause'],
  ['10', 'start/reboot'],
  ['11', 'start/reset'],
  ['99', 'update'],
])('RequestStateChange to %s is %s', (RequestedState, action) => {
  const all = {
    MethodName: 'RequestStateChange',
    ReturnValue: '0',
    MethodParameters: instance('__MethodParameters', { RequestedState }),
    SourceInstance: guest('KVM'),
  };
  expect(eventOfIndication('CIM_InstMethodCall', all)).toMatchObject({ action, outcome: 'success' });
});

describe('alerts', () => {
  test.each([
    ['0', 'success'],
    ['2', 'success'],
    ['3', 'success'],
    ['4', 'success'],
    ['5', 'failure'],
    ['6', 'failure'],
    ['7', 'failure'],
  ])('of severity %s are %s', (PerceivedSeverity, outcome) => {
    for (const name of ['CIM_AlertIndication', 'CIM_ProcessIndication', 'Vendor_AlertIndication'])
      expect(eventOfIndication(name, { PerceivedSeverity, MessageID: 'M-1' })).toMatchObject({
        action: 'notify',
        outcome,
        reason: { reasonCode: 'M-1' },
      });
  });

  test('are of the element they name', () => {
    const element = '//node1/root/virt:CIM_DiskDrive.DeviceID="sda",SystemName="node1"';
    expect(
      eventOfIndication('CIM_AlertIndication', { AlertingManagedElement: element }).target,
    ).toMatchObject({
      id: 'node1/CIM_DiskDrive/sda',
      typeURI: 'storage/volume',
    });
  });

  test('happened at EventTime', () => {
    const all = { EventTime: '20261120113000.000000+120', IndicationTime: '20261120120000.000000+120' };
    expect(eventOfIndication('CIM_AlertIndication', all).eventTime).toBe('2026-11-20T09:30:00.000+00:00');
  });

  test('of a threshold are measurements', () => {
    const all = { ThresholdIdentifier: 'cpu.load', ThresholdValue: '90', ObservedValue: '97' };
    expect(eventOfIndication('CIM_ThresholdIndication', all)).toMatchObject({
      rule: 'threshold',
      eventType: 'monitor',
      measurements: [{ result: '97' }],
    });
  });
});
