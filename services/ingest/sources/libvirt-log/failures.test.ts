import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readFailure } from './failures.ts';

test.each([
  ['authentication failed: authentication failed', 'authentication-failed', 'authenticate'],
  ['operation forbidden: read only access prevents virDomainDestroy', 'access-denied', 'deny'],
  ['Failed to send audit message virt=kvm resrc=vcpu: Permission denied', 'audit-record-lost', 'send'],
  ["internal error: Failed to autostart network 'a b': x", 'autostart-failed', 'start'],
  ['internal error: guest failed to start: x', 'start-failed', 'start'],
  ["operation failed: filter 'f' already exists with uuid u", 'create-failed', 'create'],
  ['Requested operation is not valid: domain is already running', 'start-refused', 'start'],
  ['operation aborted: migration job: canceled by client', 'job-failed', 'update/migrate'],
  ["internal error: unable to execute QEMU command 'device_del': x", 'qemu-command-failed', 'update/detach'],
  [
    "internal error: unable to execute QEMU agent command 'guest-shutdown': x",
    'qemu-command-failed',
    'stop/shutdown',
  ],
  ['operation failed: something', 'operation-failed', 'unknown'],
])('"%s" is %s', (text, rule, action) => {
  expect(readFailure(text)).toMatchObject({ rule, action });
});

test.each([
  'End of file while reading data: Input/output error',
  "internal error: unable to execute QEMU command 'query-block': x",
  "internal error: unable to execute QEMU command 'constructor': x",
  'Domain not found: no domain with matching name',
  'Requested operation is not valid: domain is not running',
])('"%s" tells of no operation', (text) => {
  expect(readFailure(text)).toBeUndefined();
});

test('what is named is told by kind and name', () => {
  expect(readFailure("operation failed: storage pool 'p q' already exists with uuid u")?.about).toEqual({
    kind: 'pool',
    name: 'p q',
  });
  expect(readFailure('Requested operation is not valid: network is already active')?.about).toEqual({
    kind: 'network',
  });
});

test('any text is read', () => {
  const parts = fc.constantFrom(
    'operation failed',
    ': ',
    "domain '",
    "'",
    ' already exists',
    ' is already running',
  );
  const texts = fc.array(fc.oneof(parts, fc.string())).map((list) => list.join(''));
  fc.assert(
    fc.property(texts, (text) => {
      const failure = readFailure(text);
      expect(failure === undefined || failure.action !== '').toBe(true);
    }),
  );
});
