/** The token the service itself asks with: got by password, kept until it nears its end. */
import type { Secret } from '@cadf-pipeline/service-kit';
import { KeystoneFailure } from './keystone-failure.ts';
import type { KeystoneHttp } from './keystone-http.ts';
import type { ProjectName } from './keystone-settings.ts';
import { readTokenAnswer } from './token-answer.ts';

export interface ServiceUser {
  readonly name: string;
  readonly domain: string;
  readonly password: Secret;
  /** Undefined: its token is for no project. */
  readonly project?: ProjectName;
}

export interface ServiceToken {
  /** The token; got where there is none. Throws `KeystoneFailure`. */
  get(): Promise<string>;
  /** Keystone does not take this one any more. */
  forget(token: string): void;
}

/** Before its end a token is replaced, so that it does not end on its way. */
const SPARE_MS = 60_000;

export function createServiceToken(http: KeystoneHttp, user: ServiceUser, now: () => number): ServiceToken {
  let kept: { readonly token: string; readonly untilMs: number } | undefined;
  let asking: Promise<string> | undefined;

  async function ask(): Promise<string> {
    const { status, subjectToken, body } = await http.ask({
      method: 'POST',
      path: '/auth/tokens?nocatalog',
      body: { auth: authOf(user) },
    });
    if (status !== 201 || subjectToken === undefined)
      throw new KeystoneFailure(
        status === 401
          ? `Keystone does not know the user ${user.name} with this password: see CADF_KEYSTONE_USERNAME`
          : `Keystone answers ${status} to the service's own user`,
      );
    kept = { token: subjectToken, untilMs: readTokenAnswer(body).expiresMs - SPARE_MS };
    return subjectToken;
  }

  return {
    get() {
      if (kept !== undefined && now() < kept.untilMs) return Promise.resolve(kept.token);
      asking ??= ask().finally(() => {
        asking = undefined;
      });
      return asking;
    },
    forget(token) {
      if (kept?.token === token) kept = undefined;
    },
  };
}

function authOf({ domain, name, password, project }: ServiceUser): object {
  return {
    identity: {
      methods: ['password'],
      password: { user: { name, domain: { name: domain }, password: password.reveal() } },
    },
    ...(project === undefined
      ? {}
      : { scope: { project: { name: project.project, domain: { name: project.domain } } } }),
  };
}
