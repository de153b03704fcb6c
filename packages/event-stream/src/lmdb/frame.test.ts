import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { AppendBatch, AppendRecord, StreamRecord } from '../interface.ts';
import { partitionOf } from '../partition.ts';
import { createFrameArena } from './frame-arena.ts';
import { decodeFrame, listRecords } from './frame-decode.ts';
import { encodeAppend, placeEncoded } from './frame-encode.ts';
import type { RecordSink } from './record-sink.ts';

const text = fc.string({ unit: 'binary', maxLength: 60 });
const headers = fc.dictionary(
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }).filter((name) => name !== '__proto__'),
  text,
  { maxKeys: 5 },
);
const record: fc.Arbitrary<AppendRecord> = fc.record(
  {
    key: text,
    value: fc.option(fc.uint8Array({ maxLength: 200 }), { nil: null }),
    headers,
  },
  { requiredKeys: ['key', 'value'] },
);
const batch: fc.Arbitrary<AppendBatch> = fc.record(
  { headers, records: fc.array(record, { minLength: 1, maxLength: 30 }) },
  { requiredKeys: ['records'] },
);

function sink(limits: Partial<RecordSink> = {}): RecordSink {
  return { records: [], bytes: 0, full: false, maxBytes: Infinity, maxRecords: Infinity, ...limits };
}

test('what is decoded is what was encoded, in each partition, from any offset on', () => {
  fc.assert(
    fc.property(batch, fc.integer({ min: 1, max: 4 }), fc.nat(2 ** 40), (appended, partitions, base) => {
      const encoded = encodeAppend(appended, partitions, 1234.5, createFrameArena());
      const expected = appended.records.map((one, index) => ({
        one,
        frame: encoded.frameOfRecord[index] ?? -1,
      }));
      encoded.frames.forEach((frame, place) => {
        placeEncoded(frame, base, 77);
        const mine = expected.filter((entry) => entry.frame === place).map(({ one }) => one);
        for (const from of [0, Math.floor(mine.length / 2)]) {
          const got = sink();
          expect(decodeFrame(frame.bytes, frame.partition, base + from, got)).toBe(base + mine.length);
          expect(got.records).toEqual(
            mine.slice(from).map((one, i): StreamRecord => ({
              partition: partitionOf(one.key, partitions),
              offset: base + from + i,
              key: one.key,
              value: one.value === null ? null : Buffer.from(one.value),
              headers: { ...appended.headers, ...one.headers },
              timestampMs: 1234.5,
            })),
          );
        }
        expect(
          listRecords(frame.bytes).records.map(({ key, offset, tombstone }) => ({ key, offset, tombstone })),
        ).toEqual(mine.map((one, i) => ({ key: one.key, offset: base + i, tombstone: one.value === null })));
      });
    }),
  );
});

test('a large part of a partition becomes several frames, a record larger than a frame one of its own', () => {
  const sizes = [600_000, 600_000, 10, 3_000_000, 10];
  const records = sizes.map((size) => ({ key: 'k', value: Buffer.alloc(size, 1) }));
  const { frames, frameOfRecord } = encodeAppend({ records }, 1, 0, createFrameArena());
  expect(frameOfRecord).toEqual([0, 1, 1, 2, 3]);
  let offset = 0;
  const got = sink();
  for (const frame of frames) {
    placeEncoded(frame, offset, 0);
    offset = decodeFrame(frame.bytes, 0, offset, got);
  }
  expect(got.records.map(({ value }) => value?.length)).toEqual(sizes);
});

test('a sink takes whole records up to its limits, and one record whatever its size', () => {
  const records = [5, 5, 20, 5].map((size) => ({ key: 'k', value: Buffer.alloc(size) }));
  const { frames } = encodeAppend({ records }, 1, 0, createFrameArena());
  const bytes = frames[0]!.bytes;
  const taken = (from: number, limits: Partial<RecordSink>): [number[], number] => {
    const got = sink(limits);
    const next = decodeFrame(bytes, 0, from, got);
    return [got.records.map(({ offset }) => offset), next];
  };
  expect(taken(0, { maxBytes: 12 })).toEqual([[0, 1], 2]);
  expect(taken(2, { maxBytes: 12 })).toEqual([[2], 3]);
  expect(taken(0, { maxRecords: 1 })).toEqual([[0], 1]);
  expect(taken(1, { maxBytes: 1000 })).toEqual([[1, 2, 3], 4]);
});

test('memory given back is used again, and not while somebody still writes into it', () => {
  const arena = createFrameArena();
  const first = arena.lease();
  const second = arena.lease();
  const a = first.take(1000);
  const b = second.take(1000);
  expect(a.buffer).toBe(b.buffer);
  expect(b.byteOffset).toBeGreaterThanOrEqual(a.byteOffset + 1000);
  first.release();
  const c = arena.lease().take(1000);
  expect(c.byteOffset).toBeGreaterThanOrEqual(b.byteOffset + 1000);
  expect(arena.lease().take(5_000_000).length).toBe(5_000_000);
});

test('a frame of a layout from the future is an error that says so', () => {
  const { frames } = encodeAppend({ records: [{ key: 'k', value: null }] }, 1, 0, createFrameArena());
  const bytes = Buffer.from(frames[0]!.bytes);
  bytes[0] = 9;
  expect(() => decodeFrame(bytes, 0, 0, sink())).toThrow(/layout version 9, this program reads 1/);
});
