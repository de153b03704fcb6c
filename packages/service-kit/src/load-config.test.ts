import { inspect } from 'node:util';

import { expect, test } from 'vitest';

import { ConfigError, describeConfig, loadConfig, unknownSettings } from './load-config.ts';
import { Secret } from './secret.ts';
import { defineConfig } from './settings.ts';
import { renderSettingsTable } from './settings-table.ts';

const settings = defineConfig({
  CADF_PORT: { type: 'integer', default: 8080, min: 0, max: 65_535, description: 'The port.' },
  CADF_MODE: { type: 'string', default: 'fast', allowed: ['fast', 'safe'], description: 'How | to do it.' },
  CADF_URL: { type: 'string', description: 'Where.', relation: 'Only with CADF_KEY.' },
  CADF_ON: { type: 'boolean', default: false, description: 'Whether.' },
  CADF_BODY: { type: 'bytes', default: 16 * 1024 * 1024, min: 1024, description: 'Size.' },
  CADF_WAIT: { type: 'duration', default: 1500, max: 60_000, description: 'Time.' },
  CADF_BROKERS: { type: 'list', default: [], description: 'Hosts.', unit: 'host:port' },
  CADF_KEY: { type: 'secret', required: true, description: 'The key.' },
});

function faultsOf(env: Record<string, string>): readonly string[] {
  try {
    loadConfig(settings, { CADF_KEY: 'k', ...env });
    return [];
  } catch (error) {
    return error instanceof ConfigError ? error.faults : [String(error)];
  }
}

test('unset and empty settings read as their defaults, in a frozen object', () => {
  const config = loadConfig(settings, { CADF_KEY: 'k', CADF_PORT: '', OTHER: 'x' });
  expect(config).toEqual({
    CADF_PORT: 8080,
    CADF_MODE: 'fast',
    CADF_URL: undefined,
    CADF_ON: false,
    CADF_BODY: 16_777_216,
    CADF_WAIT: 1500,
    CADF_BROKERS: [],
    CADF_KEY: expect.any(Secret),
  });
  expect(Object.isFrozen(config)).toBe(true);
  const mode: 'fast' | 'safe' = config.CADF_MODE;
  expect(mode).toBe('fast');
});

test('each type reads its forms', () => {
  const read = (env: Record<string, string>) => loadConfig(settings, { CADF_KEY: 'k', ...env });
  expect(['true', 'YES', '1', 'on'].map((text) => read({ CADF_ON: text }).CADF_ON)).toEqual([
    true,
    true,
    true,
    true,
  ]);
  expect(['false', 'no', '0', 'off'].map((text) => read({ CADF_ON: text }).CADF_ON)).toEqual([
    false,
    false,
    false,
    false,
  ]);
  expect(['2048', '2KiB', '2kB', '1 MiB'].map((text) => read({ CADF_BODY: text }).CADF_BODY)).toEqual([
    2048, 2048, 2000, 1_048_576,
  ]);
  expect(['5ms', '5s', '1m'].map((text) => read({ CADF_WAIT: text }).CADF_WAIT)).toEqual([5, 5000, 60_000]);
  expect(read({ CADF_BROKERS: ' a:1, b:2,, ' }).CADF_BROKERS).toEqual(['a:1', 'b:2']);
  expect(read({}).CADF_KEY.reveal()).toBe('k');
});

test('one error lists every fault with what was expected', () => {
  const faults = faultsOf({
    CADF_KEY: '',
    CADF_PORT: '65536',
    CADF_MODE: 'slow',
    CADF_ON: 'maybe',
    CADF_BODY: '5',
    CADF_WAIT: '5',
  });
  expect(faults).toEqual([
    'CADF_PORT is 65536, the most is 65535',
    'CADF_MODE has "slow", expected one of fast, safe',
    'CADF_ON is "maybe", expected true or false',
    'CADF_BODY is 5, the least is 1024',
    'CADF_WAIT is "5", expected a time span such as 250ms, 30s, 5m, 12h or 7d',
    'CADF_KEY must be set: The key.',
  ]);
  for (const text of ['1e3', '0x10', '1.5', '--1', '9'.repeat(17)])
    expect(faultsOf({ CADF_PORT: text })).toHaveLength(1);
  for (const text of ['1KB', '1Mib', '-1', '9999999999999TiB'])
    expect(faultsOf({ CADF_BODY: text })).toHaveLength(1);
});

