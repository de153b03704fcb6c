import type { Versioned } from '@cadf-pipeline/control-state';
import { expect, test } from 'vitest';
import { createSenderSources, normalizeAddress } from './sender-sources.ts';
import type { SenderSources } from './sender-sources.ts';

function sources(listen: Readonly<Record<string, readonly string[]>>, fallback?: string) {
  const warnings: object[] = [];
  let changed: () => void = () => undefined;
  let registered = listen;
  const made: SenderSources = createSenderSources({
    state: {
      list: () =>
        Object.entries(registered).map(([id, syslog]) => ({
          entity: { id, type: 'libvirt-audit', name: id, listen: { syslog: [...syslog] } },
          version: 1,
          changedMs: 0,
          changedBy: 'test',
          // The only kind asked for.
        })) as unknown as Versioned<never>[],
      onChange(listener) {
        changed = () => listener('source', 'any', undefined);
        return () => undefined;
      },
    },
    ...(fallback === undefined ? {} : { fallback }),
    logger: { warn: (fields) => warnings.push(fields) },
  });
  return {
    of: (address: string) => made.sourceOf(address),
    warnings,
    register: (next: Readonly<Record<string, readonly string[]>>) => {
      registered = next;
      changed();
    },
  };
}

test('the longest prefix decides, for addresses of both families', () => {
  const { of } = sources({
    wide: ['10.0.0.0/8', '2001:db8::/32'],
    narrow: ['10.1.0.0/16', '2001:db8:1::/48'],
    one: ['10.1.2.3'],
  });
  expect(['10.9.9.9', '10.1.9.9', '10.1.2.3', '2001:db8:2::1', '2001:db8:1::1'].map(of)).toEqual([
    'wide',
    'narrow',
    'one',
    'wide',
    'narrow',
  ]);
  expect(['192.0.2.1', '::1', 'not an address'].map(of)).toEqual([undefined, undefined, undefined]);
});

test('an IPv4 address written as IPv6 is the same sender, in a record and in a registration', () => {
  const { of } = sources({ four: ['192.0.2.0/24'], mapped: ['::ffff:198.51.100.0/120'] });
  expect(['::ffff:192.0.2.7', '198.51.100.9', '::ffff:c633:6409'].map(of)).toEqual([
    'four',
    'mapped',
    'mapped',
  ]);
  expect(normalizeAddress('::ffff:192.0.2.7')).toBe('192.0.2.7');
  expect(normalizeAddress('fe80::1%eth0')).toBe('fe80::1');
});

test('who is listed by none is of the source for the others', () => {
  expect(sources({}, 'rest').of('192.0.2.1')).toBe('rest');
});

test('a change of the registrations counts at once', () => {
  const { of, register } = sources({ a: ['192.0.2.1'] });
  expect(of('192.0.2.1')).toBe('a');
  register({ b: ['192.0.2.1'] });
  expect(of('192.0.2.1')).toBe('b');
});

test('of two sources with the same subnet the first by id has it, and what is none is told', () => {
  const { of, warnings } = sources({
    b: ['192.0.2.0/24'],
    a: ['192.0.2.0/24', '300.1.1.1', '10.1', '::1/129'],
  });
  expect(of('192.0.2.1')).toBe('a');
  expect(warnings.map((fields) => 'subnet' in fields && fields.subnet)).toEqual([
    '300.1.1.1',
    '10.1',
    '::1/129',
  ]);
});
