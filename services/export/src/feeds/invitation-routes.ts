/** Who may pull a feed: its tokens, and the invitations by which recipients get one. */
import { randomUUID } from 'node:crypto';
import { parseTimestamp } from '@cadf-pipeline/cadf-model';
import {
  controlChangeEvent,
  controlErrors,
  IfMatch,
  MAX_FEED_CREDENTIALS,
  MAX_FEED_INVITATIONS,
} from '@cadf-pipeline/control-state';
import type { Feed, IdParams, Versioned } from '@cadf-pipeline/control-state';
import { chainName, writeInvitation } from '@cadf-pipeline/federation';
import { createAttemptLimiter, frameworkErrors, ProblemError } from '@cadf-pipeline/service-kit';
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { feedErrors } from './feed-errors.ts';
import { invalidFeed } from './feed-fault.ts';
import { FEED_PARAMS, FEEDING, ofOneProblems } from './feed-routes.ts';
import { FEED_DEFAULTS } from './feed-defaults.ts';
import { invitationOf, makeCredential, makeInvitation } from './feed-tokens.ts';
import { FEEDS_PATH } from './feeds.ts';
import type { FeedDeps, Feeds } from './feeds.ts';
import {
  Acceptance,
  Accepted,
  ACCEPTED_EXAMPLE,
  CREDENTIAL_EXAMPLE,
  CredentialParams,
  DEFAULT_INVITATION_SECONDS,
  INVITATION_EXAMPLE,
  NewCredentialBody,
  NewInvitation,
  ToldCredential,
  ToldInvitation,
} from './invitation-schemas.ts';
import type { NewCredential } from './invitation-schemas.ts';

/** Wrong secrets from one address. */
const ATTEMPTS = { burst: 10, refillMs: 10_000, maxAddresses: 10_000 } as const;

const told = (description: string, schema: object, example: object) => ({
  description,
  content: { 'application/json': { schema, example } },
});

