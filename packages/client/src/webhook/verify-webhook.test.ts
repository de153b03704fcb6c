import { generateKeyPairSync, sign } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { describe, expect, test } from 'vitest';
import { verifyWebhook } from './verify-webhook.ts';
import type { WebhookToVerify } from './verify-webhook.ts';

const SECRET = `whsec_${Buffer.from('a secret of twenty-four.').toString('base64')}`;
const OTHER = `whsec_${Buffer.from('another one, for twenty4').toString('base64')}`;
const NOW = Date.UTC(2026, 10, 22);
const EVENTS = [{ id: 'e1' }, { id: 'é2' }];
const BODY = JSON.stringify(EVENTS);

const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const PUBLIC = `whpk_${Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url').toString('base64')}`;

function signed(body: string, { secret = SECRET, atMs = NOW, type = 'application/json', more = '' } = {}) {
  return {
    body,
    nowMs: NOW,
    headers: {
      'Content-Type': type,
      'webhook-id': 'msg_1',
      'webhook-timestamp': String(atMs / 1000),
      'webhook-signature': `${more}${new Webhook(secret).sign('msg_1', new Date(atMs), body)}`,
      'cadf-cursor': 'c9',
      'cadf-subscription': 's1',
    },
  };
}

function ed25519(body: string): string {
  return `v1a,${sign(null, Buffer.from(`msg_1.${NOW / 1000}.${body}`), privateKey).toString('base64')}`;
}

const refused = (webhook: WebhookToVerify): unknown => {
  try {
    verifyWebhook(webhook);
    return 'taken';
  } catch (error) {
    return (error as { code?: string }).code;
  }
};

describe('a webhook', () => {
  test('signed with the secret gives its events, cursor and id, from headers of every kind', () => {
    const webhook = signed(BODY);
    const expected = {
      id: 'msg_1',
      sent: new Date(NOW),
      events: EVENTS,
      cursor: 'c9',
      subscription: 's1',
      test: false,
    };
    expect(verifyWebhook({ ...webhook, secret: SECRET })).toEqual(expected);
    const headers = new Headers(webhook.headers);
    expect(verifyWebhook({ ...webhook, headers, body: Buffer.from(BODY), secret: SECRET })).toEqual(expected);
  });

  test.each([
    ['application/x-ndjson', `${JSON.stringify(EVENTS[0])}\n${JSON.stringify(EVENTS[1])}\n`, EVENTS],
    ['application/cloudevents+json; charset=utf-8', JSON.stringify({ data: EVENTS[0] }), [EVENTS[0]]],
    ['application/cloudevents-batch+json', JSON.stringify(EVENTS.map((data) => ({ data }))), EVENTS],
  ])('is read as %s', (type, body, events) => {
    expect(verifyWebhook({ ...signed(body, { type }), secret: SECRET }).events).toEqual(events);
  });

  test('is taken while secrets are rotated: one of several secrets, one of several signatures', () => {
    expect(refused({ ...signed(BODY), secrets: [OTHER, SECRET] })).toBe('taken');
    const both = signed(BODY, { more: `${new Webhook(OTHER).sign('msg_1', new Date(NOW), BODY)} v2,xyz ` });
    expect(refused({ ...both, secret: SECRET })).toBe('taken');
    expect(refused({ ...both, secret: OTHER })).toBe('taken');
  });

  test('is taken by its Ed25519 signature', () => {
    const webhook = signed(BODY);
    const headers = { ...webhook.headers, 'webhook-signature': `v1,AAAA ${ed25519(BODY)}` };
    expect(refused({ ...webhook, headers, publicKey: PUBLIC })).toBe('taken');
    expect(refused({ ...webhook, headers, body: `${BODY} `, publicKey: PUBLIC })).toBe(
      'CLIENT_WEBHOOK_INVALID',
    );
    expect(refused({ ...webhook, publicKey: PUBLIC })).toBe('CLIENT_WEBHOOK_INVALID');
  });

  test.each([
    ['another secret', { ...signed(BODY, { secret: OTHER }) }],
    ['another body', { ...signed(BODY), body: BODY.replace('e1', 'e2') }],
    ['a body that is not UTF-8', { ...signed(BODY), body: Buffer.from([0x22, 0xff, 0x22]) }],
    ['an old time', signed(BODY, { atMs: NOW - 301_000 })],
    ['a time to come', signed(BODY, { atMs: NOW + 301_000 })],
    ['no signature', { ...signed(BODY), headers: { 'webhook-id': 'msg_1', 'webhook-timestamp': '1' } }],
    ['no time', { ...signed(BODY), headers: { ...signed(BODY).headers, 'webhook-timestamp': '1e9' } }],
    ['another id', { ...signed(BODY), headers: { ...signed(BODY).headers, 'webhook-id': 'msg_2' } }],
    ['a form that is none', signed(BODY, { type: 'text/plain' })],
    ['a body of another form', signed('{"id":"e1"}')],
    ['a list of other things', signed('[1]')],
    ['no JSON', signed('[')],
  ])('with %s is refused', (_, webhook) => {
    expect(refused({ ...webhook, secret: SECRET })).toBe('CLIENT_WEBHOOK_INVALID');
  });

  test('the tolerance is the caller’s to choose', () => {
    expect(refused({ ...signed(BODY, { atMs: NOW - 301_000 }), secret: SECRET, toleranceSeconds: 400 })).toBe(
      'taken',
    );
    expect(refused({ ...signed(BODY, { atMs: 0 }), secret: SECRET, toleranceSeconds: NaN })).toBe(
      'CLIENT_WEBHOOK_INVALID',
    );
  });

  test('without a secret, or with what is none, it is the program that is wrong', () => {
    expect(() => verifyWebhook(signed(BODY))).toThrow(TypeError);
    expect(() => verifyWebhook({ ...signed(BODY), secret: 'whsec_!' })).toThrow(TypeError);
    expect(() => verifyWebhook({ ...signed(BODY), publicKey: 'whpk_AAAA' })).toThrow(TypeError);
  });
});
