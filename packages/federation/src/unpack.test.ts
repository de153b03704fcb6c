import { gzipSync, zstdCompressSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { checkContent, createFileDigest } from './index.ts';
import { unpack } from './unpack.ts';

async function* pieces(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  // One buffer, used again and again, as readers do.
  const piece = Buffer.alloc(size);
  for (let at = 0; at < bytes.length; at += size)
    yield piece.subarray(0, bytes.copy(piece, 0, at, Math.min(bytes.length, at + size)));
}

async function unpacked(compression: 'gzip' | 'zstd', bytes: Buffer, size: number): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of unpack(compression, pieces(bytes, size))) parts.push(part);
  return Buffer.concat(parts).toString();
}

const words = ['one\n', 'x'.repeat(300_000), '', 'three\n'];

test.each([
  ['zstd', zstdCompressSync],
  ['gzip', gzipSync],
] as const)('all parts of %s are read, however they come', async (compression, pack) => {
  const packed = words.map((word) => pack(word));
  const bytes = Buffer.concat(packed);
  for (const size of [1, 7, packed[0]?.length ?? 0, bytes.length - 1, bytes.length])
    expect(await unpacked(compression, bytes, size)).toBe(words.join(''));
});

test('what is no frame, or has no end, is told', async () => {
  const frame = zstdCompressSync('one\n');
  for (const bytes of [
    Buffer.concat([frame, Buffer.from('tail')]),
    Buffer.concat([frame, frame.subarray(0, 9)]),
    frame.subarray(0, -1),
  ])
    for (const size of [3, bytes.length])
      await expect(unpacked('zstd', bytes, size)).rejects.toMatchObject({ name: 'UnpackError' });
});

test('what the reader throws comes as it is, and who stops reading stops it', async () => {
  const broken = new Error('gone');
  const failing = async function* (): AsyncGenerator<Buffer> {
    yield zstdCompressSync('one\n').subarray(0, 8);
    throw broken;
  };
  await expect(async () => {
    for await (const part of unpack('zstd', failing())) void part;
  }).rejects.toBe(broken);
  let ended = false;
  const endless = async function* (): AsyncGenerator<Buffer> {
    try {
      for (;;) yield zstdCompressSync('x'.repeat(300_000));
    } finally {
      ended = true;
    }
  };
  for await (const part of unpack('zstd', endless())) {
    void part;
    break;
  }
  expect(ended).toBe(true);
});

test('a signed file may have several frames', async () => {
  const parts = ['{"a":1}\n', '{"a":2}\n'];
  const bytes = Buffer.concat(parts.map((part) => zstdCompressSync(part)));
  const digest = createFileDigest({
    name: '000000000001.events-0001.ndjson.zst',
    format: 'cadf-ndjson',
    lines: true,
    compression: 'zstd',
  });
  for (const part of parts) digest.content(Buffer.from(part));
  digest.stored(bytes);
  await checkContent(digest.end(2), pieces(bytes, 5));
});
