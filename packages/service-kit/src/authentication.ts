import type { FastifyInstance, FastifyRequest } from 'fastify';
import fastifyPlugin from 'fastify-plugin';

import { hashKey } from './api-key.ts';
import { createAttemptLimiter } from './attempt-limiter.ts';
import type { AttemptLimits } from './attempt-limiter.ts';
import { frameworkErrors } from './framework-errors.ts';
import { callerOf, ROLES } from './principal.ts';
import type { Principal, Role } from './principal.ts';
import { ProblemError } from './problem.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who calls; undefined on public routes, and by a credential of `alsoBy`. `principalOf` reads it on the others. */
    principal: Principal | undefined;
  }
  interface FastifyInstance {
    /** What `credentialOf` asks. */
    verifyAgain: VerifyToken;
  }
  interface FastifyContextConfig {
    /** The role a principal needs; of a list, any one. */
    role?: Role | readonly Role[];
    /** No credential needed and none looked at. */
    public?: boolean;
    /**
     * Another credential that a route with a role takes: whether the token is one for this request, which then has no
     * principal. Asked before whose token it is; it must not throw.
     */
    alsoBy?: (request: FastifyRequest, token: string) => boolean;
  }
}

/** Whom a token belongs to, or why it counts for nothing: `reason` is for the log, the caller is not told. */
export type Verdict =
  | { readonly principal: Principal }
  | { readonly reason: 'malformed' | 'unknown' | 'mismatch' | 'expired' | 'revoked' };

/** Checks a token. Called for every request, so expiry and revocation hold at once. */
export type VerifyToken = (token: string) => Verdict | Promise<Verdict>;

export interface AuthenticationOptions {
  readonly verify: VerifyToken;
  /** Bounds of failed attempts per address. Default: 20 at once, one more per second, 10,000 addresses. */
  readonly attempts?: AttemptLimits;
  /** Milliseconds that never go back. Default `performance.now`. */
  readonly now?: () => number;
  /** Told of every refused credential; for counters. */
  readonly onRefused?: (reason: string) => void;
}

const REALM = 'Bearer realm="cadf-pipeline"';
const MAX_TOKEN_LENGTH = 8_192;
/** Tokens remembered as good; one that is forgotten only loses its way past a blocked address. */
const MAX_KNOWN_GOOD = 10_000;

/**
 * Every route says `config: { role: … }` or `config: { public: true }`; one that says neither stops the start, so
 * that no route can forget. Register it before the routes.
 *
 * An address that failed too often is answered 429 unverified, so that guessing is slow and the log short.
 * Tokens that were good before pass even then: one broken client must not shut out the others behind its address.
 */
export const authentication = fastifyPlugin(
  (app: FastifyInstance, options: AuthenticationOptions, done: () => void) => {
    const limiter = createAttemptLimiter(
      options.attempts ?? { burst: 20, refillMs: 1000, maxAddresses: 10_000 },
      options.now ?? (() => performance.now()),
    );
    const knownGood = new Set<string>();
    app.decorateRequest('principal', undefined);
    app.decorate('verifyAgain', options.verify);

    app.addHook('onRoute', ({ method, url, config }) => {
      const roles = rolesOf(config?.role);
      if (config?.public === true ? roles.length > 0 : roles.length === 0) {
        throw new Error(`route ${String(method)} ${url} must declare either config.role or config.public`);
      }
      const wrong = roles.find((role) => !ROLES.includes(role));
      if (wrong !== undefined)
        throw new Error(`route ${String(method)} ${url} declares unknown role ${wrong}`);
    });

    app.addHook('onRequest', async (request) => {
      const { config } = request.routeOptions;
      if (request.is404 || config.public === true) return;
      const token = tokenOf(request);
      if (token !== undefined && config.alsoBy?.(request, token) === true) return;
      const principal = await identify(request, token);
      const roles = rolesOf(config.role);
      if (!roles.some((role) => principal.roles.has(role))) throw missingRole(principal, roles);
      request.principal = principal;
    });

    async function identify(request: FastifyRequest, token: string | undefined): Promise<Principal> {
      if (token === undefined) return refuse(request, 'missing', REALM);
      const digest = hashKey(token);
      const waitSeconds = knownGood.has(digest) ? 0 : limiter.waitSeconds(request.ip);
      if (waitSeconds > 0) {
        options.onRefused?.('throttled');
        throw new ProblemError(frameworkErrors.AUTHENTICATION_THROTTLED, { retryAfterSeconds: waitSeconds });
      }
      const verdict = await options.verify(token);
      if ('principal' in verdict) {
        remember(knownGood, digest);
        return verdict.principal;
      }
      knownGood.delete(digest);
      limiter.failed(request.ip);
      return refuse(request, verdict.reason, `${REALM}, error="invalid_token"`);
    }

    function refuse(request: FastifyRequest, reason: string, challenge: string): never {
      options.onRefused?.(reason);
      // Without a credential it is most often a browser or a probe, and anyone can send it without bound.
      request.log[reason === 'missing' ? 'debug' : 'info'](
        { reason, remoteAddress: request.ip },
        'credential refused',
      );
      throw new ProblemError(frameworkErrors.UNAUTHENTICATED, {
        detail: reason === 'missing' ? 'The request has no credential' : 'The credential is not valid',
        headers: { 'www-authenticate': challenge },
      });
    }
    done();
  },
  { name: 'authentication', fastify: '5.x' },
);

