import fc from 'fast-check';
import { expect, test } from 'vitest';
import { codeNumber, machineOfSid, toGuid } from './windows-event.ts';

test('the SID of a machine tells its GUID', () => {
  expect(machineOfSid('S-1-5-83-1-2712847316-1109528849-1145320323-1717982549')).toBe(
    'A1B2C3D4-1111-4222-8333-444455556666',
  );
  for (const sid of [undefined, 'S-1-5-18', 'S-1-5-83-1-1-2-3', 'S-1-5-83-1-9999999999-1-1-1'])
    expect(machineOfSid(sid)).toBeUndefined();
});

test('every GUID is found again in the SID made of it', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), (bytes) => {
      const words = [0, 4, 8, 12].map((at) => Buffer.from(bytes).readUInt32LE(at));
      const guid = machineOfSid(`S-1-5-83-1-${words.join('-')}`);
      // The first three groups of a GUID are little-endian numbers.
      const hex = Buffer.from([3, 2, 1, 0, 5, 4, 7, 6].map((at) => bytes[at] ?? 0)).toString('hex');
      expect(guid?.replaceAll('-', '').slice(0, 16)).toBe(hex.toUpperCase());
      expect(guid?.replaceAll('-', '').slice(16)).toBe(
        Buffer.from(bytes.subarray(8)).toString('hex').toUpperCase(),
      );
    }),
    { numRuns: 50 },
  );
});

test('GUIDs are read with and without braces; the empty one is none', () => {
  expect(toGuid('{a1b2c3d4-1111-4222-8333-444455556666}')).toBe('A1B2C3D4-1111-4222-8333-444455556666');
  expect(toGuid('00000000-0000-0000-0000-000000000000')).toBeUndefined();
  expect(toGuid('web')).toBeUndefined();
});

test.each([
  ['0x80070005', 0x8007_0005],
  ['%%2147942405', 2_147_942_405],
  ['-2147024891', -2_147_024_891],
  ['0', 0],
  ['Success', undefined],
  [undefined, undefined],
])('error code %s is %s', (text, expected) => {
  expect(codeNumber(text)).toBe(expected);
});
