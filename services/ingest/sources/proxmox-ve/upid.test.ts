import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readUpid } from './upid.ts';

const hex = (length: number): fc.Arbitrary<string> =>
  fc.string({
    unit: fc.constantFrom(...'0 1 2 3 4 5 6 7 8 9 A B C D E F'.split(' ')),
    minLength: length,
    maxLength: length,
  });
const word = fc.stringMatching(/^[a-z][a-z0-9-]{0,12}$/);

test('what was put together is read apart, whatever stands behind it', () => {
  fc.assert(
    fc.property(
      fc.record({
        node: word,
        pid: hex(8),
        pstart: hex(9),
        start: hex(8),
        type: word,
        id: fc.stringMatching(/^[a-z0-9.@:-]{0,12}$/),
        user: fc.stringMatching(/^[a-z]{1,8}@[a-z]{1,5}(![a-z]{1,5})?$/),
      }),
      fc.constantFrom('', ' OK', ' 6956E9FD OK', '\tx'),
      (part, rest) => {
        const text = `UPID:${part.node}:${part.pid}:${part.pstart}:${part.start}:${part.type}:${part.id}:${part.user}:`;
        expect(readUpid(text + rest)).toEqual({
          text,
          node: part.node,
          startMs: Number.parseInt(part.start, 16) * 1000,
          type: part.type,
          id: part.id,
          user: part.user,
        });
      },
    ),
  );
});

test('the backup server writes one field more, and escapes colons in the id', () => {
  const text = 'UPID:pbs1:000002A1:00000C51:00000004:6943B482:backup:store1\\x3avm-101:backup@pbs:';
  expect(readUpid(text)).toMatchObject({ startMs: 0x6943b482 * 1000, type: 'backup', id: 'store1:vm-101' });
});

test.each([
  'UPID:pve1:00007E23:000C0FA9:6956E9F9:qmstart:103:root@pam',
  'UPID:pve1:7E23:000C0FA9:6956E9F9:qmstart:103:root@pam:',
  'UPID:pve1:00007E23:000C0FA9:6956E9F9:qmstart:103::',
  'UPID:pve1:00007E23:000C0FA9:6956E9F9:',
  'upid:pve1:00007E23:000C0FA9:6956E9F9:qmstart:103:root@pam:',
  '',
])('"%s" is none', (text) => {
  expect(readUpid(text)).toBeUndefined();
});

test('a text of any kind is read or not, never an exception', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => void readUpid(`UPID:${text}`)),
  );
});
