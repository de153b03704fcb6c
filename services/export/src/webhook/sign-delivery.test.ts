import { generateKeyPairSync, randomBytes, verify } from 'node:crypto';
import { Webhook, WebhookVerificationError } from 'standardwebhooks';
import { expect, test } from 'vitest';
import { signDelivery } from './sign-delivery.ts';
import type { DeliveryKeys } from './sign-delivery.ts';

const body = Buffer.from('[{"id":"ä€😀"}]');

function keys(
  expiresMs?: number,
): DeliveryKeys & { secret: string; verifies: (data: Buffer, signature: Buffer) => boolean } {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const hmac = randomBytes(32);
  return {
    hmac,
    ed25519: privateKey,
    ...(expiresMs === undefined ? {} : { expiresMs }),
    secret: `whsec_${hmac.toString('base64')}`,
    verifies: (data, signature) => verify(null, data, publicKey, signature),
  };
}

test('the library of the specification takes each key of a rotation, and no other', async () => {
  const [fresh, old, foreign] = [keys(), keys(Date.now() + 60_000), keys()];
  const headers = { ...(await signDelivery([fresh, old], 'msg_1', Date.now(), body)) };
  for (const { secret } of [fresh, old])
    expect(new Webhook(secret).verify(body, headers)).toEqual([{ id: 'ä€😀' }]);
  expect(() => new Webhook(foreign.secret).verify(body, headers)).toThrow(WebhookVerificationError);
  expect(() => new Webhook(fresh.secret).verify(Buffer.from('[]'), headers)).toThrow(
    WebhookVerificationError,
  );
  expect(() => new Webhook(fresh.secret).verify(body, { ...headers, 'webhook-id': 'msg_2' })).toThrow(
    WebhookVerificationError,
  );
});

test('the same bytes are signed as by the library', async () => {
  const key = keys();
  const at = new Date(1_674_087_231_500);
  const signed = await signDelivery([key], 'msg_1', at.getTime(), body);
  const signature = signed?.['webhook-signature'] ?? '';
  expect(signature.split(' ')[0]).toBe(new Webhook(key.secret).sign('msg_1', at, body));
});

test('each key signs with Ed25519 as well', async () => {
  const [fresh, old] = [keys(), keys(2000)];
  const headers = await signDelivery([fresh, old], 'msg_1', 1999, body);
  expect(headers?.['webhook-timestamp']).toBe('1');
  const signatures = headers?.['webhook-signature'].split(' ') ?? [];
  expect(signatures.map((signature) => signature.split(',')[0])).toEqual(['v1', 'v1a', 'v1', 'v1a']);
  const signed = Buffer.concat([Buffer.from('msg_1.1.'), body]);
  const bytes = (index: number): Buffer => Buffer.from(signatures[index]?.split(',')[1] ?? '', 'base64');
  expect(fresh.verifies(signed, bytes(1))).toBe(true);
  expect(old.verifies(signed, bytes(3))).toBe(true);
  expect(old.verifies(signed, bytes(1))).toBe(false);
});

test('a key that has expired signs no more', async () => {
  const [fresh, old] = [keys(), keys(2000)];
  const headers = await signDelivery([fresh, old], 'msg_1', 2000, body);
  expect(headers?.['webhook-signature'].split(' ')).toHaveLength(2);
  expect(await signDelivery([old], 'msg_1', 2000, body)).toBeUndefined();
});
