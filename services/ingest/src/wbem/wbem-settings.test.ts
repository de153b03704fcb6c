import { loadConfig } from '@cadf-pipeline/service-kit';
import { expect, test } from 'vitest';
import { checkWbemSettings, wbemSettings } from './wbem-settings.ts';

const faults = (env: Readonly<Record<string, string>>): readonly string[] =>
  checkWbemSettings(loadConfig(wbemSettings, env));
const TLS = { CADF_WBEM_TLS_CERT: '/c', CADF_WBEM_TLS_KEY: '/k' };

test.each([
  [{}],
  [{ CADF_WBEM_PORT: '5990' }],
  [{ CADF_WBEM_PORT: '[::1]:5990', CADF_WBEM_AUTH: 'none' }],
  [{ CADF_WBEM_PORT: '0.0.0.0:5990', ...TLS }],
  [{ CADF_WBEM_PORT: '0.0.0.0:5990', CADF_WBEM_AUTH: 'none', CADF_WBEM_ALLOW_INSECURE: 'true' }],
  [{ CADF_WBEM_PORT: '5990', ...TLS, CADF_WBEM_TLS_CLIENT_CA: '/a', CADF_WBEM_AUTH: 'certificate' }],
])('%o can be used', (env) => {
  expect(faults(env)).toEqual([]);
});

test.each([
  [{ CADF_WBEM_PORT: 'x y' }, 'expected a port or host:port'],
  [{ CADF_WBEM_PORT: '0.0.0.0:5990' }, 'without TLS'],
  [{ CADF_WBEM_PORT: '0.0.0.0:5990', ...TLS, CADF_WBEM_AUTH: 'none' }, 'lets everyone'],
  [{ CADF_WBEM_TLS_CERT: '/c' }, 'go together'],
  [{ CADF_WBEM_TLS_CLIENT_CA: '/c' }, 'CADF_WBEM_TLS_CLIENT_CA needs'],
  [{ CADF_WBEM_AUTH: 'none,basic' }, 'beside other ways'],
  [{ CADF_WBEM_AUTH: 'certificate' }, 'CADF_WBEM_AUTH=certificate needs'],
])('%o is refused: %s', (env, words) => {
  expect(faults(env)).toEqual([expect.stringContaining(words)]);
});
