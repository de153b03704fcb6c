/** The bytes of a file or of stdin, unpacked where they are gzip or zstd. */
import { createReadStream } from 'node:fs';
import { Readable, pipeline } from 'node:stream';
import type { Duplex } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { toInputError } from './input-error.ts';
import { putBack } from './put-back.ts';
import type { Chunks } from './put-back.ts';
import { unpackZstd } from './unpack-zstd.ts';

const CHUNK_BYTES = 256 * 1024;

/**
 * Opens `file`; `-` is stdin. Iterating throws `InputError` for what cannot be read. `onRead` is told the bytes read, as
 * they are in the file.
 */
export async function* openInput(
  file: string,
  stdin: Chunks,
  onRead?: (bytes: number) => void,
): AsyncGenerator<Buffer> {
  try {
    const bytes = file === '-' ? stdin : createReadStream(file, { highWaterMark: CHUNK_BYTES });
    yield* await unpacked(onRead === undefined ? bytes : counted(bytes, onRead));
  } catch (error) {
    throw toInputError(error);
  }
}

async function* counted(bytes: Chunks, onRead: (bytes: number) => void): AsyncGenerator<Buffer> {
  for await (const chunk of bytes) {
    onRead(chunk.length);
    yield chunk;
  }
}

/** Looks at the first four bytes, where gzip (RFC 1952 §2.3.1) and zstd (RFC 8878 §3.1.1) say what they are. */
async function unpacked(bytes: Chunks): Promise<Chunks> {
  const iterator = bytes[Symbol.asyncIterator]();
  let head = Buffer.alloc(0);
  while (head.length < 4) {
    const next = await iterator.next();
    if (next.done === true) break;
    head = Buffer.concat([head, next.value]);
  }
  const all = putBack(head.length > 0 ? [head] : [], iterator);
  if (head.length < 4) return all;
  if (head[0] === 0x1f && head[1] === 0x8b) return through(all, createGunzip({ chunkSize: CHUNK_BYTES }));
  if (head.readUInt32LE(0) === 0xfd2fb528) return unpackZstd(all, CHUNK_BYTES);
  return all;
}

function through(packed: Chunks, unpacker: Duplex): Chunks {
  // The error is not lost here: the unpacker is destroyed with it and throws it to whoever reads on.
  pipeline(Readable.from(packed), unpacker, () => {});
  return unpacker;
}
