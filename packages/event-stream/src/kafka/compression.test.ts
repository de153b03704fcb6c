import { constants, createZstdCompress, zstdCompressSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CODEC, compress, decompress } from './compression.ts';

test('what is compressed comes back, whatever its size', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('zstd', 'gzip', 'none'),
      fc.uint8Array({ maxLength: 200 }),
      fc.nat(3000),
      (kind, seed, times) => {
        const bytes = Buffer.concat(Array.from({ length: times % 500 }, () => seed));
        expect(decompress(CODEC[kind], compress(kind, bytes))?.equals(bytes)).toBe(true);
      },
    ),
  );
  for (const size of [0, 1, 255, 256, 65_791, 65_792, 5_000_000]) {
    const bytes = Buffer.alloc(size, 'ab');
    expect(decompress(CODEC.zstd, compress('zstd', bytes))?.equals(bytes)).toBe(true);
  }
});

test('a frame of ours says its size, so that it is unpacked into one piece of memory', () => {
  const bytes = Buffer.alloc(300_000, 'some text that repeats ');
  const unpacked = decompress(CODEC.zstd, compress('zstd', bytes));
  expect(unpacked?.buffer.byteLength).toBeLessThan(bytes.length + 1_000);
});

test('a frame that does not say its size, as other producers write it, is unpacked too', async () => {
  const stream = createZstdCompress();
  const bytes = Buffer.alloc(400_000, 'streamed ');
  for (let at = 0; at < bytes.length; at += 50_000) stream.write(bytes.subarray(at, at + 50_000));
  stream.end();
  const packed = Buffer.concat(await stream.toArray());
  expect(decompress(CODEC.zstd, packed)?.equals(bytes)).toBe(true);
  const checked = zstdCompressSync(bytes, { params: { [constants.ZSTD_c_checksumFlag]: 1 } });
  expect(decompress(CODEC.zstd, checked)?.equals(bytes)).toBe(true);
});

test('a codec that is not ours is left to the client library; damaged bytes are an error', () => {
  expect(decompress(2, Buffer.from('x'))).toBeUndefined();
  expect(() => decompress(CODEC.zstd, Buffer.from('not a frame'))).toThrow();
});
