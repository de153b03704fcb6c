/** Signed well, by a key that is trusted, and yet to be refused: what others could read in another way. */
import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { CHAIN, ISSUER, KEY_ONE, atMinute, makeChain, putHead, readerOf } from './chain.test-support.ts';
import type { Place } from './chain.test-support.ts';
import { manifestName, openSigner, publicKeyOf, signatureName, trustKeys, verifyPlace } from './index.ts';
import type { VerifyReport } from './index.ts';

const keys = await trustKeys([publicKeyOf(KEY_ONE)]);
const signer = await openSigner(KEY_ONE);

const verify = (place: Place): Promise<VerifyReport> => verifyPlace(readerOf(place), { keys, settleMs: 0 });

/** A chain of one segment of two events, with the text of its manifest changed and signed again. */
async function resigned(change: (text: string) => string, chain = CHAIN): Promise<Place> {
  const place = await makeChain([{ files: [{ events: ['{"a":1}', '{"a":2}'] }] }]);
  const bytes = Buffer.from(change(String(place.get(manifestName(1)))));
  place.set(manifestName(1), bytes);
  const jws = await signer.sign('cadf-manifest', bytes);
  place.set(signatureName(1), Buffer.from(jws.replace(/\.[^.]*\./, '..')));
  const manifest = createHash('sha256').update(bytes).digest('hex');
  await putHead(place, signer, { sequence: 1, manifest, chain });
  return place;
}

test('what is signed again without a change is good', async () => {
  expect((await verify(await resigned((text) => text))).fault).toBeUndefined();
});

test.each([
  ['a member twice', '"late":false', '"late":true,"late":false'],
  ['a member twice in a file', '"lines":true', '"lines":true,"count":9,"count":2'],
  ['a time that is none', /"created":"[^"]*"/, '"created":"9999-99-99T00:00:00Z"'],
  ['a leap second', /"created":"[^"]*"/, '"created":"9999-12-31T23:59:60Z"'],
  [
    'more withheld than for its reasons',
    '"late"',
    '"withheld":{"count":2,"reasons":[{"code":"A","count":1}]},"late"',
  ],
  [
    'a reason twice',
    '"late"',
    '"withheld":{"count":2,"reasons":[{"code":"A","count":1},{"code":"A","count":1}]},"late"',
  ],
])('a manifest is invalid with %s', async (_, from, to) => {
  const { fault } = await verify(await resigned((text) => text.replace(from, to)));
  expect(fault).toMatchObject({ code: 'manifest-invalid', sequence: 1 });
});

test("a chain below another's name is none of the issuer's", async () => {
  const chain = `${ISSUER}/feeds/b/feeds/x`;
  await expect(resigned((text) => text.replaceAll(CHAIN, chain), chain)).rejects.toThrow(
    /none of its issuer/,
  );
});

test('events that the signer withheld are counted', async () => {
  const withheld = { count: 3, reasons: [{ code: 'REDACTION_VALUE_IN_ID', count: 3 }] };
  const place = await makeChain([{ files: [], more: { withheld } }, { files: [] }]);
  const report = await verify(place);
  expect(report).toMatchObject({ segments: 2, events: 0, withheld: 3 });
  expect(report.fault).toBeUndefined();
});

test('a head in another spelling is refused', async () => {
  const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  const place = await makeChain([]);
  for (const more of ['', 'x', 'xx']) {
    const head = { version: 1, issuer: ISSUER, chain: CHAIN, sequence: 0, manifest: null, final: false };
    const payload = Buffer.from(JSON.stringify({ ...head, created: atMinute(0), more }));
    const [header, inside = '', signature] = (await signer.sign('cadf-head', payload)).split('.');
    place.set('head.jws', Buffer.from([header, inside, signature].join('.')));
    expect((await verify(place)).fault).toBeUndefined();
    if (inside.length % 4 === 0) continue;
    const other = inside.slice(0, -1) + digits[digits.indexOf(inside.at(-1)!) | 1];
    place.set('head.jws', Buffer.from([header, other, signature].join('.')));
    expect((await verify(place)).fault).toMatchObject({ code: 'head-invalid' });
  }
});

test('a manifest of thousands of files and their origins is not read in square time', async () => {
  const place = await resigned((text) => {
    const manifest = JSON.parse(text);
    const sha256 = createHash('sha256').digest('hex');
    const file = { bytes: 0, sha256, count: 0, format: 'x', lines: false };
    manifest.files = Array.from({ length: 5000 }, (_, index) => `000000000001.${index}`).flatMap((name) => [
      { ...file, name },
      { ...file, name: `${name}o`, role: 'origins', of: name },
    ]);
    return JSON.stringify({ ...manifest, count: 0 });
  });
  const started = process.cpuUsage().user;
  expect((await verify(place)).fault?.code).toBe('file-missing');
  expect(process.cpuUsage({ user: started, system: 0 }).user).toBeLessThan(600_000);
});
