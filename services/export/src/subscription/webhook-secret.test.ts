import { randomBytes, sign, verify, createPublicKey } from 'node:crypto';
import { Secret } from '@cadf-pipeline/service-kit';
import { expect, test } from 'vitest';
import { openKafkaCredentials, sealKafkaCredentials } from './kafka-credentials.ts';
import { createSecretBox } from './secret-box.ts';
import { makeWebhookSecret, openWebhookSecrets, readWebhookSecret } from './webhook-secret.ts';

const NOW = Date.UTC(2026, 10, 1);
const box = createSecretBox(randomBytes(32));
const SPKI = Buffer.from('302a300506032b6570032100', 'hex');

test('a sealed text opens with its key for what it was sealed for, and in no other way', () => {
  const sealed = box.seal(new Secret('gehëim'), 'webhook s 1');
  expect(sealed).not.toContain(Buffer.from('gehëim').toString('base64url').slice(0, 6));
  expect(box.open(sealed, 'webhook s 1')?.reveal()).toBe('gehëim');
  expect(box.open(sealed, 'webhook s 2')).toBeUndefined();
  expect(createSecretBox(randomBytes(32)).open(sealed, 'webhook s 1')).toBeUndefined();
  const bytes = Buffer.from(sealed, 'base64url');
  for (let at = 0; at < bytes.length; at++) {
    const changed = Buffer.from(bytes);
    changed[at] = (changed[at] ?? 0) ^ 1;
    expect(box.open(changed.toString('base64url'), 'webhook s 1')).toBeUndefined();
  }
  for (const short of ['', 'AAAA', sealed.slice(0, 30)])
    expect(box.open(short, 'webhook s 1')).toBeUndefined();
  // The same text is sealed another way each time.
  expect(box.seal(new Secret('gehëim'), 'webhook s 1')).not.toBe(sealed);
});

test('what is made opens to the keys whose halves were told', () => {
  const { kept, secret } = makeWebhookSecret(box, 's', NOW);
  const sink = { type: 'webhook' as const, url: 'https://x.example', secrets: [kept] };
  const [keys] = openWebhookSecrets(box, { id: 's', sink }, NOW);
  expect(`whsec_${keys?.hmac.toString('base64')}`).toBe(secret);
  const told = Buffer.concat([SPKI, Buffer.from(kept.publicKey.slice('whpk_'.length), 'base64')]);
  const publicKey = createPublicKey({ key: told, format: 'der', type: 'spki' });
  const message = Buffer.from('x');
  const signature = keys === undefined ? Buffer.alloc(0) : sign(null, message, keys.ed25519);
  expect(verify(null, message, publicKey, signature)).toBe(true);
  // Put into another subscription it opens nothing.
  expect(openWebhookSecrets(box, { id: 'other', sink }, NOW)).toEqual([]);
});

test('those that have expired sign no more', () => {
  const ended = { ...makeWebhookSecret(box, 's', NOW).kept, expires: new Date(NOW).toISOString() };
  const ending = { ...makeWebhookSecret(box, 's', NOW).kept, expires: new Date(NOW + 1).toISOString() };
  const newest = makeWebhookSecret(box, 's', NOW).kept;
  const sink = { type: 'webhook' as const, url: 'https://x.example', secrets: [newest, ending, ended] };
  const opened = openWebhookSecrets(box, { id: 's', sink }, NOW);
  expect(opened.map(({ expiresMs, id }) => [id, expiresMs])).toEqual([
    [newest.id, undefined],
    [ending.id, NOW + 1],
  ]);
});

test.each([
  [`whsec_${Buffer.alloc(24, 1).toString('base64')}`, 24],
  [`whsec_${Buffer.alloc(64, 1).toString('base64').replace(/=+$/, '')}`, 64],
  ['x'.repeat(24), 24],
  ['é'.repeat(32), 64],
  [`whsec_${Buffer.alloc(23, 1).toString('base64')}`, undefined],
  [`whsec_${Buffer.alloc(65, 1).toString('base64')}`, undefined],
  [`whsec_${Buffer.alloc(32, 255).toString('base64url')}`, undefined],
  [`whsec_${'A'.repeat(40)} `, undefined],
  ['x'.repeat(23), undefined],
  ['é'.repeat(33), undefined],
])('a secret that is given is 24 to 64 bytes: %s', (text, bytes) => {
  expect(readWebhookSecret(text)?.length).toBe(bytes);
});

test('credentials of a topic open as they were sealed, for their subscription', () => {
  const credentials = { password: new Secret('p"w'), key: new Secret('-----BEGIN') };
  const sealed = sealKafkaCredentials(box, 's', credentials) ?? '';
  const sink = { type: 'kafka' as const, topic: 't', credentials: sealed };
  const opened = openKafkaCredentials(box, { id: 's', sink });
  expect([opened?.password?.reveal(), opened?.key?.reveal()]).toEqual(['p"w', '-----BEGIN']);
  expect(openKafkaCredentials(box, { id: 'other', sink })).toBeUndefined();
  expect(sealKafkaCredentials(box, 's', {})).toBeUndefined();
  expect(openKafkaCredentials(box, { id: 's', sink: { type: 'kafka', topic: 't' } })).toEqual({});
});
