/** The bytes of a file of this machine, as content for a place, a request or whoever else reads it. */
import { createReadStream } from 'node:fs';

const READ_BYTES = 256 * 1024;

/**
 * The file is opened when the first bytes are asked for and closed when no more are. So content that nobody comes to
 * read, because its receiver is down, holds nothing open; and a file that is gone is an error of whoever reads it, where
 * a stream that was opened at once would end the process with it.
 */
export async function* contentOfFile(path: string): AsyncGenerator<Buffer, void, undefined> {
  const parts: AsyncIterable<Buffer> = createReadStream(path, { highWaterMark: READ_BYTES });
  yield* parts;
}
