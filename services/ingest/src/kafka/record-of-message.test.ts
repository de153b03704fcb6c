import fc from 'fast-check';
import { expect, test } from 'vitest';
import { recordOfMessage } from './record-of-message.ts';
import type { MessageFields } from './record-of-message.ts';

function read(value: unknown, fields: MessageFields = {}) {
  const bytes = Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));
  const { bytes: record, envelope } = recordOfMessage(bytes, fields);
  return { text: record.toString(), ...(envelope === undefined ? {} : { envelope }) };
}

test('plain text is the record, also with a brace or a broken object', () => {
  for (const text of [
    'Nov 21 10:00:00 host qemu: x',
    '{not json',
    '[1]',
    '"text"',
    '{"a":1}',
    '{"message":""}',
  ])
    expect(read(text)).toEqual({ text });
});

test('what Vector writes of a syslog message', () => {
  expect(
    read({
      appname: 'pvedaemon',
      facility: 'daemon',
      host: 'pve1',
      hostname: 'pve1',
      message: '<root@pam> starting task UPID\n',
      procid: 4711,
      source_type: 'syslog',
      timestamp: '2026-11-21T10:00:00.250Z',
    }),
  ).toEqual({
    text: '<root@pam> starting task UPID',
    envelope: {
      host: 'pve1',
      program: 'pvedaemon',
      pid: '4711',
      sentMs: Date.UTC(2026, 10, 21, 10, 0, 0, 250),
    },
  });
});

test('what Fluent Bit, Logstash and Filebeat write', () => {
  expect(read({ '@timestamp': 1795255200.5, log: 'line' })).toEqual({
    text: 'line',
    envelope: { sentMs: 1_795_255_200_500 },
  });
  expect(read({ '@timestamp': '2026-11-21T10:00:00.000Z', host: { name: 'esx1' }, message: 'line' })).toEqual(
    {
      text: 'line',
      envelope: { host: 'esx1', sentMs: Date.UTC(2026, 10, 21, 10) },
    },
  );
  expect(read({ event: { original: 'line' }, 'host.name': 'flat' })).toEqual({
    text: 'line',
    envelope: { host: 'flat' },
  });
  expect(read({ MESSAGE: 'line', _HOSTNAME: 'h', SYSLOG_IDENTIFIER: 'xapi', _PID: '9' })).toEqual({
    text: 'line',
    envelope: { host: 'h', program: 'xapi', pid: '9' },
  });
});

test('an entry of the journal stays whole: it says more than its line', () => {
  const entry = JSON.stringify({ __REALTIME_TIMESTAMP: '1795255200000000', MESSAGE: 'line', _HOSTNAME: 'h' });
  expect(read(entry)).toEqual({ text: entry });
});

test('a source can say where line and host are, or that the value itself is the record', () => {
  const value = { message: 'not this', data: { raw: 'this', from: 'node-7' } };
  expect(read(value, { field: 'data.raw', hostField: 'data.from' })).toEqual({
    text: 'this',
    envelope: { host: 'node-7' },
  });
  expect(read(value, { field: '.' })).toEqual({ text: JSON.stringify(value) });
  expect(read(value, { field: 'data.none' })).toEqual({ text: JSON.stringify(value) });
});

test('a time without a zone is not believed', () => {
  expect(read({ message: 'line', timestamp: '2026-11-21T10:00:00' })).toEqual({ text: 'line' });
});

test('whatever the value is, there is a record of it', () => {
  fc.assert(
    fc.property(fc.oneof(fc.json(), fc.string()), (text) => {
      expect(recordOfMessage(Buffer.from(text), {}).bytes.length === 0).toBe(text.length === 0);
    }),
  );
});
