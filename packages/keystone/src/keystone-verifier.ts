/** Tokens of Keystone as credentials. */
import { frameworkErrors, hashKey, ProblemError } from '@cadf-pipeline/service-kit';
import type { Verdict } from '@cadf-pipeline/service-kit';
import { askAboutToken } from './ask-about-token.ts';
import { KeystoneFailure } from './keystone-failure.ts';
import { createKeystoneHttp } from './keystone-http.ts';
import type { KeystoneHttpOptions } from './keystone-http.ts';
import { createServiceToken } from './service-token.ts';
import type { ServiceUser } from './service-token.ts';
import { principalOfToken } from './token-principal.ts';
import type { TokenRules } from './token-principal.ts';
import { createVerdictCache } from './verdict-cache.ts';

export interface KeystoneOptions extends KeystoneHttpOptions {
  /** Who asks; undefined: each token is asked about by itself. */
  readonly user?: ServiceUser;
  readonly rules: TokenRules;
  /** How long an answer is taken for true. */
  readonly cacheMs: number;
  /** Tokens remembered at most. Default 10,000. */
  readonly maxCached?: number;
  /** Questions under way at most; more are refused. Default 64. */
  readonly maxAsking?: number;
  /** Milliseconds since 1970 UTC. Default `Date.now`. */
  readonly now?: () => number;
}

export interface KeystoneVerifier {
  /** Throws `IDENTITY_UNAVAILABLE` when Keystone does not say. */
  verify(token: string): Promise<Verdict>;
  close(): void;
}

/** What fits into a header; Keystone's own tokens are of letters, digits, `-` and `_`. */
const TOKEN = /^[\x21-\x7e]{1,8192}$/;
/** A mistyped key of our own is told to nobody else. */
const OWN_KEY = /^cadf_/;

export function createKeystoneVerifier(options: KeystoneOptions): KeystoneVerifier {
  const { maxAsking = 64, maxCached = 10_000, now = Date.now, rules, user } = options;
  const http = createKeystoneHttp(options);
  const service = user === undefined ? undefined : createServiceToken(http, user, now);
  const cache = createVerdictCache(options.cacheMs, maxCached, now);
  const asking = new Map<string, Promise<Verdict>>();

  async function ask(token: string, digest: string): Promise<Verdict> {
    const facts = await askAboutToken(http, service, token);
    if (facts === undefined) return { reason: 'unknown' };
    if (facts.expiresMs <= now()) return { reason: 'expired' };
    const principal = principalOfToken(facts, rules);
    cache.put(digest, principal);
    return { principal };
  }

  return {
    async verify(token) {
      if (!TOKEN.test(token) || OWN_KEY.test(token)) return { reason: 'malformed' };
      const digest = hashKey(token);
      const known = cache.get(digest);
      if (known !== undefined) return { principal: known };
      const same = asking.get(digest);
      if (same === undefined && asking.size >= maxAsking)
        throw unavailable(new KeystoneFailure(`${maxAsking} questions to Keystone are under way`));
      const question = same ?? ask(token, digest);
      asking.set(digest, question);
      try {
        return await question;
      } catch (error) {
        throw error instanceof KeystoneFailure ? unavailable(error) : error;
      } finally {
        asking.delete(digest);
      }
    },
    close: () => http.close(),
  };
}

function unavailable(cause: KeystoneFailure): ProblemError {
  return new ProblemError(frameworkErrors.IDENTITY_UNAVAILABLE, { cause });
}
