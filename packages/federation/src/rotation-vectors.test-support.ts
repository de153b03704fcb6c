/** Vectors of keys that hand over to each other: who verifies trusts the first one alone, and is given what is published. */
import { ISSUER, KEY_ONE, atMinute, makeChain } from './chain.test-support.ts';
import type { SegmentOfChain } from './chain.test-support.ts';
import {
  FEDERATION_DOCUMENT_PATH,
  federationDocument,
  openSigner,
  publicKeyOf,
  signRotation,
} from './index.ts';
import type { FederationDocument, SigningKey } from './index.ts';
import { KEY_THREE, KEY_TWO, events } from './vector.test-support.ts';
import type { AddVector } from './vector.test-support.ts';

/** `from` hands over at that minute, and is retired with it. `by`: who signs that instead. */
async function handOver(from: SigningKey, to: SigningKey, minute: number, by = from): Promise<string> {
  const signer = await openSigner({ ...by, kid: from.kid });
  const at = atMinute(minute);
  return signRotation(signer, { issuer: ISSUER, key: publicKeyOf(to), created: at, retired: at });
}

function publishing(...rotations: readonly string[]): FederationDocument {
  const old = [
    { ...publicKeyOf(KEY_ONE), retired: atMinute(2) },
    { ...publicKeyOf(KEY_TWO), retired: atMinute(3) },
  ];
  return federationDocument(ISSUER, [...old, publicKeyOf(KEY_THREE)], rotations);
}

/** Segments of two events each, by their keys. */
function signedBy(...keys: readonly SigningKey[]): readonly SegmentOfChain[] {
  return keys.map((key, index) => ({ files: [{ events: events(index * 2 + 1, index * 2 + 2) }], key }));
}

export async function addRotationVectors(add: AddVector): Promise<void> {
  const keys = federationDocument(ISSUER, [publicKeyOf(KEY_ONE)]);
  const [toTwo, toThree] = [await handOver(KEY_ONE, KEY_TWO, 2), await handOver(KEY_TWO, KEY_THREE, 3)];
  const three = signedBy(KEY_ONE, KEY_ONE, KEY_TWO);
  await add(
    'good-rotation',
    'Segment 2 is signed at the minute at which its key is retired; two keys follow, each named by the one before.',
    null,
    () => makeChain(signedBy(KEY_ONE, KEY_ONE, KEY_TWO, KEY_THREE)),
    { keys, published: publishing(toTwo, toThree) },
  );
  await add(
    'rotation-missing',
    'The second key is published, but the first one has not signed that it follows.',
    { code: 'key-unknown', file: 'head.jws' },
    () => makeChain(three),
    { keys, published: publishing() },
  );
  await add(
    'rotation-by-another',
    'A stranger has signed, under his own name, that the second key follows: he is passed over.',
    { code: 'key-unknown', file: 'head.jws' },
    () => makeChain(three),
    { keys, published: publishing(await handOver(KEY_THREE, KEY_TWO, 2)) },
  );
  await add(
    'rotation-forged',
    'A stranger has signed, under the name of the first key, that the second key follows.',
    { code: 'signature-wrong', file: FEDERATION_DOCUMENT_PATH },
    () => makeChain(three),
    { keys, published: publishing(await handOver(KEY_ONE, KEY_TWO, 2, KEY_THREE)) },
  );
  await add(
    'rotation-by-retired',
    'The first key has handed over to the second, and then, with an earlier date, to the third: that counts for nothing.',
    { code: 'key-unknown', file: 'head.jws' },
    () => makeChain(signedBy(KEY_ONE, KEY_ONE, KEY_THREE)),
    { keys, published: publishing(toTwo, await handOver(KEY_ONE, KEY_THREE, 1)) },
  );
  await add(
    'rotation-key-retired',
    'Segment 3 is signed by the first key, a minute after that was retired by its own statement. The keys trusted do not say so.',
    { code: 'key-retired', sequence: 3, file: '000000000003.manifest.json' },
    async () => {
      const place = await makeChain(signedBy(KEY_ONE, KEY_ONE, KEY_ONE));
      const head = (await makeChain(three)).get('head.jws');
      return head === undefined ? place : place.set('head.jws', head);
    },
    { keys, published: publishing(toTwo) },
  );
}
