/**
 * The end of a process, in order and within one deadline. The house order of steps: readiness 503 → wait until
 * load balancers saw it → `app.close()` → stop fetching → flush → commit → close stream and store.
 */

/** One step. It runs when the step before it has ended, also when that one failed. */
export interface ShutdownStep {
  readonly name: string;
  readonly run: () => unknown;
}

/** The part of pino that is used. */
export interface ShutdownLogger {
  info(fields: object, message: string): void;
  error(fields: object, message: string): void;
  fatal(fields: object, message: string): void;
}

/** The part of `process` that is used. */
export interface ShutdownProcess {
  on(event: string, listener: (argument: unknown) => void): unknown;
  off(event: string, listener: (argument: unknown) => void): unknown;
  exit(code: number): void;
}

export interface ShutdownOptions {
  readonly steps: readonly ShutdownStep[];
  /** Milliseconds for all steps together; past it the process exits 1. Keep it below the orchestrator's grace period. */
  readonly deadlineMs: number;
  readonly logger: ShutdownLogger;
  /** Default: the real process. */
  readonly process?: ShutdownProcess;
}

export interface Shutdown {
  /** Runs the steps once and exits: 0 when all were clean, else 1. Later calls wait for the first. */
  begin(reason: string): Promise<void>;
  /** Takes the listeners away again. */
  dispose(): void;
}

/**
 * Installs shutdown on SIGTERM and SIGINT; a second signal exits 1 at once. An uncaught error or unhandled
 * rejection is logged and runs the same steps, then exits 1: the state is unknown, but what can be flushed is.
 */
export function installShutdown(options: ShutdownOptions): Shutdown {
  const { steps, deadlineMs, logger, process: host = globalThis.process } = options;
  let running: Promise<void> | undefined;
  let failed = false;

  const onSignal = (signal: unknown): void => {
    if (running === undefined) return void begin(String(signal));
    logger.fatal({ signal }, 'second signal: leaving without waiting');
    host.exit(1);
  };
  const onFault = (error: unknown): void => {
    failed = true;
    logger.fatal({ err: error }, 'uncaught error');
    void begin('uncaught error');
  };

  const listeners = [
    ['SIGTERM', onSignal],
    ['SIGINT', onSignal],
    ['uncaughtException', onFault],
    ['unhandledRejection', onFault],
  ] as const;
  for (const [event, listener] of listeners) host.on(event, listener);

  function begin(reason: string): Promise<void> {
    running ??= run(reason);
    return running;
  }

  async function run(reason: string): Promise<void> {
    logger.info({ reason, deadlineMs, steps: steps.map((step) => step.name) }, 'shutting down');
    let current = 'start';
    // The timer runs before the first step, and keeps the process: a hanging step must not end it with code 0.
    const timer = setTimeout(() => {
      logger.fatal({ step: current, deadlineMs }, 'shutdown took too long');
      host.exit(1);
    }, deadlineMs);
    const errors: unknown[] = [];
    for (const step of steps) {
      current = step.name;
      try {
        await step.run();
      } catch (error) {
        errors.push(error);
        logger.error({ step: step.name, err: error }, 'shutdown step failed');
      }
    }
    clearTimeout(timer);
    logger.info({ errors: errors.length }, 'shut down');
    host.exit(failed || errors.length > 0 ? 1 : 0);
  }

  return {
    begin,
    dispose() {
      for (const [event, listener] of listeners) host.off(event, listener);
    },
  };
}
