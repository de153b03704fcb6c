/** Who this deployment is to those it federates with, as JSON Schema: one for all of its processes. */
import Type from 'typebox';
import type { Static } from 'typebox';

/** The only id of its kind. */
export const FEDERATION_ID = 'deployment';

/** Keys that are kept, those among them that sign no more. */
export const MAX_FEDERATION_KEYS = 100;

const Instant = Type.String({ maxLength: 32, description: 'RFC 3339, UTC' });

/** An Ed25519 key (RFC 8037). */
export const FederationKey = Type.Object(
  {
    kid: Type.String({ pattern: '^[A-Za-z0-9_-]{43}$', description: 'RFC 7638 thumbprint' }),
    x: Type.String({ pattern: '^[A-Za-z0-9_-]{43}$', description: 'The public key, base64url' }),
    /** The private JWK as JSON: AES-256-GCM, base64url, opened by the export service alone. None of one that signs no more. */
    sealed: Type.Optional(Type.String({ pattern: '^[A-Za-z0-9_-]{1,4096}$' })),
    created: Instant,
    /** Signs no more since then. */
    retired: Type.Optional(Instant),
    /** By which the key before hands over to this one: a compact JWS. */
    rotation: Type.Optional(Type.String({ pattern: '^[A-Za-z0-9_.-]{1,4096}$' })),
  },
  { additionalProperties: false },
);
export type FederationKey = Static<typeof FederationKey>;

export const FederationKeys = Type.Object({
  id: Type.Literal(FEDERATION_ID),
  issuer: Type.String({
    pattern: '^urn:uuid:[0-9a-f-]{36}$',
    description: 'Names this deployment in reporter chains and manifests',
  }),
  /** The newest first: it signs. */
  keys: Type.Array(FederationKey, { minItems: 1, maxItems: MAX_FEDERATION_KEYS }),
});
export type FederationKeys = Static<typeof FederationKeys>;

/** The keys without what is sealed. */
export function shownFederation({ id, issuer, keys }: FederationKeys): object {
  return { id, issuer, keys: keys.map(({ sealed: _sealed, ...shown }) => shown) };
}
