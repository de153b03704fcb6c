import { expect, test } from 'vitest';
import { operationOf } from './event-names.ts';
import { taskOperation } from './task-names.ts';

const said = (name: string): string => {
  const { action, outcome } = operationOf(name);
  return `${action} ${outcome}`;
};

test('a name means the same in every spelling', () => {
  for (const name of [
    'VmPoweredOnEvent',
    'vim.event.VmPoweredOnEvent',
    'com.vmware.vsphere.VmPoweredOnEvent.v0',
  ])
    expect(said(name)).toBe('start success');
});

test('names tell failure and what is still going on', () => {
  expect(said('VmFailedToPowerOnEvent')).toBe('start failure');
  expect(said('VmBeingClonedEvent')).toBe('create/clone pending');
  expect(said('com.vmware.sso.LoginFailure')).toBe('authenticate/login failure');
  expect(said('com.vmware.cl.DeleteLibraryItemFailEvent')).toBe('delete failure');
  expect(operationOf('VmPrimaryFailoverEvent').outcome).toBe('success');
});

test('a name that ends in a verb tells the action, and the target where it names it', () => {
  expect(operationOf('com.vmware.new.HostFrobConfiguredEvent')).toMatchObject({
    action: 'configure',
    kind: 'node',
  });
  expect(operationOf('com.vmware.new.FrobConfiguredEvent')).toMatchObject({
    action: 'configure',
    kind: 'unnamed',
  });
  expect(operationOf('com.vmware.new.vm.created')).toMatchObject({ action: 'create', kind: 'machine' });
  expect(operationOf('com.vmware.new.frob.create.failed')).toMatchObject({
    action: 'create',
    kind: 'unnamed',
    outcome: 'failure',
  });
});

test('what a host has is not taken for the host, nor a word for its contrary', () => {
  expect(operationOf('com.vmware.new.HostFrobDeletedEvent')).toMatchObject({
    action: 'delete',
    kind: 'unnamed',
  });
  expect(operationOf('HostSubSpecificationDeleteEvent').action).toBe('update');
  expect(operationOf('com.vmware.new.HostFrobNotEnabledEvent').rule).toBe('unmapped-event');
  expect(operationOf('com.vmware.vc.TrustAuthority.HostNotConfigured').isNoise).toBe(true);
});

test('a name without a verb is not guessed', () => {
  expect(said('com.vmware.new.FrobSplineEvent')).toBe('unknown success');
  expect(operationOf('com.vmware.new.FrobSplineEvent').rule).toBe('unmapped-event');
});

test('what runs beside the inventory is told from its health', () => {
  expect(said('com.vmware.dp.events.snapshot')).toBe('capture pending');
  expect(said('com.vmware.dp.events.snapshotdone')).toBe('capture success');
  expect(said('com.vmware.vcIntegrity.RemediateDisconnectedHost')).toBe('update failure');
  expect(said('com.vmware.vim.eam.login.invalid')).toBe('authenticate/login failure');
  expect(said('com.vmware.registry.HarborProjectPurgeFailEvent')).toBe('delete failure');
  expect(operationOf('com.vmware.vcha.psc.ha.health.degraded').isNoise).toBe(true);
  expect(operationOf('com.vmware.vcha.node.left').isState).toBe(true);
});

test('health is noise, audit of hosts is not', () => {
  expect(operationOf('vsan.health.test.network.smallping.event').isNoise).toBe(true);
  expect(operationOf('esx.problem.net.redundancy.lost').isNoise).toBe(true);
  expect(said('esx.audit.shell.enabled')).toBe('enable success');
  expect(operationOf('esx.audit.nobody.knows').rule).toBe('unmapped-esx-audit');
});

test('methods of tasks are found with and without their class', () => {
  expect(taskOperation('vim.VirtualMachine.powerOn')).toMatchObject({ action: 'start', kind: 'machine' });
  expect(taskOperation('ResourcePool.destroy')).toMatchObject({ action: 'delete', kind: 'pool' });
  expect(taskOperation('CreateSnapshot_Task')).toMatchObject({ action: 'capture', kind: 'machine' });
  expect(taskOperation('vim.SearchIndex.findByUuid').action).toBe('read');
  expect(taskOperation('vim.Frob.createThing').isMapped).toBe(false);
});
