/** Who may pull a feed: its tokens, and the invitations by which recipients get one. */
import { parseTimestamp } from '@cadf-pipeline/cadf-model';
import { IfMatch, MAX_FEED_CREDENTIALS, MAX_FEED_INVITATIONS } from '@cadf-pipeline/control-state';
import type { IdParams } from '@cadf-pipeline/control-state';
import { writeInvitation } from '@cadf-pipeline/federation';
import { ProblemError } from '@cadf-pipeline/service-kit';
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { acceptRoute } from './accept-route.ts';
import { feedErrors } from './feed-errors.ts';
import { invalidFeed } from './feed-fault.ts';
import { FEED_PARAMS, FEEDING, ofOneProblems } from './feed-routes.ts';
import { makeCredential, makeInvitation } from './feed-tokens.ts';
import { FEEDS_PATH } from './feeds.ts';
import type { FeedDeps, Feeds } from './feeds.ts';
import {
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
import { tooMany, withCredential } from './with-credential.ts';

const told = (description: string, schema: object, example: object) => ({
  description,
  content: { 'application/json': { schema, example } },
});

export function invitationRoutes(app: FastifyInstance, deps: FeedDeps, feeds: Feeds): void {
  const { identity, now } = deps;
  const tags = ['feeds'];

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
      await feeds.change(request, 'own', 'update', (before) =>
        withCredential(before, made.credential, now()),
      );
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

  acceptRoute(app, deps);

  function readExpiry(text: string): string {
    const time = parseTimestamp(text);
    if (time === undefined || time.zone === 'assumed-utc')
      throw invalidFeed('/expires', 'is no time with its zone, such as 2026-11-01T00:00:00Z');
    if (time.epochMs <= now()) throw invalidFeed('/expires', 'is not in the future');
    return new Date(time.epochMs).toISOString();
  }
}
