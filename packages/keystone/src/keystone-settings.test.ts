import { ConfigError, loadConfig } from '@cadf-pipeline/service-kit';
import { expect, test } from 'vitest';
import { checkKeystoneSettings, keystoneSettings, readKeystoneUrl } from './keystone-settings.ts';
import { openKeystone } from './open-keystone.ts';

function faultsOf(env: Readonly<Record<string, string>>): readonly string[] {
  try {
    loadConfig(keystoneSettings, env, { check: checkKeystoneSettings });
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
}

test('an address is completed, and taken only where tokens are safe on the way', () => {
  for (const [text, url] of [
    ['https://keystone.example', 'https://keystone.example/v3'],
    ['https://keystone.example/v3/', 'https://keystone.example/v3'],
    ['https://keystone.example:5000/identity', 'https://keystone.example:5000/identity/v3'],
    ['http://127.0.0.1:5000', 'http://127.0.0.1:5000/v3'],
    ['http://[::1]:5000/v3', 'http://[::1]:5000/v3'],
    ['http://localhost/v3', 'http://localhost/v3'],
    ['http://keystone.example/v3', undefined],
    ['http://127.0.0.1.example/v3', undefined],
    ['https://user:password@keystone.example/v3', undefined],
    ['https://keystone.example/v3?x=1', undefined],
    ['https://keystone.example/v3#x', undefined],
    ['file:///etc/passwd', undefined],
    ['keystone.example', undefined],
  ] as const)
    expect([text, readKeystoneUrl(text)?.href]).toEqual([text, url]);
});

test('settings that do not agree are told, all at once', () => {
  const url = 'https://keystone.example/v3';
  expect(faultsOf({})).toEqual([]);
  expect(faultsOf({ CADF_KEYSTONE_URL: url })).toEqual([]);
  expect(faultsOf({ CADF_KEYSTONE_URL: 'http://keystone.example' })).toHaveLength(1);
  expect(faultsOf({ CADF_KEYSTONE_URL: url, CADF_KEYSTONE_USERNAME: 'u' })).toHaveLength(1);
  expect(faultsOf({ CADF_KEYSTONE_USERNAME: 'u', CADF_KEYSTONE_PASSWORD: 'p' })).toEqual([
    'CADF_KEYSTONE_USERNAME needs CADF_KEYSTONE_URL',
  ]);
  for (const project of ['p', 'd/', '/p', 'd/p/x'])
    expect(faultsOf({ CADF_KEYSTONE_URL: url, CADF_KEYSTONE_CLUSTER_PROJECT: project })).toHaveLength(1);
});

test('without an address there is no Keystone', () => {
  expect(openKeystone(loadConfig(keystoneSettings, {}))).toBeUndefined();
  const env = { CADF_KEYSTONE_URL: 'https://keystone.example', CADF_KEYSTONE_CLUSTER_PROJECT: 'd/p' };
  const verifier = openKeystone(loadConfig(keystoneSettings, env));
  expect(verifier).toHaveProperty('verify');
  verifier?.close();
  const authority = { ...env, CADF_KEYSTONE_CA: '/no/such/file.pem' };
  expect(() => openKeystone(loadConfig(keystoneSettings, authority))).toThrow('/no/such/file.pem');
});
