import fc from 'fast-check';
import ipaddr from 'ipaddr.js';
import { describe, expect, test } from 'vitest';
import { AddressRefused, checkHost, refusalOfAddress, refusalOfHost } from './address-rules.ts';

const strict = { allowPrivate: false };
const open = { allowPrivate: true };

const METADATA = [
  '169.254.169.254',
  '169.254.170.2',
  '169.254.170.23',
  '169.254.169.253',
  '100.100.100.200',
  '168.63.129.16',
  '192.0.0.192',
  '169.254.0.23',
  '169.254.42.42',
  'fd00:ec2::254',
  'fd00:ec2::23',
  'fd20:ce::254',
  'fd00:c1::a9fe:a9fe',
  'fe80::a9fe:a9fe',
  'fe80::a9fe:a9fe%eth0',
  'fd00:42::42',
];

/** 169.254.169.254 and others as they may be dressed up. */
const DRESSED = [
  '::ffff:169.254.169.254',
  '::ffff:a9fe:a9fe',
  '0:0:0:0:0:ffff:a9fe:a9fe',
  '::169.254.169.254',
  '::ffff:0:169.254.169.254',
  '64:ff9b::169.254.169.254',
  '64:ff9b::a9fe:a9fe',
  '64:ff9b:1::a9fe:a9fe',
  '64:ff9b:1:a9fe:a9:fe00::',
  '2002:a9fe:a9fe::1',
  '2001:0:a9fe:a9fe::1',
  '2001:0:4136:e378:8000:63bf:5601:5601',
  '2001:db8:1:2:0:5efe:169.254.169.254',
  '::ffff:100.100.100.200',
  '64:ff9b::168.63.129.16',
  '2a00:1450:a9fe:a9fe::',
];

const PRIVATE = [
  '0.0.0.0',
  '0.1.2.3',
  '10.0.0.1',
  '10.255.255.255',
  '100.64.0.1',
  '100.127.255.255',
  '127.0.0.1',
  '127.255.255.254',
  '169.254.1.1',
  '172.16.0.1',
  '172.31.255.255',
  '192.0.0.1',
  '192.0.0.9',
  '192.0.2.1',
  '192.31.196.1',
  '192.52.193.1',
  '192.88.99.1',
  '192.168.1.1',
  '192.175.48.1',
  '198.18.0.1',
  '198.19.255.255',
  '198.51.100.1',
  '203.0.113.1',
  '224.0.0.1',
  '239.255.255.255',
  '240.0.0.1',
  '255.255.255.255',
  '::',
  '::1',
  '::1%lo',
  '::7f00:1',
  '::ffff:127.0.0.1',
  '::ffff:7f00:1',
  '::ffff:10.0.0.1',
  '::ffff:0:127.0.0.1',
  '::ffff:0:8.8.8.8',
  '64:ff9b::10.0.0.1',
  '64:ff9b::127.0.0.1',
  '64:ff9b:1::1',
  '100::1',
  '100:0:0:1::1',
  '2001::1',
  '2001:2::1',
  '2001:10::1',
  '2001:20::1',
  '2001:db8::1',
  '2002:7f00:1::',
  '2002:808:808::1',
  '2620:4f:8000::1',
  '3fff::1',
  '4000::1',
  '5f00::1',
  'fc00::1',
  'fd12:3456:789a::1',
  'fe80::1',
  'fe80::1%eth0',
  'febf::1',
  'fec0::1',
  'ff02::1',
];

const PUBLIC = [
  '8.8.8.8',
  '1.1.1.1',
  '9.255.255.255',
  '11.0.0.0',
  '100.63.255.255',
  '100.128.0.0',
  '126.255.255.255',
  '128.0.0.0',
  '169.253.255.255',
  '172.15.255.255',
  '172.32.0.0',
  '192.167.255.255',
  '198.17.255.255',
  '198.20.0.0',
  '223.255.255.255',
  '168.63.129.17',
  '2001:4860:4860::8888',
  '2606:4700:4700::1111',
  '2a00:1450:4001:82a::200e',
  '::ffff:8.8.8.8',
  '64:ff9b::8.8.8.8',
];