export function invitationRoutes(app: FastifyInstance, deps: FeedDeps, feeds: Feeds): void {
  const { audit, identity, now, state } = deps;
  const tags = ['feeds'];
  const limiter = createAttemptLimiter(ATTEMPTS, () => performance.now());

  app.post<{ Params: IdParams; Body: NewCredential | null }>(
    `${FEEDS_PATH}/:id/credentials`,
    {
      ...FEEDING,
      schema: {
        tags,
        summary: 'Make a token that pulls a feed',
        description: `For a recipient without a key here. It reads the segments of this feed and nothing else. Only the owner may; at most ${MAX_FEED_CREDENTIALS} of one feed.`,
        params: FEED_PARAMS,
        headers: IfMatch,
        body: NewCredentialBody,
        problems: [
          feedErrors.FEED_INVALID,
          feedErrors.FEED_NOT_YOURS,
          feedErrors.FEED_TOO_MANY,
          ...ofOneProblems,
        ],
        response: { 201: told('The token', ToldCredential, CREDENTIAL_EXAMPLE) },
      },
    },
    async (request, reply) => {
      const { expires, name } = request.body ?? {};
      const made = makeCredential(now(), {
        name,
        expires: expires === undefined ? undefined : readExpiry(expires),
      });
      await feeds.change(request, 'own', 'update', (before) => withCredential(before, made.credential));
      const { hash: _hash, ...shown } = made.credential;
      return reply.code(201).send({ ...shown, token: made.token });
    },
  );

  app.delete<{ Params: CredentialParams }>(
    `${FEEDS_PATH}/:id/credentials/:credential`,
    {
      ...FEEDING,
      schema: {
        tags,
        summary: 'Take back a token of a feed',
        description: 'It counts for nothing at once. Only the owner may.',
        params: CredentialParams,
        headers: IfMatch,
        problems: [feedErrors.FEED_TOKEN_NOT_FOUND, feedErrors.FEED_NOT_YOURS, ...ofOneProblems],
        response: { 204: Type.Null({ description: 'It is gone' }) },
      },
    },
    async (request, reply) => {
      const { credential } = request.params;
      await feeds.change(request, 'own', 'revoke', (before) => {
        if (!before.credentials.some(({ id }) => id === credential))
          throw new ProblemError(feedErrors.FEED_TOKEN_NOT_FOUND);
        return { ...before, credentials: before.credentials.filter(({ id }) => id !== credential) };
      });
      return reply.code(204).send();
    },
  );

  app.post<{ Params: IdParams; Body: NewInvitation }>(
    `${FEEDS_PATH}/:id/invitations`,
    {
      ...FEEDING,
      schema: {
        tags,
        summary: 'Invite a recipient to a feed',
        description: `One line of text, with which the recipient's own deployment gets a token and the keys to verify with; it counts once. Only the owner may; at most ${MAX_FEED_INVITATIONS} of one feed are kept.`,
        params: FEED_PARAMS,
        headers: IfMatch,
        body: NewInvitation,
        problems: [feedErrors.FEED_NOT_YOURS, feedErrors.FEED_TOO_MANY, ...ofOneProblems],
        response: { 201: told('The invitation', ToldInvitation, INVITATION_EXAMPLE) },
      },
    },
    async (request, reply) => {
      const { seconds = DEFAULT_INVITATION_SECONDS, url } = request.body;
      const { issuer, keys } = await identity.document();
      const { invitation, secret } = makeInvitation(now(), seconds * 1000);
      const { entity } = await feeds.change(request, 'own', 'update', (before) => {
        const open = before.invitations.filter(({ expires }) => Date.parse(expires) > now());
        if (open.length >= MAX_FEED_INVITATIONS) throw tooMany('invitations', MAX_FEED_INVITATIONS);
        return { ...before, invitations: [...open, invitation] };
      });
      const { expires, id } = invitation;
      const text = writeInvitation({
        v: 1,
        url,
        feed: entity.id,
        issuer,
        keys: keys.flatMap(({ kid }) => kid ?? []),
        secret,
        expires,
      });
      return reply.code(201).send({ id, invitation: text, expires });
    },
  );

  app.post<{ Params: IdParams; Body: Acceptance }>(
    `${FEEDS_PATH}/:id/accept`,
    {
      config: { public: true },
      schema: {
        tags,
        summary: 'Accept an invitation to a feed',
        description:
          'Answers once with a token that pulls the feed, and the keys to verify it with. Needs no credential but the secret of the invitation.',
        params: FEED_PARAMS,
        body: Acceptance,
        problems: [
          feedErrors.FEED_INVITATION,
          feedErrors.FEED_TOO_MANY,
          frameworkErrors.AUTHENTICATION_THROTTLED,
          controlErrors.CONTROL_CONFLICT,
        ],
        response: { 200: told('It was accepted', Accepted, ACCEPTED_EXAMPLE) },
      },
    },
    async (request) => {
      const { id } = request.params;
      const { issuer: peer, name, secret } = request.body;
      const waitSeconds = limiter.waitSeconds(request.ip);
      if (waitSeconds > 0)
        throw new ProblemError(frameworkErrors.AUTHENTICATION_THROTTLED, { retryAfterSeconds: waitSeconds });
      const found = state.get('feed', id);
      const invitation = found === undefined ? undefined : invitationOf(found.entity, secret, now());
      // The same where there is no such feed: an invitation tells nothing to who guesses.
      if (found === undefined || invitation === undefined) {
        limiter.failed(request.ip);
        request.log.info({ remoteAddress: request.ip }, 'invitation refused');
        throw new ProblemError(feedErrors.FEED_INVITATION);
      }
      const made = makeCredential(now(), { name: name ?? `invitation ${invitation.id}` });
      const used = { ...invitation, used: new Date(now()).toISOString() };
      const { entity } = found;
      const after: Feed = {
        ...withCredential(entity, made.credential),
        invitations: entity.invitations.map((each) => (each.id === invitation.id ? used : each)),
        ...(peer === undefined
          ? {}
          : { peer: { name: name ?? peer.slice(0, 256), ...entity.peer, issuer: peer } }),
      };
      await accept(found, after, request.ip, invitation.id);
      const document = await identity.document();
      return {
        token: made.token,
        feed: id,
        chain: chainName(document.issuer, 'feed', entity.chain),
        issuer: document.issuer,
        keys: document,
        cadenceSeconds: entity.cadenceSeconds ?? FEED_DEFAULTS.cadenceSeconds,
        segments: `${FEEDS_PATH}/${id}/segments`,
      };
    },
  );

  /** As `auditedChange`; there is no principal but the invitation. */
  async function accept(
    before: Versioned<'feed'>,
    after: Feed,
    remoteAddress: string,
    invitation: string,
  ): Promise<void> {
    const change = {
      eventId: randomUUID(),
      timeMs: now(),
      action: 'update',
      kind: 'feed',
      id: after.id,
      before: before.entity,
      after,
      principal: { id: `invitation-${invitation}`, name: 'An invitation' },
      remoteAddress,
    } as const;
    const seen = after.tenants === '*' ? [] : after.tenants;
    await audit(controlChangeEvent({ ...change, outcome: 'pending' }), seen);
    await state.change('feed', after.id, after, { by: change.principal.id, ifVersion: before.version });
    await audit(controlChangeEvent({ ...change, outcome: 'success' }), seen);
  }

  function withCredential(before: Feed, credential: Feed['credentials'][number]): Feed {
    const kept = before.credentials.filter(
      ({ expires }) => expires === undefined || Date.parse(expires) > now(),
    );
    if (kept.length >= MAX_FEED_CREDENTIALS) throw tooMany('tokens', MAX_FEED_CREDENTIALS);
    return { ...before, credentials: [...kept, credential] };
  }

  function readExpiry(text: string): string {
    const time = parseTimestamp(text);
    if (time === undefined || time.zone === 'assumed-utc')
      throw invalidFeed('/expires', 'is no time with its zone, such as 2026-11-01T00:00:00Z');
    if (time.epochMs <= now()) throw invalidFeed('/expires', 'is not in the future');
    return new Date(time.epochMs).toISOString();
  }
}

function tooMany(what: string, most: number): ProblemError {
  return new ProblemError(feedErrors.FEED_TOO_MANY, { detail: `The most ${what} of one feed are ${most}.` });
}
