/** auth.log: sshd, its PAM modules, logins at the console, the switch of SSH itself. */
import { unknownInitiator } from '../../src/normalize/resources.ts';
import type { EventOutcome } from '../../src/normalize/event-draft.ts';
import type { EsxiLine } from './esxi-line.ts';
import type { Finding, Said } from './finding.ts';
import { actor, target } from './resources.ts';
import { commandRun } from './shell.ts';

const USER_FROM = '(?:(?:invalid|illegal) user )?(.{0,256}?) from ([^\\s]{1,64})(?: |$)';
const ACCEPTED = new RegExp(`^Accepted ([^ ]{1,64}) for ${USER_FROM}`);
const FAILED = new RegExp(
  `^(?:error: )?(?:PAM: )?(?:Authentication failure|Authentication failed|User not known to the underlying authentication module|Permission denied|maximum authentication attempts exceeded|Failed [^ ]{1,64}) for ${USER_FROM}`,
);
const TALLY =
  /^pam_tally2?\([a-z]{1,20}:[a-z]{1,20}\): user (.{1,256}) \((\d{1,10})\) tally (\d{1,10}), deny (\d{1,10})/;
const RUNNING = /^User '(.{1,256}?)' running command '/;
const CLOSED = /^Session closed for '(.{1,256}?)' on (\S{1,128})/;
const SWITCHED = /^(?:SSH|ESXi Shell|Shell|ESX shell|Local console)(?: login| access)? (enabled|disabled)/i;
const CONSOLE = /^(.{1,64}) login on '?(?:char\/|tty|\/dev\/)/;
const PAM_FAILURE = /^pam_unix\(([a-z]{1,20}):auth\): authentication failure;(.{0,400})/;
/** Logged beside one of the above, for the same happening. */
const BESIDE =
  /^(?:Connection (?:from|closed|reset)|Disconnected |Received disconnect|Disconnecting|Postponed |Invalid user |input_userauth|pam_unix\(|pam_tally|PAM \d{1,4} more|Session opened|fatal: |Close session|Starting session|Server listening|FIPS mode|subsystem request|userauth_|Could not get shadow|error: (?:Received disconnect|kex_)|banner exchange|Unable to negotiate|Did not receive)/;

export function readAuth(line: EsxiLine, host: string): Said {
  const { text } = line;
  const head = text.slice(0, 1024);
  const said = readSignIn(line, host, head) ?? readOther(line, host, head);
  if (said !== undefined) return said;
  if (!BESIDE.test(head)) return { ignored: 'debug-message' };
  return {
    ...access(line, host, 'connection', 'authenticate', 'unknown', head.split(' ', 2).join(' ')),
    initiator: unknownInitiator(/ from ([0-9A-Fa-f.:]{2,45})/.exec(head)?.[1]),
    isNoise: true,
  };
}

function readSignIn(line: EsxiLine, host: string, head: string): Finding | undefined {
  const accepted = ACCEPTED.exec(head);
  if (accepted !== null) {
    const [, method = '', user, address] = accepted;
    return {
      ...access(line, host, 'ssh-accepted', 'authenticate/login', 'success', `Accepted ${method}`),
      ...actor(host, user, address),
    };
  }
  const failed = FAILED.exec(head);
  if (failed !== null) {
    const [, user, address] = failed;
    return {
      ...access(line, host, 'ssh-failed', 'authenticate/login', 'failure', 'Authentication failure'),
      ...actor(host, user, address),
    };
  }
  const pam = PAM_FAILURE.exec(head);
  // Of sshd the daemon itself tells it; a login at the console is told by nobody else.
  if (pam !== null && pam[1] !== 'sshd') {
    const user = /\buser=(\S{1,256})/.exec(pam[2] ?? '')?.[1];
    const address = /\brhost=(\S{1,64})/.exec(pam[2] ?? '')?.[1];
    return {
      ...access(line, host, 'pam-failed', 'authenticate/login', 'failure', 'authentication failure'),
      ...actor(host, user, address),
    };
  }
  const console = CONSOLE.exec(head);
  if (console === null) return undefined;
  return {
    ...access(line, host, 'console-login', 'authenticate/login', 'success', 'login'),
    ...actor(host, console[1]),
  };
}

function readOther(line: EsxiLine, host: string, head: string): Finding | undefined {
  const running = RUNNING.exec(head);
  if (running !== null) {
    const command = line.text.slice(running[0].length).replace(/'$/, '');
    return commandRun(line, host, running[1] ?? '', command, 'unknown', 'ssh-command');
  }
  const closed = CLOSED.exec(head);
  if (closed !== null)
    return {
      ...access(line, host, 'session-closed', 'authenticate/logout', 'success', 'Session closed'),
      ...actor(host, closed[1]),
    };
  const switched = SWITCHED.exec(head);
  if (switched !== null)
    return access(
      line,
      host,
      'shell-switched',
      switched[1]?.toLowerCase() === 'enabled' ? 'enable' : 'disable',
      'success',
      switched[0],
    );
  const tally = TALLY.exec(head);
  if (tally === null) return undefined;
  const [, user, , count, limit] = tally;
  const isDenied = Number(limit) > 0 && Number(count) > Number(limit);
  return {
    ...access(line, host, isDenied ? 'tally-denied' : 'connection', 'deny', 'success', 'pam_tally2'),
    ...actor(host, user),
    reasonCode: `tally ${count ?? ''}, deny ${limit ?? ''}`,
    isNoise: !isDenied,
  };
}

function access(
  line: EsxiLine,
  host: string,
  rule: string,
  action: string,
  outcome: EventOutcome,
  name: string,
): Finding {
  return {
    rule,
    action,
    outcome,
    target: target(host, 'service'),
    name,
    ...(line.pid === undefined ? {} : { operation: `${line.program ?? 'sshd'}-${line.pid}` }),
  };
}
