/** Joins what comes; undefined where it is more than `most` bytes. Nothing is read on then. */
export async function readBounded(
  chunks: AsyncIterable<Uint8Array>,
  most: number,
): Promise<Buffer | undefined> {
  const parts: Uint8Array[] = [];
  let total = 0;
  for await (const chunk of chunks) {
    total += chunk.length;
    if (total > most) return undefined;
    // The piece is the reader's again with the next.
    parts.push(Buffer.from(chunk));
  }
  return Buffer.concat(parts, total);
}
