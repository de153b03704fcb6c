import { loadConfig } from '@cadf-pipeline/service-kit';
import { expect, test } from 'vitest';
import { checkRecordSettings, recordSettings } from './record-settings.ts';
import { parseListenAddress } from './listen-address.ts';

test('a listener listens on loopback unless an address is named', () => {
  expect(['6514', '0.0.0.0:514', '[::]:514', 'log.example.org:514'].map(parseListenAddress)).toEqual([
    { host: '127.0.0.1', port: 6514 },
    { host: '0.0.0.0', port: 514 },
    { host: '::', port: 514 },
    { host: 'log.example.org', port: 514 },
  ]);
  expect(['', 'all', '70000', ':514', '::1:514', 'a b:1'].map(parseListenAddress)).toEqual(
    Array(6).fill(undefined),
  );
});

test('settings that do not go together are told all at once', () => {
  const env = {
    CADF_SYSLOG_TCP: 'everywhere',
    CADF_SYSLOG_TLS: '6514',
    CADF_RECORDS_IDLE: '1h',
    CADF_RECORDS_HOLD: '1m',
    CADF_KAFKA_SOURCES_SECURITY: 'no json',
  };
  expect(() => loadConfig(recordSettings, env, { check: checkRecordSettings })).toThrow(
    /CADF_SYSLOG_TCP is "everywhere"[\s\S]*CADF_SYSLOG_TLS needs[\s\S]*CADF_RECORDS_HOLD must[\s\S]*SECURITY is no JSON/,
  );
});
