/** Signals that ask a command to end which otherwise goes on. */
import { exitStatus } from './exit-status.ts';

/** The same Ctrl-C may come twice, from the terminal and from the launcher; a later one means "at once". */
const ONE_SIGNAL_MS = 1000;

/** Aborts at SIGINT or SIGTERM. Called once: from then on they end the process at once only when they come again. */
export function interruption(): AbortSignal {
  const interrupted = new AbortController();
  let firstMs = Infinity;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (Date.now() - firstMs > ONE_SIGNAL_MS) process.exit(exitStatus.unusable);
      firstMs = Math.min(firstMs, Date.now());
      interrupted.abort();
    });
  }
  return interrupted.signal;
}
