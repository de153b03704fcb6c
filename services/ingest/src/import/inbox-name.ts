/**
 * Names in the inbox of files that nothing signs: each that is sent has its own, in the order of arrival, so that one that
 * is sent under the name of another that still waits does not replace it.
 */
import { randomBytes } from 'node:crypto';

const SENT = /^\d{13}-[0-9a-f]{12}-/;

/** `now`: milliseconds since 1970 UTC. */
export function inboxName(name: string, now: number): string {
  return `${String(now).padStart(13, '0')}-${randomBytes(6).toString('hex')}-${name}`;
}

/** The name it was sent under. */
export function sentName(name: string): string {
  return name.replace(SENT, '');
}
