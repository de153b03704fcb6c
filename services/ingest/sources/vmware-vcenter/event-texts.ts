/**
 * What vSphere's English event messages say: hostd writes nothing but them, and vCenter's syslog hides the id of an
 * EventEx, so its message has to tell. Each is told by its fixed words, from the right where names with blanks stand
 * before them. Nothing is looked for behind the first line and the first 1,024 characters.
 */

import { EVENT_PATTERNS } from './event-patterns.ts';

export interface EventFacts {
  /** The event's id, as in event-names.ts. */
  readonly name: string;
  /** The machine, host, account, … it is about. */
  readonly object?: string | undefined;
  /** Who did it, where the message says so. */
  readonly user?: string | undefined;
  readonly address?: string | undefined;
  readonly agent?: string | undefined;
  /** A word of the message that tells more: the guest operation, the group. */
  readonly detail?: string | undefined;
}

const LOOKED_AT = 1024;
const BY_FIRST_CHAR = new Map<string, (typeof EVENT_PATTERNS)[number][]>();
for (const pattern of EVENT_PATTERNS) {
  for (const letter of pattern[0] === '' ? ['T', 'E'] : [pattern[0].slice(0, 1)])
    BY_FIRST_CHAR.set(letter, [...(BY_FIRST_CHAR.get(letter) ?? []), pattern]);
}

/** `VM on host H in DC is starting`: what stands behind the last ` is `. */
const STATES: ReadonlyMap<string, string> = new Map([
  ['starting', 'VmStartingEvent'],
  ['powered on', 'VmPoweredOnEvent'],
  ['stopping', 'VmStoppingEvent'],
  ['powered off', 'VmPoweredOffEvent'],
  ['being suspended', 'VmSuspendingEvent'],
  ['suspending', 'VmSuspendingEvent'],
  ['suspended', 'VmSuspendedEvent'],
  ['resuming', 'VmResumingEvent'],
  ['resumed', 'VmResumedEvent'],
  ['being reset', 'VmResettingEvent'],
  ['reset', 'VmResetEvent'],
  ['disconnected', 'VmDisconnectedEvent'],
]);
const MACHINE_IS = /^(.{1,256}) on {1,2}(?:host )?[^ ]{1,255}(?: in .{1,255})?$/;
const MACHINE_IN = /^(.{1,256}) on {1,2}(?:host )?[^ ]{1,255} in .{1,255}$/;
const SSO =
  /^(Failed login|Successful login|Successful logout|Failed logout|Logout) (\S{1,256}) from (\S{0,64}) ?at .{0,40} in SSO/;
const LOGIN_FAILURE = /^(?:Cannot login (?:user )?|Failed login attempt for )(.{1,300})$/;

/** Undefined where the message is none of them. */
export function readEventText(message: string): EventFacts | undefined {
  const text = firstLine(message);
  const session = readSession(text);
  if (session !== undefined) return session;
  for (const [start, pattern, name] of BY_FIRST_CHAR.get(text.slice(0, 1)) ?? []) {
    if (!text.startsWith(start)) continue;
    const found = pattern.exec(text);
    if (found === null) continue;
    const [, first, second] = found;
    // The group is what is changed, by whom it now holds.
    if (name.includes('guestOperations') || name.endsWith('Group'))
      return { name, object: second, detail: first };
    if (name.startsWith('esx.audit.ssh.session')) return { name, ...userAt(first ?? '') };
    return { name, object: first, detail: second };
  }
  const crashed = text.indexOf(': Guest operating system has crashed');
  if (crashed > 0)
    return { name: 'VmGuestOSCrashedEvent', object: MACHINE_IS.exec(text.slice(0, crashed))?.[1] };
  return readState(text);
}

function readState(text: string): EventFacts | undefined {
  const is = text.lastIndexOf(' is ');
  if (is < 0) return undefined;
  const name = STATES.get(text.slice(is + 4).replace(/\.$/, ''));
  if (name === undefined) return undefined;
  const before = text.slice(0, is);
  const found = MACHINE_IN.exec(before) ?? MACHINE_IS.exec(before);
  return found === null ? undefined : { name, object: found[1] };
}

function readSession(text: string): EventFacts | undefined {
  if (text.startsWith('User ')) {
    const login = text.indexOf(' logged in');
    if (login > 0) {
      const agent = text.startsWith(' as ', login + 10) ? text.slice(login + 14) : undefined;
      return { name: 'UserLoginSessionEvent', ...userAt(text.slice(5, login)), agent };
    }
    const logout = text.indexOf(' logged out');
    if (logout > 0) {
      const agent = /user agent: (.{1,512}?)\)?$/.exec(text)?.[1];
      return { name: 'UserLogoutSessionEvent', ...userAt(text.slice(5, logout)), agent };
    }
    return undefined;
  }
  const failed = LOGIN_FAILURE.exec(text);
  if (failed !== null) {
    const [who = '', why] = (failed[1] ?? '').split(/: | - /, 2);
    return {
      name: why?.includes('permission') === true ? 'NoAccessUserEvent' : 'BadUsernameSessionEvent',
      ...userAt(who),
    };
  }
  const sso = SSO.exec(text);
  if (sso === null) return undefined;
  const [, what = '', user, address] = sso;
  const name = `com.vmware.sso.${what.toLowerCase().includes('logout') ? 'Logout' : what === 'Failed login' ? 'LoginFailure' : 'LoginSuccess'}`;
  return { name, user, address };
}

/** `DOMAIN\name@192.0.2.1`; a name may have an `@` itself, so the last one counts. */
function userAt(text: string): Pick<EventFacts, 'user' | 'address'> {
  const at = text.lastIndexOf('@');
  if (at < 0) return { user: text };
  const address = text.slice(at + 1);
  return { user: text.slice(0, at), ...(address === '' ? {} : { address }) };
}

function firstLine(message: string): string {
  const start = message.length > LOOKED_AT ? message.slice(0, LOOKED_AT) : message;
  const end = start.indexOf('\n');
  return (end < 0 ? start : start.slice(0, end)).trimEnd();
}
