/** Logins that the engine's single sign-on refuses: `Cannot authenticate user X connecting from 'ADDRESS': REASON`. */

export interface SsoFailure {
  readonly user: string;
  readonly address: string | undefined;
  readonly reason: string;
}

const FAILURE =
  /^Cannot authenticate user '?([^\s':]{1,300})'?(?: with profile \[[^\]]{0,100}\])?(?: connecting from '([^']{1,64})')?:? ?(.{0,500})/s;

export function parseSsoFailure(text: string): SsoFailure | undefined {
  const found = FAILURE.exec(text);
  if (found === null) return undefined;
  const [, user = '', address, reason = ''] = found;
  return { user, address, reason: reason.trim() === '' ? 'login refused' : reason.trim() };
}
