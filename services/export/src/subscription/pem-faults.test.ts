import { expect, test } from 'vitest';
import { makeCertificate } from '../../../../packages/guarded-http/src/receiver.test-support.ts';
import { pemFaults } from './pem-faults.ts';
import type { PemTexts } from './pem-faults.ts';

const own = makeCertificate();
const other = makeCertificate();
const broken = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';

test.each<[string, PemTexts]>([
  ['nothing', {}],
  ['an authority', { ca: own.cert }],
  ['several, with words before them', { ca: `# ours\n${own.cert}\n${other.cert}` }],
  ['a certificate and its key', { ...own }],
  ['a certificate with its chain', { cert: own.cert + other.cert, key: own.key }],
])('%s is sound', (_, texts) => {
  expect(pemFaults('body/tls', texts)).toEqual([]);
});

test.each<[string, PemTexts, string]>([
  ['an authority that is no PEM', { ca: 'nope' }, 'body/tls/ca'],
  ['an authority that is a key', { ca: own.key }, 'body/tls/ca'],
  ['authorities of which one is broken', { ca: own.cert + broken }, 'body/tls/ca'],
  ['a broken certificate', { cert: broken, key: own.key }, 'body/tls/cert'],
  ['a certificate without its key', { cert: own.cert }, 'body/tls'],
  ['a key without its certificate', { key: own.key }, 'body/tls'],
  ['a key that is none', { cert: own.cert, key: 'K3Y' }, 'body/tls/key'],
  ['the key of another certificate', { cert: own.cert, key: other.key }, 'body/tls/key'],
])('%s is a fault, and says where', (_, texts, path) => {
  expect(pemFaults('body/tls', texts)).toEqual([{ path, message: expect.not.stringContaining('K3Y') }]);
});
