import { createRecordsBatch, crc32c, Reader, readRecordsBatches } from '@platformatic/kafka';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { AppendRecord, RecordHeaders } from '../interface.ts';
import { CODEC, compress, decompress, type KafkaCompression } from './compression.ts';
import { decodeBatches } from './record-batch-decode.ts';
import { createRecordEncoder, frameBatch, type OutgoingRecord } from './record-batch-encode.ts';

const text = fc.string({ unit: 'binary', maxLength: 150 });
const headers: fc.Arbitrary<RecordHeaders> = fc.dictionary(
  fc.string({ unit: 'grapheme', maxLength: 20 }).filter((name) => name !== '__proto__'),
  text,
  { maxKeys: 5 },
);
const record: fc.Arbitrary<AppendRecord> = fc.record(
  { key: text, value: fc.option(fc.uint8Array({ maxLength: 300 }), { nil: null }), headers },
  { requiredKeys: ['key', 'value'] },
);
const outgoing = fc
  .tuple(
    fc.array(headers, { minLength: 1, maxLength: 3 }),
    fc.array(fc.tuple(record, fc.nat(3)), { minLength: 1, maxLength: 20 }),
  )
  .map(([shared, records]): OutgoingRecord[] =>
    records.map(([one, which]) => ({ record: one, shared: shared[which] })),
  );
const identity = { producerId: 7n, producerEpoch: 3, firstSequence: 99 };
const encode = createRecordEncoder();

function batchOf(records: readonly OutgoingRecord[], compression: KafkaCompression): Buffer {
  return frameBatch(
    compress(compression, encode(records)),
    CODEC[compression],
    records.length,
    1_700_000_000_123,
    identity,
    crc32c,
  );
}

function unpack(codec: number, bytes: Buffer): Buffer {
  const unpacked = decompress(codec, bytes);
  if (unpacked === undefined) throw new Error(`codec ${codec}`);
  return unpacked;
}

function atOffset(batch: Buffer, offset: number): Buffer {
  const placed = Buffer.from(batch);
  placed.writeBigInt64BE(BigInt(offset), 0);
  return placed;
}

test('what is decoded is what was encoded, with every codec', () => {
  fc.assert(
    fc.property(
      outgoing,
      fc.constantFrom('none', 'gzip', 'zstd'),
      fc.nat(2 ** 40),
      (records, codec, base) => {
        const { records: read, next } = decodeBatches(atOffset(batchOf(records, codec), base), 5, 0, unpack);
        expect(next).toBe(base + records.length);
        expect(read).toEqual(
          records.map(({ record: one, shared }, i) => ({
            partition: 5,
            offset: base + i,
            key: one.key,
            value: one.value === null ? null : Buffer.from(one.value),
            headers: { ...shared, ...one.headers },
            timestampMs: 1_700_000_000_123,
          })),
        );
      },
    ),
  );
});

test('another implementation reads our batches: same records, checksum, identity', () => {
  fc.assert(
    fc.property(outgoing, (records) => {
      const batch = batchOf(records, 'zstd');
      const [theirs] = readRecordsBatches(Reader.from(batch));
      expect(theirs).toMatchObject({
        ...identity,
        magic: 2,
        lastOffsetDelta: records.length - 1,
        crc: crc32c(batch.subarray(21)),
      });
      expect(
        theirs?.records.map(({ key, value, headers: pairs }) => [
          key?.toString(),
          value,
          pairs.map((pair) => pair.map(String)),
        ]),
      ).toEqual(
        records.map(({ record: one, shared }) => [
          // A length of 0 is read as null by that implementation's keys; ours is the empty text either way.
          one.key,
          one.value === null ? null : Buffer.from(one.value),
          Object.entries({ ...shared, ...one.headers }),
        ]),
      );
    }),
  );
});

test('we read the batches of another implementation, with times of their own and null keys', () => {
  const messages = [
    {
      topic: 't',
      partition: 0,
      key: Buffer.from('a'),
      value: Buffer.from('1'),
      timestamp: 5_000n,
      headers: new Map([[Buffer.from('h'), Buffer.from('é')]]),
    },
    { topic: 't', partition: 0, value: Buffer.from('2'), timestamp: 4_000n },
    {
      topic: 't',
      partition: 0,
      key: Buffer.from('c'),
      value: Buffer.from('3'),
      timestamp: 1_000_005_000n,
    },
  ];
  const batch = createRecordsBatch(messages, { compression: 'gzip' }).buffer;
  const { records } = decodeBatches(batch, 0, 0, unpack);
  expect(
    records.map(({ key, value, headers: found, timestampMs }) => [key, String(value), found, timestampMs]),
  ).toEqual([
    ['a', '1', { h: 'é' }, 5_000],
    ['', '2', {}, 4_000],
    ['c', '3', {}, 1_000_005_000],
  ]);
});

test('a fetch gives what follows the offset asked for, skips control batches and leaves out a batch that was cut', () => {
  const records = [1, 2, 3].map((n) => ({
    record: { key: `k${n}`, value: Buffer.from(String(n)) },
    shared: undefined,
  }));
  const control = atOffset(batchOf(records.slice(0, 1), 'none'), 6);
  control.writeInt16BE(0b10_0000, 21);
  const fetched = Buffer.concat([
    atOffset(batchOf(records, 'zstd'), 3),
    control,
    atOffset(batchOf(records, 'none'), 7),
  ]);
  const offsets = (bytes: Buffer, from: number): unknown => {
    const { records: read, next } = decodeBatches(bytes, 0, from, unpack);
    return [read.map(({ offset }) => offset), next];
  };
  expect(offsets(fetched, 4)).toEqual([[4, 5, 7, 8, 9], 10]);
  expect(offsets(fetched.subarray(0, fetched.length - 1), 4)).toEqual([[4, 5], 7]);
  expect(offsets(fetched.subarray(0, 30), 4)).toEqual([[], 4]);
});

test('headers that repeat from record to record are read right, also when some change or names repeat', () => {
  const variants: RecordHeaders[] = [
    { a: '1', b: '2' },
    { a: '1', b: '2' },
    { a: '1', b: '3' },
    { b: '3', a: '1' },
    {},
    { a: '1' },
    { a: '' },
  ];
  const records = variants.map((own) => ({
    record: { key: 'k', value: null, headers: own },
    shared: undefined,
  }));
  const read = decodeBatches(batchOf(records, 'none'), 0, 0, unpack).records;
  expect(read.map(({ headers: found }) => Object.entries(found))).toEqual(
    variants.map((own) => Object.entries(own)),
  );
  // The protocol allows a name twice; the last one stands, whichever of the two changed.
  const twice = (first: string, second: string) => ({
    topic: 't',
    value: Buffer.from('v'),
    headers: new Map([
      [Buffer.from('x'), Buffer.from(first)],
      [Buffer.from('x'), Buffer.from(second)],
    ]),
  });
  const doubled = createRecordsBatch([twice('1', '2'), twice('3', '2'), twice('3', '4')], {}).buffer;
  expect(decodeBatches(doubled, 0, 0, unpack).records.map(({ headers: found }) => found['x'])).toEqual([
    '2',
    '2',
    '4',
  ]);
});

test('a batch of an older format is an error that says so', () => {
  const batch = batchOf([{ record: { key: 'k', value: null }, shared: undefined }], 'none');
  batch[16] = 1;
  expect(() => decodeBatches(batch, 0, 0, unpack)).toThrow(/format 1, expected 2/);
});
