/** Parts of events that the formats of SIEMs have fields for. */
import { isMembers, resolveRole, timestampMs } from '@cadf-pipeline/cadf-model';
import type { Members, RoleName } from '@cadf-pipeline/cadf-model';

/** DSP0262 A.2: accounts and what is below them, and identity users as some services say. */
export function isAccount(typeUri: string): boolean {
  return /(?:^|\/)data\/security\/(?:account|identity)(?:\/|$)/.test(typeUri);
}

export function reasonOf(event: Members): string | undefined {
  const reason = membersOf(event, 'reason');
  const code = textOf(reason, 'reasonCode');
  const policy = textOf(reason, 'policyId');
  return code ?? policy;
}

/** For people: who did what to what, and how it ended. */
export function messageOf(event: Members, initiator: Members, target: Members): string {
  const who = textOf(initiator, 'name') ?? textOf(initiator, 'id') ?? 'somebody';
  const what = textOf(target, 'name') ?? textOf(target, 'id') ?? 'something';
  return `${who}: ${textOf(event, 'action') ?? 'unknown'} ${what}: ${textOf(event, 'outcome') ?? 'unknown'}`;
}

/** `eventTime` in milliseconds since 1970 UTC. */
export function timeOf(event: Members): string | undefined {
  const text = textOf(event, 'eventTime');
  const ms = text === undefined ? Number.NaN : timestampMs(text);
  return Number.isNaN(ms) ? undefined : String(ms);
}

export function roleOf(event: Members, role: RoleName): Members {
  const { resource } = resolveRole(event, role);
  return isMembers(resource) ? resource : {};
}

export function membersOf(of: Members, name: string): Members {
  const value = of[name];
  return isMembers(value) ? value : {};
}

export function textOf(of: Members, name: string): string | undefined {
  const value = of[name];
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}

/** No half surrogate pair at the end. */
export function cut(text: string, maxCharacters: number): string {
  return text.length <= maxCharacters
    ? text
    : text
        .slice(0, maxCharacters)
        .toWellFormed()
        .replace(/\uFFFD$/, '');
}

/** Line and paragraph separators too: some readers end a line at them. */
export function withoutControls(text: string): string {
  return text.replaceAll(/[\p{Cc}\u2028\u2029]/gu, ' ').toWellFormed();
}
