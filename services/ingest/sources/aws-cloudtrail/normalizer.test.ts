import { expect, test } from 'vitest';
import { createTenantFinder, DEFAULT_TENANT_RULES } from '@cadf-pipeline/control-state';
import { createNormalizer } from './normalizer.ts';
import { isNamedAfter } from './target.ts';

const CALL = {
  eventVersion: '1.11',
  eventTime: '2026-11-20T10:00:00Z',
  eventSource: 'secretsmanager.amazonaws.com',
  eventName: 'CreateSecret',
  eventID: '1',
  recipientAccountId: '111122223333',
  userIdentity: { type: 'IAMUser', arn: 'arn:aws:iam::444455556666:user/alice', accountId: '444455556666' },
};

function normalized(record: object, options?: Record<string, string>) {
  const normalizer = createNormalizer({ sourceName: 's', ...(options === undefined ? {} : { options }) });
  const [outcome] = normalizer.push({ text: JSON.stringify(record), receivedMs: 1 });
  if (outcome?.kind !== 'event') throw new Error('no event');
  return outcome.event;
}

test('secrets are taken out of the record that is attached, which stays JSON; names of secrets stay', () => {
  const event = normalized({
    ...CALL,
    requestParameters: {
      secretString: 'a"b\\',
      secretId: 'db',
      masterUserPassword: 'HIDDEN_DUE_TO_SECURITY_REASONS',
    },
    responseElements: { credentials: { sessionToken: 'FwoG', accessKeyId: 'ASIA' } },
  });
  expect(JSON.stringify(event)).not.toMatch(/FwoG|a\\\\?"b/);
  const content = event.attachments?.[0]?.content;
  expect(JSON.parse(String(content))).toMatchObject({
    requestParameters: {
      secretString: '***',
      secretId: 'db',
      masterUserPassword: 'HIDDEN_DUE_TO_SECURITY_REASONS',
    },
    responseElements: { credentials: { sessionToken: '***', accessKeyId: 'ASIA' } },
  });
  expect(event.tags).toContain('//aws-cloudtrail/redacted?value=record');
});

test('who has the trail is the tenant, and nobody where the account is not known', () => {
  const tenantsOf = (event: object): readonly string[] =>
    createTenantFinder(DEFAULT_TENANT_RULES, {
      source: 's',
      sourceType: 'aws-cloudtrail',
      submitter: '*',
    }).tenantsOf((pointer) => {
      let value: unknown = event;
      for (const name of pointer.split('/').slice(1)) value = Object(value)[name];
      return typeof value === 'string' ? value : undefined;
    });
  expect(tenantsOf(normalized(CALL))).toEqual(['111122223333']);
  const { recipientAccountId: _, ...early } = CALL;
  expect(tenantsOf(normalized(early))).toEqual([]);
  expect(tenantsOf(normalized(early, { account: '777788889999' }))).toEqual(['777788889999']);
  expect(tenantsOf(normalized(early, { account: 'mine' }))).toEqual([]);
});

test('the same event of two trails is one event; that of the other account is another', () => {
  const { id } = normalized(CALL);
  expect(normalized({ ...CALL, additional: 'member' }).id).toBe(id);
  expect(normalized({ ...CALL, recipientAccountId: '444455556666' }).id).not.toBe(id);
});

test.each([
  ['DeleteUser', 'user', true],
  ['DeleteUserPolicy', 'user', false],
  ['DeleteObjects', 'object', true],
  ['DeleteObjects', 'bucket', false],
  ['CreateFunction20150331v2', 'function', true],
  ['CreateServiceLinkedRole', 'role', true],
  ['CreateDBInstance', 'db', true],
  ['DeleteLogStream', 'log-group', false],
])('%s is about a %s: %s', (name, kind, expected) => {
  expect(isNamedAfter(name, kind)).toBe(expected);
});
