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

test('a name that ends in a verb and names its object is understood, another is not guessed', () => {
  expect(said('com.vmware.new.HostFrobConfiguredEvent')).toBe('configure success');
  expect(said('com.vmware.new.FrobConfiguredEvent')).toBe('unknown success');
  expect(operationOf('com.vmware.new.FrobConfiguredEvent').rule).toBe('unmapped-event');
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
