import fc from 'fast-check';
import { expect, test } from 'vitest';
import { apiAction, readApiCall } from './api-call.ts';
import { createNormalizer } from './normalizer.ts';
import { withoutSecrets } from './redact.ts';
import { entityType, machineVerb, operationVerb } from './verbs.ts';

const outcomesOf = (text: string) => createNormalizer({ sourceName: 's' }).push({ text, receivedMs: 0 });

test.each([
  ['GET', '/v3/vms/1', 'read'],
  ['POST', '/v3/vms/list', 'read'],
  ['POST', '/v3/vms', 'create'],
  ['DELETE', '/v3/vms/1', 'delete'],
  ['PATCH', '/v3/vms/1', 'update'],
  ['POST', '/api/vmm/v4.0/ahv/config/vms/1/$actions/guest-reboot', 'start/reboot'],
  ['POST', '/v1/vms/1/power_op/off', 'stop'],
  ['POST', '/v2.0/vms/1/nics', 'update/attach'],
  ['DELETE', '/v2.0/vms/1/nics/2', 'update/detach'],
  ['POST', '/v1/utils/change_password', 'update'],
  ['POST', '/v2.0/vms/7d1f0a55-0c11-4d22-9e33-aabbccddeeff/tune', 'update'],
])('%s %s is %s', (method, path, action) => {
  const call = readApiCall(
    `INFO x clientType=ui||userName=a||httpMethod=${method}||restEndpoint=${path}||payload=`,
  )!;
  expect(apiAction(call)).toBe(action);
});

test('a payload may hold the separator', () => {
  const call = readApiCall('clientType=ui||httpMethod=PUT||restEndpoint=/x||payload={"a":"b||c=d"}')!;
  expect(call.members.get('payload')).toBe('{"a":"b||c=d"}');
  expect(call.members.has('c')).toBe(false);
});

test('verbs are whole words, and types are not found in the middle of names', () => {
  expect(machineVerb('VmPowerOffAudit')).toBe('stop');
  expect(operationVerb('BudgetAudit')).toBeUndefined();
  expect(operationVerb('ImageDeleteAudit')).toBe('delete');
  expect(operationVerb('Updated')).toBe('update');
  expect(entityType('vm')).toBe('compute/machine');
  expect(entityType('vm_anomaly')).toBeUndefined();
  expect(entityType('volume_group')).toBe('storage/volume');
});

test('secrets are taken out of command lines and payloads', () => {
  expect(withoutSecrets('x --password abc -v')).toBe('x --password *** -v');
  expect(withoutSecrets('{"guest_password": "a \\" b","n":1}')).toBe('{"guest_password": "***","n":1}');
  expect(withoutSecrets("x --password 'a b' -v")).toBe("x --password '***' -v");
  expect(withoutSecrets(String.raw`"MESSAGE":"{\"password\":\"abc\"}"`)).not.toContain('abc');
  expect(withoutSecrets('-H Authorization: Bearer abc.def')).toBe('-H Authorization: Bearer ***');
  expect(withoutSecrets('nothing here')).toBe('nothing here');
});

test('a raw and a relayed audit record are one event', () => {
  const raw =
    'node=n1 type=USER_LOGIN msg=audit(1795198805.035:1): pid=1 uid=0 auid=1000 ses=7 msg=\'op=login id=1000 exe="/usr/sbin/sshd" hostname=? addr=192.0.2.1 terminal=ssh res=success\'';
  const forms = [
    raw,
    `<134>2026-11-20T18:00:00 h audispd[1]: ${raw}`,
    `${raw}\u001DUID="root" AUID="a" ID="a"`,
  ];
  const ids = forms.map((text) => {
    const [outcome] = outcomesOf(text);
    return outcome?.kind === 'event' ? outcome.event.id : outcome?.kind;
  });
  expect(new Set(ids).size).toBe(1);
});

test('any text ends in exactly one outcome', () => {
  const piece = fc.constantFrom(
    'node=n type=USER_LOGIN msg=audit(1.000:1): ',
    "msg='op=login res=success'",
    '{"alertUid":"',
    '"}',
    'clientType=ui||httpMethod=',
    '||',
    'type=VIRT_CONTROL msg=audit(1.000:1): ',
  );
  fc.assert(
    fc.property(fc.array(fc.array(fc.oneof(piece, fc.string()), { maxLength: 6 })), (lines) => {
      const normalizer = createNormalizer({ sourceName: 's' });
      const outcomes = lines.flatMap((parts) => normalizer.push({ text: parts.join(''), receivedMs: 1 }));
      expect([...outcomes, ...normalizer.flush()].flatMap(({ records }) => records)).toHaveLength(
        lines.length,
      );
    }),
  );
});

test('a machine that is called error does not make its creation one', () => {
  const record = {
    alertUid: 'VmCreateAudit',
    operationType: 'Create',
    recordType: 'Audit',
    creationTimestampUsecs: '1795198801000123',
    defaultMsg: 'Created VM error',
    affectedEntityList: [{ entityType: 'vm', name: 'error', uuid: '7d1f0a55-0c11-4d22-9e33-aabbccddeeff' }],
  };
  const outcomeOf = (changed: object) => {
    const [outcome] = outcomesOf(JSON.stringify({ ...record, ...changed }));
    return outcome?.kind === 'event' ? outcome.event.outcome : outcome?.kind;
  };
  expect(outcomeOf({})).toBe('success');
  expect(outcomeOf({ defaultMsg: 'Created VM error-prone' })).toBe('success');
  expect(outcomeOf({ defaultMsg: 'Failed to create VM error' })).toBe('failure');
});

test('a time that no event can have is told, not replaced', () => {
  const [outcome] = outcomesOf(
    '{"alertUid":"VmCreateAudit","creationTimestampUsecs":"99999999999999999999"}',
  );
  expect(outcome).toMatchObject({ code: 'NUTANIX_TIME_UNREADABLE' });
});

test.each([
  ['VmNicCreateAudit', 'Create', 'vm', 'update/attach'],
  ['VmDiskDeleteAudit', 'Delete', 'vm', 'update/detach'],
  ['VmCreateAudit', 'Create', 'vm', 'create'],
  ['VmDeleteAudit', 'Delete', 'vm', 'delete'],
  ['VmSnapshotCreateAudit', 'Create', 'vm', 'capture'],
  ['VmNicCreateAudit', 'Create', 'vm_nic', 'create'],
  ['HostEnterMaintenanceModeAudit', 'EnterMaintenanceMode', 'host', 'disable'],
])('%s %s of a %s is %s', (alertUid, operationType, entityType, action) => {
  const text = JSON.stringify({
    affectedEntityList: [{ entityType, name: 'x1', uuid: '0b1f5a6e-7d2c-4f3e-9a41-2c1d5e6f7a80' }],
    alertUid,
    operationType,
    creationTimestampUsecs: '1700000000000000',
    recordType: 'Audit',
    userName: 'ada',
  });
  expect(outcomesOf(text)).toMatchObject([{ kind: 'event', event: { action } }]);
});
