/** Who logged in and who could not: pvedaemon, pveproxy, and the backup server's auth log. */
import type { Outcome } from '../../src/source.ts';
import { deadLetter } from '../../src/normalize/outcomes.ts';
import { service, unknownInitiator } from '../../src/normalize/resources.ts';
import { clientAddress } from './address.ts';
import type { Entry } from './messages.ts';
import { events, outcomeOf } from './messages.ts';
import { account } from './targets.ts';

/** `[openid ]authentication failure; rhost=ADDRESS[ user=USER] msg=TEXT`. The address may be empty, the user missing. */
export function readFailedLogin(entry: Entry, message: string): Outcome {
  const found =
    /^(openid )?authentication failure; rhost=(\S{0,80})(?: user=(.{0,300}?))? msg=(.{0,1000})/s.exec(
      message,
    );
  if (found === null) {
    return deadLetter(
      [entry.record],
      'PROXMOX_VE_AUTH_UNREADABLE',
      'Behind "authentication failure;" there is no "rhost=… user=… msg=…". The record broke off or was changed on its way; send it again from the node.',
    );
  }
  const [, openid, rhost = '', user = '', reason = ''] = found;
  const address = clientAddress(rhost);
  return outcomeOf('login-failed', entry, {
    action: 'authenticate/login',
    outcome: 'failure',
    initiator: user === '' ? unknownInitiator(address) : account(entry.place, user, address),
    target: service(entry.place.node, 'proxmox-ve'),
    name: openid === undefined ? 'authentication failure' : 'openid authentication failure',
    reasonCode: reason.trim() === '' ? 'authentication failure' : reason.trim(),
    ...(user === '' ? {} : { tags: [events.tag('user', 'claimed')] }),
  });
}

/**
 * `successful [openid ]auth for user 'USER'`. What stands before it in angle brackets is always root@pam and nobody's
 * name. A browser that renews its ticket writes the same line.
 */
export function readLogin(entry: Entry, message: string): Outcome | undefined {
  const found = /^successful (openid )?auth for user '(.{1,300})'$/.exec(message);
  if (found === null) return undefined;
  return outcomeOf('login', entry, {
    action: 'authenticate/login',
    outcome: 'success',
    initiator: account(entry.place, found[2] ?? ''),
    target: service(entry.place.node, 'proxmox-ve'),
    name: found[1] === undefined ? 'successful auth' : 'successful openid auth',
    tags: [events.tag('maybe', 'ticket-renewal')],
  });
}
