import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readEventText } from './event-texts.ts';

test('a name that looks like the words behind it is read from the right', () => {
  expect(readEventText('db on two on host esx1 in DC is starting')).toEqual({
    name: 'VmStartingEvent',
    object: 'db on two',
  });
  expect(readEventText('what is this on  esx1 in DC is powered off')?.object).toBe('what is this');
  expect(readEventText('Removed a on b on esx1 from DC')?.object).toBe('a on b');
});

test('a login names user, address and agent, whatever signs the name has', () => {
  expect(readEventText('User bob@example.org@192.0.2.1 logged in as PowerCLI/13')).toEqual({
    name: 'UserLoginSessionEvent',
    user: 'bob@example.org',
    address: '192.0.2.1',
    agent: 'PowerCLI/13',
  });
  expect(readEventText('Failed login attempt for root@192.0.2.1')).toMatchObject({
    name: 'BadUsernameSessionEvent',
    user: 'root',
  });
  expect(readEventText('Cannot login EXAMPLE\\bob@192.0.2.1: no permission')?.name).toBe('NoAccessUserEvent');
});

test('a host that is removed is no machine', () => {
  expect(readEventText('Removed host esx1 from DC')).toMatchObject({
    name: 'HostRemovedEvent',
    object: 'esx1',
  });
});

test('files, migrations and clones are told by their texts', () => {
  expect(readEventText('Deletion of file or directory [ds1] a/b.iso from ds1 was initiated')).toEqual({
    name: 'DatastoreFileDeletedEvent',
    object: '[ds1] a/b.iso',
  });
  expect(readEventText('Migration of virtual machine web1 from esx1, ds1 to esx2, ds1 completed')).toEqual({
    name: 'VmMigratedEvent',
    object: 'web1',
  });
  expect(readEventText('Clone of web 1 completed')?.object).toBe('web 1');
  expect(readEventText('Template tpl deployed on host esx1')?.object).toBeUndefined();
  expect(readEventText('The host esx1 joined the vSphere Distributed Switch dvs1 in DC.')?.object).toBe(
    'dvs1',
  );
});

test('a text of nobody is none', () => {
  expect(readEventText('The ramdisk is full')).toBeUndefined();
  expect(readEventText('')).toBeUndefined();
});

test('any machine name comes through the texts that name one', () => {
  const name = fc
    .string({ minLength: 1, maxLength: 80 })
    .filter(
      (text) => text.trim() === text && !/[\n\r]/.test(text) && !/ (?:on|is|from|in) /.test(` ${text} `),
    );
  fc.assert(
    fc.property(name, (machine) => {
      expect(readEventText(`Guest OS reboot for ${machine} on esx1 in DC`)?.object).toBe(machine);
      expect(readEventText(`${machine} on  esx1 in DC is powered on`)?.name).toBe('VmPoweredOnEvent');
    }),
    { numRuns: 200 },
  );
});
