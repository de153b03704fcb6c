import { BootstrapKeyError } from '@cadf-pipeline/control-state';
import { ConfigError } from '@cadf-pipeline/service-kit';

/** For a `main.ts`: prints why a service cannot start, without a stack where the operator can mend it, and exits 1. */
export async function exitOnStartupFault<T>(starting: Promise<T>): Promise<T> {
  try {
    return await starting;
  } catch (error) {
    const expected = error instanceof ConfigError || error instanceof BootstrapKeyError;
    process.stderr.write(`${expected ? error.message : describe(error)}\n`);
    process.exit(1);
  }
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
