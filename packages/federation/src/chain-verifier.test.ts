import { expect, test } from 'vitest';
import {
  chainName,
  contentName,
  createChainVerifier,
  createFileDigest,
  createSigningKey,
  openSigner,
  publicKeyOf,
  signHead,
  signManifest,
  trustKeys,
} from './index.ts';

const issuer = 'urn:uuid:6f1c0c1e-0d52-4f6e-9a53-6a1f0a6f4a11';
const chain = chainName(issuer, 'feed', 'f1');

test('what is signed is verified', async () => {
  const key = await createSigningKey(Date.parse('2026-01-01T00:00:00Z'));
  const signer = await openSigner(key);
  const digest = createFileDigest({
    name: contentName(1, 'events-0001.ndjson'),
    format: 'cadf-ndjson',
    lines: true,
  });
  digest.content(Buffer.from('{"a":1}\n{"a"'));
  digest.content(Buffer.from(':2}\n'));
  const signed = await signManifest(signer, {
    version: 1,
    issuer,
    chain,
    kind: 'feed',
    sequence: 1,
    previous: null,
    created: '2026-01-02T00:00:00.000Z',
    period: { from: '2026-01-01T00:00:00Z', to: '2026-01-02T00:00:00Z' },
    late: false,
    count: 2,
    first: { partition: 0, offset: 10 },
    last: { partition: 0, offset: 11 },
    positions: [{ partition: 0, from: 10, upto: 12 }],
    files: [digest.end(2)],
    filter: null,
    tenants: ['p-blue'],
    redaction: null,
  });
  const head = await signHead(signer, {
    version: 1,
    issuer,
    chain,
    sequence: 1,
    manifest: signed.sha256,
    created: '2026-01-02T00:00:00.000Z',
    final: false,
  });
  const verifier = createChainVerifier({ keys: await trustKeys([publicKeyOf(key)], issuer) });
  const [manifest, signature] = signed.files;
  const { sha256 } = await verifier.segment(manifest.bytes, signature.bytes);
  expect(sha256).toBe(signed.sha256);
  expect(await verifier.head(head.bytes)).toMatchObject({ sequence: 1, manifest: sha256 });
  expect(verifier.point).toMatchObject({ chain, sequence: 1, manifest: sha256 });
});
