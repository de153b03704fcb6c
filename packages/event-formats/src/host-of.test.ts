import { expect, test } from 'vitest';
import { hostOf } from './host-of.ts';

test.each([
  ['10.0.0.1', { ipv4: '10.0.0.1' }],
  [' 10.0.0.1 ', { ipv4: '10.0.0.1' }],
  ['10.0.0.1:22', { ipv4: '10.0.0.1', port: '22' }],
  ['2001:db8::1', { ipv6: '2001:db8::1' }],
  ['[2001:db8::1]:22', { ipv6: '2001:db8::1', port: '22' }],
  ['host.example', { name: 'host.example' }],
  ['host.example:443', { name: 'host.example', port: '443' }],
  ['https://api.example:5000/v3', { name: 'api.example', port: '5000' }],
  ['https://[2001:db8::1]/', { ipv6: '2001:db8::1' }],
  ['http://192.0.2.1', { ipv4: '192.0.2.1' }],
  ['://', {}],
  ['not a host', {}],
  ['', {}],
  [`${'x'.repeat(300)}`, {}],
  [':', {}],
])('%j', (address, host) => {
  expect(hostOf({ host: { address } })).toEqual(host);
});

test('the host comes before the addresses, and the first of those before the others', () => {
  const addresses = [{ url: 'http://a.example' }, { url: 'http://b.example' }];
  expect(hostOf({ addresses })).toEqual({ name: 'a.example' });
  expect(hostOf({ addresses, host: { address: '192.0.2.1' } })).toEqual({ ipv4: '192.0.2.1' });
  for (const resource of [
    {},
    { addresses: 'x' },
    { addresses: [null] },
    { host: null },
    { host: { address: 7 } },
  ])
    expect(hostOf(resource)).toEqual({});
});