/** The principal of a request on a route that declares a role. */
export function principalOf(request: FastifyRequest): Principal {
  if (request.principal === undefined)
    throw new Error(`route ${request.routeOptions.url} is public: no principal`);
  return request.principal;
}

/** The credential of a request whose answer goes on for so long that its rights may end meanwhile. */
export interface Credential {
  /** The same for all requests with the same token to routes of the same roles. Tells nothing of the token. */
  readonly id: string;
  /**
   * Who calls, as it is now. Throws UNAUTHENTICATED where the token counts for nothing any more, FORBIDDEN_ROLE where
   * the role that the route needs is gone, and what the verifier throws that cannot say (IDENTITY_UNAVAILABLE).
   */
  verify(): Promise<Principal>;
}

/** On a route that declares a role. */
export function credentialOf(request: FastifyRequest): Credential {
  const token = tokenOf(request);
  if (token === undefined) throw new Error(`route ${request.routeOptions.url} is public: no credential`);
  const roles = rolesOf(request.routeOptions.config.role);
  const { verifyAgain } = request.server;
  return {
    id: `${roles.join(' ')} ${hashKey(token)}`,
    async verify() {
      const verdict = await verifyAgain(token);
      if (!('principal' in verdict))
        throw new ProblemError(frameworkErrors.UNAUTHENTICATED, {
          detail: 'The credential is not valid any more',
        });
      const { principal } = verdict;
      if (!roles.some((role) => principal.roles.has(role))) throw missingRole(principal, roles);
      return principal;
    },
  };
}

function rolesOf(role: Role | readonly Role[] | undefined): readonly Role[] {
  if (role === undefined) return [];
  return typeof role === 'string' ? [role] : role;
}

/** RFC 6750 §2.1; `X-Auth-Token` is what OpenStack clients send. */
function tokenOf({ headers }: FastifyRequest): string | undefined {
  const { authorization } = headers;
  const other = headers['x-auth-token'];
  const token =
    authorization !== undefined
      ? /^bearer /i.test(authorization)
        ? authorization.slice(7).trim()
        : undefined
      : typeof other === 'string'
        ? other.trim()
        : undefined;
  return token === undefined || token === '' || token.length > MAX_TOKEN_LENGTH ? undefined : token;
}

function missingRole(principal: Principal, roles: readonly Role[]): ProblemError {
  return new ProblemError(frameworkErrors.FORBIDDEN_ROLE, {
    detail: `${callerOf(principal)} lacks the role ${roles.join(' or ')}`,
    members: { missingRole: roles },
    headers: { 'www-authenticate': `${REALM}, error="insufficient_scope", scope="${roles.join(' ')}"` },
  });
}

function remember(known: Set<string>, digest: string): void {
  if (known.has(digest)) return;
  known.add(digest);
  const oldest = known.values().next();
  if (known.size > MAX_KNOWN_GOOD && oldest.done !== true) known.delete(oldest.value);
}
