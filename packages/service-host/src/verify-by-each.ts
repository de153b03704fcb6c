import type { Verdict, VerifyToken } from '@cadf-pipeline/service-kit';

/** The first verifier that knows tokens of this form says whose it is: one that does not finds it `malformed`. */
export function verifyByEach(...verifiers: readonly VerifyToken[]): VerifyToken {
  return async (token) => {
    let verdict: Verdict = { reason: 'malformed' };
    for (const verify of verifiers) {
      verdict = await verify(token);
      if ('principal' in verdict || verdict.reason !== 'malformed') return verdict;
    }
    return verdict;
  };
}
