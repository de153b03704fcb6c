import { expect, test } from 'vitest';
import { accessFor, originOf, readCimiCredentials } from './provider-access.ts';
import type { CimiCredentials } from './provider-access.ts';

const basic = { username: 'auditor', password: 'hunter2-secret' };
const pem = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----';

function read(value: unknown): CimiCredentials {
  const found = readCimiCredentials(JSON.stringify(value));
  if ('fault' in found) throw new Error(found.fault);
  return found.credentials;
}

test('a provider is asked as the deployment says', () => {
  const credentials = read({
    a: { origin: 'https://A.example:443/', basic, ca: pem },
    b: { origin: 'https://b.example', bearer: 'token-secret' },
    c: { origin: 'https://c.example', certificate: { cert: pem, key: pem } },
    d: { origin: 'http://127.0.0.1:8080', basic },
  });
  expect(accessFor({ url: 'https://a.example/cimi', credentials: 'a' }, [], credentials)).toMatchObject({
    origin: 'https://a.example',
    authorities: pem,
    auth: { kind: 'basic', user: 'auditor' },
  });
  expect(accessFor({ url: 'https://b.example', credentials: 'b' }, [], credentials)).toMatchObject({
    auth: { kind: 'bearer' },
  });
  expect(accessFor({ url: 'https://c.example/', credentials: 'c' }, [], credentials)).toMatchObject({
    auth: { kind: 'certificate', certificate: pem },
  });
  expect(accessFor({ url: 'https://b.example/cimi' }, [], credentials)).toEqual({
    origin: 'https://b.example',
    auth: { kind: 'none' },
  });
  expect(accessFor({ url: 'https://e.example/cimi' }, ['https://e.example'], credentials)).toEqual({
    origin: 'https://e.example',
    auth: { kind: 'none' },
  });
  expect(JSON.stringify([...credentials.values()])).not.toContain('secret');
});

test('nothing else is asked, and credentials go to their origin only', () => {
  const credentials = read({ a: { origin: 'https://a.example', basic } });
  const fault = (url: string, name?: string): string => {
    const found = accessFor({ url, ...(name === undefined ? {} : { credentials: name }) }, [], credentials);
    return 'fault' in found ? found.fault : '';
  };
  expect(fault('http://169.254.169.254/latest')).toContain('http://169.254.169.254 is none of the origins');
  expect(fault('http://a.example/cimi', 'a')).toContain('is none of');
  expect(fault('https://a.example:8443/cimi', 'a')).toContain('is none of');
  expect(fault('https://a.example/cimi', 'b')).toBe('CADF_CIMI_CREDENTIALS has no b');
  expect(fault('https://[::1', 'a')).toBe('https://[::1 is no URL');
  expect(fault('https://a.example:99999/', 'a')).toContain('is no URL');
  const other = accessFor({ url: 'https://b.example', credentials: 'a' }, ['https://b.example'], credentials);
  expect(other).toEqual({ fault: 'the credentials a are not for https://b.example' });
});

test.each([
  [{ a: { origin: 'http://a.example', basic } }, 'in the clear'],
  [{ a: { origin: 'http://localhost.a.example', bearer: 'hunter2-secret' } }, 'in the clear'],
  [{ a: { origin: 'http://127.0.0.1.a.example', bearer: 'hunter2-secret' } }, 'in the clear'],
  [{ a: { origin: 'http://127.0.0.1', certificate: { cert: pem, key: pem } } }, 'without TLS'],
  [{ a: { origin: 'https://a.example', basic, bearer: 'hunter2-secret' } }, 'more than one'],
  [{ a: { origin: 'https://a.example/cimi', basic } }, '/a/origin'],
  [{ a: { origin: 'https://u:hunter2-secret@a.example' } }, '/a/origin'],
  [{ a: { origin: 'https://a.example', bearer: 'hunter2-secret\r\nx: y' } }, '/a/bearer'],
  [{ a: { origin: 'https://a.example', basic: { ...basic, realm: 'r' } } }, '/a/basic'],
  [{ a: { origin: 'https://a.example', ca: 'hunter2-secret' } }, '/a/ca'],
  ['hunter2-secret', 'is not as described'],
])('a setting that cannot be is told without its text (%#)', (value, words) => {
  const found = readCimiCredentials(JSON.stringify(value));
  expect(found).toMatchObject({ fault: expect.stringContaining(words) });
  expect(JSON.stringify(found)).not.toContain('hunter2');
});

test('a setting that is no JSON is told so', () => {
  expect(readCimiCredentials('{"hunter2')).toEqual({ fault: 'is no JSON' });
  expect(readCimiCredentials(undefined)).toEqual({ credentials: new Map() });
});

test('an origin is an origin and nothing more', () => {
  expect(originOf('HTTPS://A.example:443')).toBe('https://a.example');
  expect(originOf('http://[::1]:8080/')).toBe('http://[::1]:8080');
  for (const text of ['a.example', 'https://a.example/x', 'ftp://a.example', 'https://u@a.example'])
    expect(originOf(text)).toBe(undefined);
});
