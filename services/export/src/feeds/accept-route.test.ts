import { readInvitation } from '@cadf-pipeline/federation';
import { expect, test } from 'vitest';
import { startFeedApp } from './feed-app.test-support.ts';
import type { FeedApp } from './feed-app.test-support.ts';
import { makeCredential } from './feed-tokens.ts';
import { made } from './pulled.test-support.ts';

interface Refusal {
  readonly action: string;
  readonly initiator: { readonly id: string };
  /** What the event says of the invitation. */
  readonly told: { readonly reason: string };
  /** Who sees it, beside who reaches all. */
  readonly tenants: string;
}

async function refusals(app: FeedApp): Promise<readonly Refusal[]> {
  return (await app.auditRecords()).flatMap(({ tenants, text }) => {
    const event = JSON.parse(text);
    const of = event.attachments?.find(({ name }: { name: string }) => name === 'invitation');
    return of === undefined || event.outcome !== 'failure' ? [] : [{ ...event, told: of.content, tenants }];
  });
}

test('an invitation that is refused is an audit event with its reason, which is not answered', async () => {
  const app = await startFeedApp();
  await app.key('owner');
  made(await app.call('owner', 'POST feeds', { id: 'f' }));
  const invite = async (seconds: number): Promise<string> => {
    const { body } = await app.call('owner', 'POST feeds/f/invitations', {
      url: 'https://p.example',
      seconds,
    });
    return readInvitation(String(body['invitation']))!.secret;
  };
  const accept = async (id: string, secret: string): Promise<string> =>
    (await app.call('', `POST feeds/${id}/accept`, { secret })).verdict;
  const [short, long] = [await invite(60), await invite(3600)];
  expect(await accept('gone', long)).toBe('403 FEED_INVITATION');
  expect(await accept('f', `${long.slice(0, -2)}AA`)).toBe('403 FEED_INVITATION');
  app.pass(61_000);
  expect(await accept('f', short)).toBe('403 FEED_INVITATION');
  const { entity, version } = app.state.get('feed', 'f')!;
  const credentials = Array.from({ length: 50 }, () => makeCredential(app.now(), {}).credential);
  await app.state.change('feed', 'f', { ...entity, credentials }, { by: 'test', ifVersion: version });
  expect(await accept('f', long)).toBe('422 FEED_TOO_MANY');
  const [gone, wrong, ...known] = await refusals(app);
  for (const [event, reason] of [
    [gone, 'feed-unknown'],
    [wrong, 'mismatch'],
  ] as const)
    expect(event).toMatchObject({
      action: 'update',
      initiator: { id: 'unknown', host: { address: '127.0.0.1' } },
      target: { id: event === gone ? 'gone' : 'f', typeURI: 'data/message/stream/feed' },
      reason: { reasonCode: '403', policyId: 'FEED_INVITATION' },
      told: { reason },
      tenants: '',
    });
  expect(known).toMatchObject([
    { initiator: { id: `invitation-${short.slice(0, 12)}` }, told: { reason: 'expired' }, tenants: 'a' },
    { reason: { policyId: 'FEED_TOO_MANY' }, told: { reason: 'too-many-tokens' }, tenants: 'a' },
  ]);
  // An address has ten refusals at once; what comes after is not looked at.
  for (let tries = 0; tries < 9; tries++) await accept('f', '0'.repeat(50));
  expect(await accept('f', long)).toBe('429 AUTHENTICATION_THROTTLED');
  expect(await refusals(app)).toHaveLength(10);
  const written = (await app.audited()).join();
  for (const secret of [short, long]) expect(written).not.toContain(secret.slice(13));
});

test('an acceptance that meets another change ends as a failure in the audit log', async () => {
  const app = await startFeedApp();
  await app.key('owner');
  made(await app.call('owner', 'POST feeds', { id: 'f' }));
  const { body } = await app.call('owner', 'POST feeds/f/invitations', { url: 'https://p.example' });
  const { secret } = readInvitation(String(body['invitation']))!;
  const accept = () => app.call('', 'POST feeds/f/accept', { secret });
  const verdicts = (await Promise.all([accept(), accept()])).map(({ verdict }) => verdict);
  expect(verdicts.toSorted()).toEqual(['200', '409 CONTROL_CONFLICT']);
  const ends = (await app.audited())
    .map((text) => JSON.parse(text))
    .filter(({ initiator }) => String(initiator.id).startsWith('invitation-'));
  const [failed] = ends.filter(({ outcome }) => outcome === 'failure');
  expect(failed).toMatchObject({ reason: { reasonCode: '409', policyId: 'CONTROL_CONFLICT' } });
  expect(ends.filter(({ id }) => id === failed.id).map(({ outcome }) => outcome)).toEqual([
    'pending',
    'failure',
  ]);
});
