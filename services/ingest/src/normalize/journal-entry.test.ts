import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readJournalEntry } from './journal-entry.ts';

const read = (entry: object): ReturnType<typeof readJournalEntry> =>
  readJournalEntry(JSON.stringify({ __CURSOR: 's=1', ...entry }));

test('who wrote it, when, and what', () => {
  expect(
    read({
      __REALTIME_TIMESTAMP: '1795201399184999',
      _HOSTNAME: 'kvm1',
      SYSLOG_IDENTIFIER: 'libvirtd',
      _COMM: 'rpc-worker',
      _PID: '42',
      MESSAGE: 'x',
    }),
  ).toMatchObject({
    form: 'journal',
    message: 'x',
    host: 'kvm1',
    program: 'libvirtd',
    pid: '42',
    time: { epochMs: 1_795_201_399_184 },
  });
  expect(read({ _COMM: 'sh', SYSLOG_PID: '7' })).toMatchObject({ program: 'sh', pid: '7', message: '' });
});

test('the time the program gave counts, and where it is none that of arrival in the journal', () => {
  const arrived = { __REALTIME_TIMESTAMP: '2000000' };
  expect(read({ ...arrived, _SOURCE_REALTIME_TIMESTAMP: '1000000' })?.time).toEqual({ epochMs: 1000 });
  expect(read({ ...arrived, _SOURCE_REALTIME_TIMESTAMP: 'soon' })?.time).toEqual({ epochMs: 2000 });
  expect(read({ __REALTIME_TIMESTAMP: '-1' })).not.toHaveProperty('time');
});

test('numbers that a shipper wrote as such are read', () => {
  const entry = { __REALTIME_TIMESTAMP: 1_795_201_399_184_999, _PID: 42, PRIORITY: 6 };
  expect(read(entry)).toMatchObject({ pid: '42', time: { epochMs: 1_795_201_399_184 } });
  expect(read(entry)?.journal?.get('PRIORITY')).toBe('6');
});

test('a value of bytes is read as UTF-8, of several values the last one counts', () => {
  expect(read({ MESSAGE: [...Buffer.from('é\n')] })?.message).toBe('é\n');
  expect(read({ MESSAGE: ['a', 'b'] })?.message).toBe('b');
  expect(read({ MESSAGE: ['a', [98, 99]] })?.message).toBe('bc');
  expect(read({ MESSAGE: null, _UID: 0, X: [] })).toMatchObject({ message: '' });
  expect(read({ MESSAGE: [[['a']]] })?.message).toBe('');
});

test.each(['', '[]', '"__CURSOR"', '{"MESSAGE":"__CURSOR"}', '{"__CURSOR":"a"', 'null __CURSOR'])(
  'not where the text is no entry: %s',
  (text) => {
    expect(readJournalEntry(text)).toBeUndefined();
  },
);

test('lists in lists, however deep, are no text and no reason to fail', () => {
  const deep = `${'['.repeat(50_000)}${']'.repeat(50_000)}`;
  expect(readJournalEntry(`{"__CURSOR":"a","MESSAGE":${deep}}`)).toMatchObject({ message: '' });
});

test('any JSON object with a mark is read', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (entry) => {
      expect(read(entry)?.form).toBe('journal');
    }),
  );
});
