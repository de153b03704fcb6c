import fc from 'fast-check';
import type { AppendRecord, StreamRecord } from '@cadf-pipeline/event-stream';
import { expect, test } from 'vitest';
import { decodeReceived, encodeFlush, encodeReceived } from './received-record.ts';

function stored(record: AppendRecord): StreamRecord {
  return {
    key: record.key,
    value: record.value === null ? null : Buffer.from(record.value),
    headers: record.headers ?? {},
    partition: 0,
    offset: 0,
    timestampMs: 7,
  };
}

test('a record comes back as it was received', () => {
  const text = fc.string({ unit: 'binary', maxLength: 40 });
  const optional = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
    fc.option(arbitrary, { nil: undefined });
  const host = fc.string({ unit: 'grapheme', maxLength: 40 });
  fc.assert(
    fc.property(
      text,
      fc.nat(),
      optional(host),
      optional(fc.nat()),
      optional(host),
      (line, receivedMs, sender, cutFromBytes, position) => {
        const envelope =
          sender === undefined
            ? undefined
            : { host: sender, program: 'p', pid: '1', sentMs: 5, baseUri: `https://c/${receivedMs}/` };
        const more = {
          ...(position === undefined ? {} : { position }),
          ...(envelope === undefined ? {} : { envelope, address: sender ?? '' }),
          ...(cutFromBytes === undefined ? {} : { cutFromBytes }),
        };
        const bytes = Buffer.from(line, 'utf8');
        const record = encodeReceived(bytes, {
          source: 's',
          sender: 'x',
          submitter: 'k',
          receivedMs,
          ...more,
        });
        expect(decodeReceived(stored(record))).toEqual({
          kind: 'record',
          source: 's',
          submitter: 'k',
          record: { text: bytes.toString(), receivedMs, ...more },
        });
      },
    ),
  );
});

test('bytes that are no UTF-8 are kept beside the text', () => {
  const bytes = Buffer.from([0x61, 0xff]);
  const record = encodeReceived(bytes, { source: 's', sender: 'x', submitter: 'k', receivedMs: 1 });
  expect(decodeReceived(stored(record))).toMatchObject({ record: { text: 'a\uFFFD', bytes } });
});

test('what a sender makes long does not make a record too large for the stream', () => {
  const long = 'x'.repeat(100_000);
  const { key, headers } = encodeReceived(Buffer.from('line'), {
    source: 's',
    sender: long,
    submitter: 'k',
    receivedMs: 1,
    address: long,
    position: long,
    envelope: { host: long, program: long, pid: long },
    fault: { code: 'C', detail: long },
  });
  expect(key.length + JSON.stringify(headers).length).toBeLessThan(8000);
});

test('a flush mark comes back, with the offset it is about', () => {
  expect(decodeReceived(stored(encodeFlush('s/x', 12)))).toEqual({ kind: 'flush', ifLast: 12 });
  expect(decodeReceived(stored(encodeFlush('s/x')))).toEqual({ kind: 'flush' });
});

test('a record that another producer wrote is read as far as it goes', () => {
  const record = { ...stored({ key: 'host-a/web-1', value: Buffer.from('line') }), headers: {} };
  expect(decodeReceived(record)).toEqual({
    kind: 'record',
    source: 'host-a',
    submitter: '',
    record: { text: 'line', receivedMs: 7 },
  });
});
