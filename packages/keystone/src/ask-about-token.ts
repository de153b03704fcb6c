/** Asking Keystone whose token this is. */
import { KeystoneFailure } from './keystone-failure.ts';
import type { KeystoneAnswer, KeystoneHttp } from './keystone-http.ts';
import type { ServiceToken } from './service-token.ts';
import { readTokenAnswer } from './token-answer.ts';
import type { TokenFacts } from './token-answer.ts';

/** Undefined: it is nobody's. Throws `KeystoneFailure` where Keystone does not say. */
export async function askAboutToken(
  http: KeystoneHttp,
  service: ServiceToken | undefined,
  token: string,
): Promise<TokenFacts | undefined> {
  const ask = (asker: string): Promise<KeystoneAnswer> =>
    http.ask({
      method: 'GET',
      path: '/auth/tokens?nocatalog',
      headers: { 'x-auth-token': asker, 'x-subject-token': token },
    });
  let answer: KeystoneAnswer;
  if (service === undefined) {
    answer = await ask(token);
    // Then it is not taken as the asker's.
    if (answer.status === 401) return undefined;
  } else {
    let asker = await service.get();
    answer = await ask(asker);
    if (answer.status === 401) {
      service.forget(asker);
      asker = await service.get();
      answer = await ask(asker);
    }
  }
  if (answer.status === 404) return undefined;
  if (answer.status === 200) return readTokenAnswer(answer.body);
  throw new KeystoneFailure(
    answer.status === 403
      ? 'Keystone lets the asker verify no tokens: set CADF_KEYSTONE_USERNAME to a user that may'
      : `Keystone answers ${answer.status} to the question whose token this is`,
  );
}
