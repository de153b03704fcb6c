/** Chunks of an input with those already looked at put back in front. */
export type Chunks = AsyncIterable<Buffer>;

/** `looked` first, then what `rest` still gives. Ends `rest` when left early, so that files are closed. */
export async function* putBack(
  looked: readonly Buffer[],
  rest: AsyncIterator<Buffer>,
): AsyncGenerator<Buffer> {
  try {
    yield* looked;
    for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
  } finally {
    await rest.return?.();
  }
}
