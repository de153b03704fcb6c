import fc from 'fast-check';
import { expect, test } from 'vitest';
import { meaningOf } from './event-meaning.ts';
import { nameOfWords } from './message-words.ts';

test.each([
  ['Failed to remove Disk d1 from VM web1 (User: a@b).', 'delete failure'],
  ['Failed to create VM web1 (User: a@b).', 'create failure'],
  ["Snapshot 's 1' deletion for VM 'web1' was initiated by a@b.", 'delete/snapshot pending'],
  ["Snapshot 's 1' deletion for VM 'web1' has been completed.", 'delete/snapshot success'],
  ['Creation of Template t1 from VM web1 has been completed.', 'create success'],
  ['The disk d1 was successfully added to VM web1.', 'update/attach success'],
  ['VM web1 was added to VM Pool p1 by a@b.', 'update/attach success'],
  ['User a@b was attached to VM Pool p1 by c@d.', 'update/attach success'],
  ['Quota q1 has been deleted by a@b.', 'delete success'],
  ['Started to extend disk d1 by a@b', 'update pending'],
  ['Storage Domain s1 is down.', 'monitor success'],
])('"%s" is %s', (message, expected) => {
  const name = nameOfWords(message) ?? '';
  const { action, outcome } = meaningOf(name, message);
  expect(`${action} ${outcome}`).toBe(expected);
});

test.each([
  'Failed to cancel migration for VM: web1',
  'Failed to delete checkpoint c1 for VM web1 (User: a@b).',
  'Successfully did something.',
  'Remove VM NUMA node successfully.',
])('"%s" is left to be unmapped', (message) => {
  expect(nameOfWords(message)).toBeUndefined();
});

test('any text has a name or none', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      expect(nameOfWords(text) ?? 'A').toMatch(/^[A-Z_]+$/);
    }),
  );
});
