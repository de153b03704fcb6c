/**
 * Brokers answer a member that joins a group only when every other one has joined again or is taken for gone. A process
 * that stops does not wait for that: it has other things to end.
 */

/** Milliseconds after the signal. Partitions of a member that has not said that it leaves are given to others when its session ends. */
const LEAVE_MS = 5_000;

/** Waits until a group was left, successfully or not; once the signal has aborted, not for long. */
export async function leaveInTime(leaving: Promise<unknown>, signal: AbortSignal): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  await unlessStopped(
    leaving.catch(() => undefined),
    signal,
    (stopped) => (timer = setTimeout(stopped, LEAVE_MS)),
  );
  clearTimeout(timer);
}

/** Waits for joining a group; a signal that aborts ends the waiting, and not the joining. Rejects as joining does. */
export function joinUnlessStopped(joining: Promise<unknown>, signal: AbortSignal): Promise<void> {
  return unlessStopped(joining, signal, (stopped) => stopped());
}

async function unlessStopped(
  waitedFor: Promise<unknown>,
  signal: AbortSignal,
  onAbort: (stopped: () => void) => void,
): Promise<void> {
  const stopped = Promise.withResolvers<void>();
  const listener = (): void => onAbort(stopped.resolve);
  if (signal.aborted) listener();
  else signal.addEventListener('abort', listener);
  try {
    await Promise.race([waitedFor, stopped.promise]);
  } finally {
    signal.removeEventListener('abort', listener);
  }
}
