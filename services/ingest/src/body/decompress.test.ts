import { gzipSync, zstdCompressSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { decompress } from './decompress.ts';

const body = Buffer.from('event '.repeat(1000));

test('gzip and zstd bodies are unpacked, several members of one body too', async () => {
  expect(await decompress(gzipSync(body), 'gzip', 10_000)).toEqual({ ok: true, body });
  expect(await decompress(zstdCompressSync(body), 'ZSTD', 10_000)).toEqual({ ok: true, body });
  for (const [encoding, pack] of [
    ['gzip', gzipSync],
    ['zstd', zstdCompressSync],
  ] as const) {
    const twice = Buffer.concat([pack(body), pack(body)]);
    const unpacked = Buffer.concat([body, body]);
    expect(await decompress(twice, encoding, 12_000)).toEqual({ ok: true, body: unpacked });
    expect(await decompress(twice, encoding, 11_000)).toMatchObject({ ok: false, reason: 'too-large' });
  }
});

test('a body of very many empty frames, or with something else behind a frame, is refused', async () => {
  const empty = zstdCompressSync('');
  const many = Buffer.concat(Array.from({ length: 2000 }, () => empty));
  expect(await decompress(many, 'zstd', 10_000)).toMatchObject({ ok: false, reason: 'damaged' });
  const behind = Buffer.concat([zstdCompressSync(body), Buffer.from('garbage')]);
  expect(await decompress(behind, 'zstd', 10_000)).toMatchObject({ ok: false, reason: 'damaged' });
});

test('a body without encoding stays as it is', async () => {
  expect(await decompress(body, undefined, 10)).toEqual({ ok: true, body });
});

test('a small body that becomes a large one is refused', async () => {
  const bomb = Buffer.alloc(5_000_000);
  for (const [encoding, packed] of [
    ['gzip', gzipSync(bomb)],
    ['zstd', zstdCompressSync(bomb)],
  ] as const)
    expect(await decompress(packed, encoding, 1_000_000)).toMatchObject({ ok: false, reason: 'too-large' });
});

test('a body cut short or of another kind is refused as damaged', async () => {
  for (const [encoding, packed] of [
    ['gzip', gzipSync(body)],
    ['zstd', zstdCompressSync(body)],
  ] as const) {
    expect(await decompress(packed.subarray(0, packed.length - 5), encoding, 10_000)).toMatchObject({
      ok: false,
      reason: 'damaged',
    });
    expect(await decompress(body, encoding, 10_000)).toMatchObject({ ok: false, reason: 'damaged' });
  }
});

test('an encoding that is not known is named', async () => {
  expect(await decompress(body, 'br', 10)).toMatchObject({ ok: false, reason: 'unknown-encoding' });
});
