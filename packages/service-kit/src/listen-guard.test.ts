import { expect, test } from 'vitest';

import { isLoopback, listenSettings, resolveListen } from './listen-guard.ts';
import { loadConfig } from './load-config.ts';

const files: Readonly<Record<string, string>> = {
  '/cert': '-----BEGIN CERTIFICATE-----\n',
  '/key': '-----BEGIN PRIVATE KEY-----\n',
  '/text': 'hello',
};
const readFile = (path: string): string => {
  const text = files[path];
  if (text === undefined) throw new Error(`no file ${path}`);
  return text;
};
const resolve = (env: Record<string, string>) => resolveListen(loadConfig(listenSettings, env), readFile);

test('loopback is 127.0.0.0/8, ::1 and localhost, and nothing that others can reach', () => {
  for (const host of ['127.0.0.1', '127.9.9.9', '::1', 'localhost', 'LOCALHOST', '::ffff:127.0.0.1']) {
    expect([host, isLoopback(host)]).toEqual([host, true]);
  }
  for (const host of [
    '0.0.0.0',
    '::',
    '10.0.0.1',
    '128.0.0.1',
    'example.com',
    '127.0.0.1.example.com',
    '',
    '::ffff:10.0.0.1',
  ]) {
    expect([host, isLoopback(host)]).toEqual([host, false]);
  }
});

test('loopback needs nothing', () => {
  expect(resolve({})).toEqual({ host: '127.0.0.1', port: 8080 });
});

test('beyond loopback it is refused without TLS, saying what to set', () => {
  expect(() => resolve({ CADF_HTTP_HOST: '0.0.0.0' })).toThrow(
    /CADF_HTTP_HOST is 0\.0\.0\.0.*CADF_TLS_CERT.*CADF_TLS_KEY.*CADF_ALLOW_INSECURE_LISTEN=true/s,
  );
  expect(resolve({ CADF_HTTP_HOST: '0.0.0.0', CADF_ALLOW_INSECURE_LISTEN: 'true' }).host).toBe('0.0.0.0');
  expect(resolve({ CADF_HTTP_HOST: '::', CADF_TLS_CERT: '/cert', CADF_TLS_KEY: '/key' }).tls).toEqual({
    cert: files['/cert'],
    key: files['/key'],
  });
});

test('half a TLS setting, a missing file and a file of another kind are refused, all at once', () => {
  expect(() => resolve({ CADF_TLS_CERT: '/cert' })).toThrow('CADF_TLS_KEY must be set too');
  expect(() => resolve({ CADF_TLS_CERT: '/text', CADF_TLS_KEY: '/gone' })).toThrow(
    /\/text, which holds no PEM "CERTIFICATE"[\s\S]*CADF_TLS_KEY cannot be read: no file \/gone/,
  );
});
