/** Whether one thing a service needs is usable; `reason` says why not, for a person. */
export interface CheckResult {
  readonly ok: boolean;
  readonly reason: string;
}

/** Named checks. Each is a dependency's own `health()`, or a state of the service. */
export type Checks = Readonly<Record<string, () => CheckResult | Promise<CheckResult>>>;

export interface Readiness {
  readonly status: 'ready' | 'not-ready' | 'shutting-down';
  readonly checks: Readonly<Record<string, CheckResult>>;
}

export interface Health {
  /** Runs the checks side by side; answers from the last run within `cacheMs`. */
  readiness(): Promise<Readiness>;
  /** From now on not ready, for good: the first step of shutdown. */
  shutDown(): void;
}

export interface HealthOptions {
  readonly checks: Checks;
  /** Milliseconds one check may take; past it the check counts as failed. Default 2,000. */
  readonly timeoutMs?: number;
  /** Milliseconds a result holds: the route is open to anyone, the dependencies must not feel it. Default 500. */
  readonly cacheMs?: number;
  /** Milliseconds that never go back. Default `performance.now`. */
  readonly now?: () => number;
}

/** Builds the readiness of a service out of named checks. A check that throws has failed with its message. */
export function createHealth(options: HealthOptions): Health {
  const { checks, timeoutMs = 2000, cacheMs = 500, now = () => performance.now() } = options;
  let stopping = false;
  let last:
    | { readonly atMs: number; readonly results: Promise<Readonly<Record<string, CheckResult>>> }
    | undefined;

  const runAll = async (): Promise<Readonly<Record<string, CheckResult>>> =>
    Object.fromEntries(
      await Promise.all(
        Object.entries(checks).map(async ([name, check]) => [name, await runOne(check, timeoutMs)] as const),
      ),
    );

  return {
    async readiness() {
      if (last === undefined || now() - last.atMs >= cacheMs) last = { atMs: now(), results: runAll() };
      const results = await last.results;
      const ready = Object.values(results).every((result) => result.ok);
      return { status: stopping ? 'shutting-down' : ready ? 'ready' : 'not-ready', checks: results };
    },
    shutDown() {
      stopping = true;
    },
  };
}

async function runOne(check: Checks[string], timeoutMs: number): Promise<CheckResult> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<CheckResult>((resolve) => {
    timer = setTimeout(() => resolve({ ok: false, reason: `no answer within ${timeoutMs} ms` }), timeoutMs);
  });
  try {
    const { ok, reason } = await Promise.race([check(), late]);
    return { ok, reason };
  } catch (error) {
    return { ok: false, reason: error instanceof Error ? error.message : String(error) };
  } finally {
    clearTimeout(timer);
  }
}
