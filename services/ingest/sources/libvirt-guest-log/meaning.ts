/** What the reason of a stop means in CADF terms (libvirt: virDomainShutoffReason). */

export interface StopMeaning {
  readonly rule: string;
  readonly action: string;
  readonly outcome: 'success' | 'failure' | 'unknown';
  /** Nobody asked for it: the daemon saw or did it. */
  readonly byDaemon?: true;
}

const STOPS: Readonly<Record<string, StopMeaning>> = {
  destroyed: { rule: 'stop-destroyed', action: 'stop', outcome: 'success' },
  shutdown: { rule: 'stop-shutdown', action: 'stop/shutdown', outcome: 'success' },
  saved: { rule: 'stop-saved', action: 'stop/suspend', outcome: 'success' },
  migrated: { rule: 'stop-migrated', action: 'update/migrate', outcome: 'success' },
  crashed: { rule: 'stop-crashed', action: 'stop/crash', outcome: 'failure', byDaemon: true },
  // libvirt.h: "domain failed to start". It never ran, so nothing was stopped.
  failed: { rule: 'start-failed', action: 'start', outcome: 'failure' },
  'from snapshot': { rule: 'stop-from-snapshot', action: 'restore', outcome: 'success' },
  'from-snapshot': { rule: 'stop-from-snapshot', action: 'restore', outcome: 'success' },
  daemon: { rule: 'stop-daemon', action: 'stop', outcome: 'success', byDaemon: true },
  unknown: { rule: 'stop-unknown', action: 'stop', outcome: 'success' },
};
const WITHOUT_REASON: StopMeaning = { rule: 'stop-unknown', action: 'stop', outcome: 'success' };
const UNMAPPED: StopMeaning = { rule: 'unmapped-stop', action: 'unknown', outcome: 'unknown' };

/** `reason` undefined: libvirt before 3.3 writes none. */
export function stopMeaning(reason: string | undefined): StopMeaning {
  if (reason === undefined) return WITHOUT_REASON;
  return Object.hasOwn(STOPS, reason) ? (STOPS[reason] ?? UNMAPPED) : UNMAPPED;
}
