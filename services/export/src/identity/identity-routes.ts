/** The public keys of this deployment, and their rotation. */
import { auditedChange, changeProblems, FEDERATION_ID } from '@cadf-pipeline/control-state';
import type { AdminDeps } from '@cadf-pipeline/control-state';
import { FEDERATION_DOCUMENT_PATH, FederationDocument } from '@cadf-pipeline/federation';
import { frameworkErrors, principalOf, requireAllTenants } from '@cadf-pipeline/service-kit';
import type { FastifyInstance } from 'fastify';
import { exportErrors } from '../errors.ts';
import type { FederationIdentity } from './federation-identity.ts';

export const FEDERATION_KEYS_PATH = '/cadf/v1/admin/federation/keys';
/** Verifiers ask again when they meet a key they do not know. */
const CACHE_SECONDS = 60;

const EXAMPLE = {
  issuer: 'urn:uuid:0e8f9a52-6a0c-4a56-8f0e-4d539a550d1f',
  keys: [
    {
      kty: 'OKP',
      crv: 'Ed25519',
      x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo',
      kid: 'kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k',
      alg: 'EdDSA',
      use: 'sig',
      created: '2026-11-01T12:00:00.000Z',
    },
  ],
} as const;

const ANSWER = {
  description: 'A JWK set (RFC 7517) with the name of the deployment',
  content: { 'application/json': { schema: FederationDocument, example: EXAMPLE } },
};

export function identityRoutes(app: FastifyInstance, deps: AdminDeps, identity: FederationIdentity): void {
  app.get(
    FEDERATION_DOCUMENT_PATH,
    {
      config: { public: true },
      schema: {
        tags: ['exports'],
        summary: 'Read the keys that sign exports and feeds',
        description:
          'The Ed25519 public keys of this deployment: the one that signs, and those that did (`retired`), so that what they signed can be verified. `rotations` are signed by the key that each of them gives up: who trusts one key comes to trust those after it. `cadf verify --key` takes the document as it is. Needs no credential.',
        response: { 200: ANSWER },
      },
    },
    async (_request, reply) =>
      reply.header('cache-control', `public, max-age=${CACHE_SECONDS}`).send(await identity.document()),
  );

  app.post(
    FEDERATION_KEYS_PATH,
    {
      config: { role: 'admin' },
      schema: {
        tags: ['administration'],
        summary: 'Sign with another key',
        description:
          'Makes a key that signs exports and feeds from now on. The one before signs that it is followed by this one, nothing more, and stays published. Needs a key that reaches all tenants.',
        problems: [frameworkErrors.FORBIDDEN_TENANT, exportErrors.FEDERATION_KEYS_FULL, ...changeProblems],
        response: { 200: { ...ANSWER, description: 'The keys, the new one first' } },
      },
    },
    async (request) => {
      // There is a first one.
      const made = await identity.keys();
      const before = deps.state.get('federation', FEDERATION_ID);
      // Of what it is to replace: a rotation at the same time is not undone.
      const after = await identity.rotated(before?.entity ?? made);
      await auditedChange(deps, request, {
        action: 'renew',
        kind: 'federation',
        id: FEDERATION_ID,
        plan: () => {
          requireAllTenants(principalOf(request));
          return { before, after };
        },
      });
      return identity.document();
    },
  );
}
