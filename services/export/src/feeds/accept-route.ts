/** How a recipient accepts an invitation to a feed. */
import { randomUUID } from 'node:crypto';
import { controlChangeEvent, controlErrors, namedTenants } from '@cadf-pipeline/control-state';
import type {
  ControlChange,
  Feed,
  FeedCredential,
  FeedInvitation,
  IdParams,
  Versioned,
} from '@cadf-pipeline/control-state';
import { chainName } from '@cadf-pipeline/federation';
import { frameworkErrors, ProblemError } from '@cadf-pipeline/service-kit';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { feedErrors } from './feed-errors.ts';
import { FEED_PARAMS } from './feed-routes.ts';
import { FEED_DEFAULTS } from './feed-defaults.ts';
import { invitationOf, makeCredential } from './feed-tokens.ts';
import { FEEDS_PATH } from './feeds.ts';
import type { FeedDeps } from './feeds.ts';
import { Acceptance, Accepted, ACCEPTED_EXAMPLE } from './invitation-schemas.ts';
import { createRefusedAcceptances } from './refused-acceptances.ts';
import type { RefusedAcceptance } from './refused-acceptances.ts';
import { withCredential } from './with-credential.ts';

export function acceptRoute(app: FastifyInstance, { audit, identity, now, state }: FeedDeps): void {
  const refusals = createRefusedAcceptances(audit);

  app.post<{ Params: IdParams; Body: Acceptance }>(
    `${FEEDS_PATH}/:id/accept`,
    {
      config: { public: true },
      schema: {
        tags: ['feeds'],
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
        response: {
          200: {
            description: 'It was accepted',
            content: { 'application/json': { schema: Accepted, example: ACCEPTED_EXAMPLE } },
          },
        },
      },
    },
    async (request) => {
      refusals.admit(request);
      const { id } = request.params;
      const found = state.get('feed', id);
      // The same where there is no such feed: an invitation tells nothing to who guesses.
      const problem = new ProblemError(feedErrors.FEED_INVITATION);
      if (found === undefined) return refuse(request, problem, { reason: 'feed-unknown' }, undefined);
      const verdict = invitationOf(found.entity, request.body.secret, now());
      if ('reason' in verdict) return refuse(request, problem, verdict, found.entity);
      const { entity } = found;
      const invitation = verdict.valid;
      const name = request.body.name ?? `invitation ${invitation.id}`;
      const made = makeCredential(now(), { name });
      let after: Feed;
      try {
        after = acceptedBy(request.body, entity, invitation, made.credential);
      } catch (error) {
        if (!(error instanceof ProblemError)) throw error;
        return refuse(request, error, { reason: 'too-many-tokens', invitation }, entity);
      }
      await accept(request, found, after, invitation);
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

  /** `invitation`: whose secret it is; without, nothing is known of who asks. */
  async function refuse(
    request: FastifyRequest<{ Params: IdParams }>,
    problem: ProblemError,
    {
      invitation,
      reason,
    }: { readonly reason: RefusedAcceptance['reason']; readonly invitation?: FeedInvitation },
    feed: Feed | undefined,
  ): Promise<never> {
    // What strangers try is the provider's to see: they could write into the log of any tenant, and of who gets its feed.
    const tenants = invitation === undefined || feed === undefined ? [] : namedTenants(feed);
    const attempt = attemptOf(request, request.params.id, invitation);
    await refusals.refused(request, { attempt, problem, reason, tenants });
    throw problem;
  }

  /** As `auditedChange`; there is no principal but the invitation. */
  async function accept(
    request: FastifyRequest,
    { entity: before, version }: Versioned<'feed'>,
    after: Feed,
    invitation: FeedInvitation,
  ): Promise<void> {
    const change = { ...attemptOf(request, after.id, invitation), before, after };
    const seen = namedTenants(after);
    const end = (outcome: Pick<ControlChange, 'outcome' | 'failure'>): Promise<void> =>
      audit(controlChangeEvent({ ...change, ...outcome }), seen).catch((error: unknown) => {
        request.log.error(
          { err: error, eventId: change.eventId },
          'the end of an acceptance was not recorded',
        );
      });
    await audit(controlChangeEvent({ ...change, outcome: 'pending' }), seen);
    try {
      await state.change('feed', after.id, after, { by: change.principal.id, ifVersion: version });
    } catch (error) {
      const { code, statusCode: status } =
        error instanceof ProblemError ? error : new ProblemError(frameworkErrors.INTERNAL);
      await end({ outcome: 'failure', failure: { status, code } });
      throw error;
    }
    await end({ outcome: 'success' });
  }

  function attemptOf(
    request: FastifyRequest,
    id: string,
    invitation: FeedInvitation | undefined,
  ): RefusedAcceptance['attempt'] {
    return {
      eventId: randomUUID(),
      timeMs: now(),
      action: 'update',
      kind: 'feed',
      id,
      principal:
        invitation === undefined
          ? { id: 'unknown', name: 'Unknown' }
          : { id: `invitation-${invitation.id}`, name: 'An invitation' },
      remoteAddress: request.ip,
    };
  }

  function acceptedBy(
    { issuer, name }: Acceptance,
    before: Feed,
    invitation: FeedInvitation,
    credential: FeedCredential,
  ): Feed {
    const used = { ...invitation, used: new Date(now()).toISOString() };
    return {
      ...withCredential(before, credential, now()),
      invitations: before.invitations.map((each) => (each.id === invitation.id ? used : each)),
      ...(issuer === undefined
        ? {}
        : { peer: { name: name ?? issuer.slice(0, 256), ...before.peer, issuer } }),
    };
  }
}
