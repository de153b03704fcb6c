import { expect, test } from 'vitest';
import { eventOfXml, exportOf, instance, instanceXml, outcomesOf } from './indication.test-support.ts';

const UUID = '7e1c0f52-8a4d-4f0b-9c39-5d1f3d7c2a10';
const guest = (EnabledState: string): ReturnType<typeof instance> =>
  instance('Msvm_ComputerSystem', { Name: UUID.toUpperCase(), ElementName: 'sql1', EnabledState });
const created = { TIME_CREATED: '134397072050000000' };

test.each([
  ['__InstanceCreationEvent', { TargetInstance: guest('3') }, 'create', 'instance-created'],
  ['__InstanceDeletionEvent', { TargetInstance: guest('3') }, 'delete', 'instance-deleted'],
  [
    '__InstanceModificationEvent',
    { TargetInstance: guest('2'), PreviousInstance: guest('32769') },
    'start/resume',
    'state-changed',
  ],
])('%s is an indication by its own names', (className, properties, action, rule) => {
  expect(eventOfXml(exportOf(instanceXml(className, { ...created, ...properties })))).toMatchObject({
    rule,
    action,
    outcome: 'success',
    name: className,
    eventTime: '2026-11-21T04:00:05.000+00:00',
    target: { id: UUID, typeURI: 'compute/machine', name: 'sql1' },
  });
});

test.each([
  ['__ClassCreationEvent', 'create', 'class-created'],
  ['__ClassModificationEvent', 'update', 'class-modified'],
  ['__ClassDeletionEvent', 'delete', 'class-deleted'],
])('%s is %s of the class', (className, action, rule) => {
  const text = exportOf(instanceXml(className, { ...created, TargetClass: instance('EX_Thing', {}) }));
  expect(eventOfXml(text)).toMatchObject({
    rule,
    action,
    target: { name: 'EX_Thing', typeURI: 'data/config' },
  });
});

test.each(['0', '99999999999999999999', '9999999999999999999', 'now'])(
  '%s is no time of it',
  (TIME_CREATED) => {
    const text = exportOf(
      instanceXml('__InstanceCreationEvent', { TIME_CREATED, TargetInstance: guest('3') }),
    );
    expect(outcomesOf(text)).toMatchObject([{ kind: 'dead-letter', code: 'CIM_TIME_UNREADABLE' }]);
  },
);
