import { CompactSign, importJWK } from 'jose';
import { expect, test } from 'vitest';
import { KEY_ONE } from './chain.test-support.ts';
import { VerifyFault, publicKeyOf, trustKeys } from './index.ts';
import { verifySignature } from './verify-signature.ts';

const keys = await trustKeys([publicKeyOf(KEY_ONE)]);
const payload = Buffer.from('{"a":1}');
const site = { file: 'x', invalid: 'signature-invalid' } as const;

async function jws(header: object): Promise<string> {
  const key = await importJWK(KEY_ONE, 'EdDSA');
  const signed = await new CompactSign(payload)
    .setProtectedHeader({ alg: 'EdDSA', kid: KEY_ONE.kid, typ: 'cadf-head', ...header })
    .sign(key, { crit: { 'x-known': true } });
  return signed;
}

async function codeOf(text: string, detached?: Buffer): Promise<string> {
  try {
    await verifySignature(Buffer.from(text), detached, 'cadf-head', keys, site);
    return 'good';
  } catch (error) {
    if (!(error instanceof VerifyFault)) throw error;
    return error.fault.code;
  }
}

test('what was signed is good, with its payload or detached', async () => {
  const signed = await jws({});
  expect(await codeOf(signed)).toBe('good');
  expect(await codeOf(signed.replace(/\.[^.]*\./, '..'), payload)).toBe('good');
  expect(await codeOf(signed.replace(/\.[^.]*\./, '..'), Buffer.from('{"a":2}'))).toBe('signature-wrong');
});

test.each([
  ['another type', { typ: 'cadf-manifest' }],
  ['no type', { typ: undefined }],
  ['no key id', { kid: undefined }],
  ['another algorithm name', { alg: 'Ed25519' }],
  ['an extension that must be understood', { crit: ['x-known'], 'x-known': 1 }],
  ['a key of its own', { jwk: publicKeyOf(KEY_ONE) }],
  ['a content type', { cty: 'json' }],
])('a header with more or other than alg, kid and typ is refused: %s', async (_, header) => {
  expect(await codeOf(await jws(header))).toBe('signature-invalid');
});

test('a signature in another spelling is refused', async () => {
  const signed = await jws({});
  const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  // The last digit carries two bits of the signature; the four others belong to nothing.
  const last = digits[digits.indexOf(signed.at(-1)!) | 1]!;
  expect(await codeOf(signed.slice(0, -1) + last)).toBe('signature-invalid');
  for (const text of [`${signed}\n`, ` ${signed}`, `${signed}=`, signed.replace('.', '..'), '', 'a.b.c']) {
    expect(await codeOf(text), text).toBe('signature-invalid');
  }
});

test('a detached signature with a payload of its own is refused', async () => {
  expect(await codeOf(await jws({}), payload)).toBe('signature-invalid');
});
