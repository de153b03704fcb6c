import fc from 'fast-check';
import { expect, test } from 'vitest';
import { first, last, readFields } from './payload.ts';

const field = (text: string, key: string): string | undefined => {
  const fields = readFields(text);
  return fields === undefined ? undefined : last(fields, key);
};

test('a bare name in upper-case hex is decoded, a quoted one and a counter are not', () => {
  expect(field('vm=7465737420766D20C3A9 uuid=u', 'vm')).toBe('test vm é');
  expect(field('vm="CAFE" uuid=u', 'vm')).toBe('CAFE');
  expect(field('vm="1234"', 'vm')).toBe('1234');
  expect(field('old-mem=0 new-mem=131072', 'new-mem')).toBe('131072');
  expect(field('old-vcpu=10 new-vcpu=12', 'old-vcpu')).toBe('10');
  expect(field('new-disk=2F612062', 'new-disk')).toBe('/a b');
  expect(field('uuid=ABCD', 'uuid')).toBe('ABCD');
  expect(field('vm=ABC', 'vm')).toBe('ABC');
});

test('a question mark, bare or quoted, is no value', () => {
  expect(field('old-disk="?" addr=? vm="a"', 'old-disk')).toBeUndefined();
  expect(field('old-disk="?" addr=? vm="a"', 'addr')).toBeUndefined();
});

test('blanks and equal signs inside quotes belong to the value', () => {
  expect(field('path="/a=b c" res=success', 'path')).toBe('/a=b c');
  expect(field('path="/a=b c" res=success', 'res')).toBe('success');
});

test('the punctuation of older audit libraries belongs to no value', () => {
  const text =
    'virt=kvm vm="a" uuid=ab-12: exe="/usr/sbin/libvirtd" (hostname=?, addr=?, terminal=? res=success)';
  expect(field(text, 'uuid')).toBe('ab-12');
  expect(field(text, 'res')).toBe('success');
  expect(field(text, 'addr')).toBeUndefined();
  expect(field('vm=centos:7 res=failed', 'vm')).toBe('centos:7');
});

test('the first and the last value of a repeated key can both be read', () => {
  const fields = readFields('exe="/bin/sh" hostname=c1 exe="/usr/bin/dockerd" hostname=?')!;
  expect(first(fields, 'exe')).toBe('/bin/sh');
  expect(last(fields, 'exe')).toBe('/usr/bin/dockerd');
  expect(first(fields, 'hostname')).toBe('c1');
  expect(last(fields, 'hostname')).toBeUndefined();
});

test('a quote that is not closed and too many fields are told', () => {
  expect(readFields('vm="db01 uuid=x')).toBeUndefined();
  expect(readFields('a=1 '.repeat(257))).toBeUndefined();
  expect(readFields('a=1 '.repeat(256))).toBeDefined();
});

test('any name survives the way the audit library writes it', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (name) => {
      fc.pre(name !== '?' && name !== '(null)');
      const clean = /^[\u0021\u0023-\u007E]*$/.test(name);
      const written = clean ? `"${name}"` : Buffer.from(name).toString('hex').toUpperCase();
      expect(field(`virt=kvm vm=${written} uuid=u`, 'vm')).toBe(name);
    }),
  );
});
