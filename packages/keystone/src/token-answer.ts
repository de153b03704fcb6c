/** What Keystone says of a token (Identity API v3, "Validate and show information for token"), as far as it is used. */
import { Type } from 'typebox';
import type { Static } from 'typebox';
import { Value } from 'typebox/value';
import { KeystoneFailure } from './keystone-failure.ts';

const Name = Type.Object({ name: Type.String() });
const Named = Type.Object({ id: Type.String({ minLength: 1, maxLength: 256 }), name: Type.String() });

const TokenAnswer = Type.Object({
  token: Type.Object({
    expires_at: Type.String(),
    user: Named,
    project: Type.Optional(Type.Intersect([Named, Type.Object({ domain: Named })])),
    domain: Type.Optional(Named),
    roles: Type.Optional(Type.Array(Name, { maxItems: 10_000 })),
  }),
});

export type TokenFacts = Static<typeof TokenAnswer>['token'] & {
  /** `expires_at`, milliseconds since 1970 UTC. */
  readonly expiresMs: number;
};

/** Throws `KeystoneFailure` for a body that is not what Keystone says of tokens. */
export function readTokenAnswer(body: unknown): TokenFacts {
  if (!Value.Check(TokenAnswer, body))
    throw new KeystoneFailure('Keystone’s answer about a token has another form than the Identity API v3');
  const expiresMs = Date.parse(body.token.expires_at);
  if (Number.isNaN(expiresMs))
    throw new KeystoneFailure('Keystone’s answer about a token does not say when it expires');
  return { ...body.token, expiresMs };
}