describe('addresses', () => {
  test.each(METADATA)('%s, a metadata service, is never reached', (address) => {
    expect(refusalOfAddress(address, strict)).toContain('cloud metadata');
    expect(refusalOfAddress(address, open)).toContain('cloud metadata');
  });

  test.each(DRESSED)('%s, a metadata service in another form, is never reached', (address) => {
    expect(refusalOfAddress(address, strict)).toContain('cloud metadata');
    expect(refusalOfAddress(address, open)).toContain('cloud metadata');
  });

  test.each(PRIVATE)('%s, not of the public internet, is reached only where allowed', (address) => {
    expect(refusalOfAddress(address, strict)).toContain('not one of the public internet');
    expect(refusalOfAddress(address, open)).toBeUndefined();
  });

  test.each(PUBLIC)('%s, of the public internet, is reached', (address) => {
    expect(refusalOfAddress(address, strict)).toBeUndefined();
    expect(refusalOfAddress(address, open)).toBeUndefined();
  });

  test.each(['', 'example.org', '1.2.3.4.5', '::g', '1.2.3.4/8', ' 8.8.8.8'])(
    '"%s", no address, is refused',
    (text) => {
      expect(refusalOfAddress(text, strict)).toBeTypeOf('string');
    },
  );

  test('whatever the library takes for special is refused', () => {
    const octets = fc.tuple(...Array.from({ length: 4 }, () => fc.integer({ min: 0, max: 255 })));
    const groups = fc.tuple(
      fc.constantFrom(0, 0x64, 0x100, 0x2001, 0x2002, 0x2620, 0x3fff, 0x5f00, 0xfc00, 0xfe80, 0xff02),
      ...Array.from({ length: 7 }, () => fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 0xff_ff }))),
    );
    const addresses = fc.oneof(
      octets.map((parts) => parts.join('.')),
      groups.map((parts) => parts.map((part) => part.toString(16)).join(':')),
    );
    fc.assert(
      fc.property(addresses, (text) => {
        const kind = ipaddr.process(text).range();
        // Translated forms of public IPv4 are what a network with IPv6 only sends to.
        if (kind !== 'unicast' && kind !== 'rfc6052')
          expect(refusalOfAddress(text, strict)).toBeTypeOf('string');
      }),
      { numRuns: 2000 },
    );
  });
});

describe('hosts as they are entered', () => {
  test.each([
    'localhost',
    'LOCALHOST.',
    'receiver.localhost',
    '127.1',
    '127.0.1',
    '0',
    '0x7f000001',
    '0x7f.0.0.1',
    '0x7f.1',
    '0177.0.0.1',
    '017700000001',
    '2130706433',
    '[::1]',
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
    '127.0.0.1.',
    '3232235777',
    '[fe80::1%25eth0]',
  ])('%s is refused', (host) => {
    expect(refusalOfHost(host, strict)).toBeTypeOf('string');
    expect(() => checkHost(host, strict)).toThrow(AddressRefused);
  });

  test.each([
    '169.254.169.254',
    '2852039166',
    '0xa9fea9fe',
    '0251.0376.0251.0376',
    '169.254.43518',
    '[::ffff:a9fe:a9fe]',
    '169.254.169.254.',
    'metadata.google.internal',
    'METADATA.google.internal.',
    'metadata',
    'instance-data',
  ])('%s, a metadata service, is refused also where private addresses are allowed', (host) => {
    expect(refusalOfHost(host, open)).toContain('cloud metadata');
  });

  test.each(['', 'a:b', '[::g]', '1.2.3.4.5', '256.0.0.1', '1.2.3.0x', '09.1.1.1', 'a'.repeat(254)])(
    '"%s", neither a name nor an address, is refused also where private addresses are allowed',
    (host) => {
      expect(refusalOfHost(host, open)).toBeTypeOf('string');
    },
  );

  test.each(['hooks.example.org', '8.8.8.8', '[2606:4700:4700::1111]', 'a.b.c1', 'xn--bcher-kva.example'])(
    '%s is let through',
    (host) => {
      expect(refusalOfHost(host, strict)).toBeUndefined();
    },
  );

  test('no spelling of a number hides an address: each is read as the URL standard reads it', () => {
    const address = fc.constantFrom(
      [127, 0, 0, 1],
      [10, 0, 0, 7],
      [169, 254, 169, 254],
      [100, 100, 100, 200],
      [192, 168, 0, 255],
    );
    const write = fc.constantFrom(
      (part: number) => String(part),
      (part: number) => `0${part.toString(8)}`,
      (part: number) => `0x${part.toString(16)}`,
      (part: number) => `0X00${part.toString(16).toUpperCase()}`,
    );
    const spelling = fc
      .tuple(address, fc.integer({ min: 1, max: 4 }), fc.array(write, { minLength: 4, maxLength: 4 }))
      .map(([bytes, parts, writers]) => {
        const last = bytes.slice(parts - 1).reduce<number>((sum, byte) => sum * 256 + byte, 0);
        return [...bytes.slice(0, parts - 1), last]
          .map((part, index) => writers[index]?.(part) ?? '')
          .join('.');
      });
    fc.assert(
      fc.property(spelling, fc.constantFrom('', '.'), (host, dot) => {
        expect(ipaddr.isValid(new URL(`http://${host}${dot}/`).hostname)).toBe(true);
        expect(refusalOfHost(host + dot, strict)).toBeTypeOf('string');
      }),
      { numRuns: 500 },
    );
  });
});