test('a secret may stand in a file, but not in both places', () => {
  const readFile = (path: string): string => {
    if (path === '/missing') throw new Error('ENOENT: no such file');
    return path === '/empty' ? '\n' : 'from file\n';
  };
  expect(loadConfig(settings, { CADF_KEY_FILE: '/x' }, { readFile }).CADF_KEY.reveal()).toBe('from file');
  const fault = (env: Record<string, string>): string => {
    try {
      loadConfig(settings, env, { readFile });
    } catch (error) {
      if (error instanceof ConfigError) return error.faults.join();
    }
    return '';
  };
  expect(fault({ CADF_KEY_FILE: '/x', CADF_KEY: 'k' })).toBe(
    'CADF_KEY_FILE and CADF_KEY are both set: keep one of them',
  );
  expect(fault({ CADF_KEY_FILE: '/missing' })).toBe('CADF_KEY_FILE cannot be read: ENOENT: no such file');
  expect(fault({ CADF_KEY_FILE: '/empty' })).toBe('CADF_KEY_FILE names an empty file: /empty');
});

test('relations between settings are checked when each alone is right', () => {
  const check = (config: { readonly CADF_PORT: number }): readonly string[] =>
    config.CADF_PORT === 1 ? ['CADF_PORT cannot be 1'] : [];
  expect(() => loadConfig(settings, { CADF_KEY: 'k', CADF_PORT: '1' }, { check })).toThrow(
    'CADF_PORT cannot be 1',
  );
  expect(() => loadConfig(settings, { CADF_PORT: '1' }, { check })).not.toThrow('cannot be 1');
});

test('a secret is not shown by anything that prints a configuration', () => {
  const config = loadConfig(settings, { CADF_KEY: 'hunter2', CADF_URL: 'u' });
  for (const text of [
    JSON.stringify(config),
    inspect(config),
    `${String(config.CADF_KEY)}`,
    inspect(describeConfig(config)),
  ]) {
    expect(text).not.toContain('hunter2');
  }
  expect(describeConfig(config)).toMatchObject({ CADF_KEY: '[redacted]', CADF_URL: 'u' });
});

test('misspelt names are found', () => {
  const env = { CADF_KEY_FILE: '/x', CADF_PROT: '1', CADF_PORT: '1', HOME: '/' };
  expect(unknownSettings([settings], env)).toEqual(['CADF_PROT']);
});

test('the table of settings shows type, unit, default, bounds and relation', () => {
  expect(renderSettingsTable(settings).split('\n')).toEqual([
    '| setting | type | default | meaning |',
    '| --- | --- | --- | --- |',
    '| `CADF_PORT` | integer | `8080` | The port. From 0 to 65535. |',
    '| `CADF_MODE` | string | `fast` | How \\| to do it. One of `fast`, `safe`. |',
    '| `CADF_URL` | string | unset | Where. Only with CADF_KEY. |',
    '| `CADF_ON` | boolean | `false` | Whether. |',
    '| `CADF_BODY` | bytes | `16MiB` | Size. At least 1KiB. |',
    '| `CADF_WAIT` | duration | `1500ms` | Time. At most 1m. |',
    '| `CADF_BROKERS` | list (host:port) | empty | Hosts. |',
    '| `CADF_KEY` | secret | *required* | The key. Or in a file named by the same name with `_FILE` at its end. |',
    '',
  ]);
});
