/**
 * Gives what `make` makes, the next one asked for while the caller has the one before, so that caller and engine work
 * side by side. `make` is to end its work when the signal it is given aborts: when the caller stops or `signal` aborts.
 */
export async function* readAhead<T>(
  make: (signal: AbortSignal) => AsyncGenerator<T>,
  signal: AbortSignal | undefined,
): AsyncGenerator<T> {
  const stop = new AbortController();
  const both = signal === undefined ? stop.signal : AbortSignal.any([signal, stop.signal]);
  const made = make(both);
  let next = ahead(made.next());
  try {
    for (;;) {
      const { done, value } = await next;
      if (done === true) return;
      next = ahead(made.next());
      yield value;
    }
  } finally {
    stop.abort();
    // What was asked ahead has ended before this has.
    await next.catch(() => undefined);
    await made.return(undefined);
  }
}

/** Asked for before it is waited for: a failure is told to whoever waits. */
export function ahead<T>(asked: Promise<T>): Promise<T> {
  asked.catch(() => undefined);
  return asked;
}
