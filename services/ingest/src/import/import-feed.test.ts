import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  createOriginsFile,
  createSigningKey,
  openSigner,
  publicKeyOf,
  signManifest,
  signRotation,
  writeInvitation,
} from '@cadf-pipeline/federation';
import type { SegmentManifest, SigningKey } from '@cadf-pipeline/federation';
import { expect, onTestFinished, test } from 'vitest';
import {
  atMinute,
  CHAIN,
  ISSUER,
  KEY_ONE,
  makeChain,
  putHead,
} from '../../../../packages/federation/src/chain.test-support.ts';
import type { Place } from '../../../../packages/federation/src/chain.test-support.ts';
import { testEvent } from '../../../../test/support/events.ts';
import { startImportApp } from './import-app.test-support.ts';

const TOKEN = `cadff_0123456789ab_${'A'.repeat(43)}`;
const SECRET = `0123456789ab_${'B'.repeat(43)}`;

interface Provider {
  readonly url: string;
  readonly place: Place;
  readonly asked: string[];
  token: string;
  /** What it publishes. */
  keys: object[];
  rotations: string[];
}

/** A deployment that gives a feed away, as far as it can be seen from outside. */
async function startProvider(place: Place): Promise<Provider> {
  const server = createServer((request, response) => {
    const url = request.url ?? '';
    provider.asked.push(`${request.method} ${url}`);
    const answer = (status: number, body: string | Buffer): void => void response.writeHead(status).end(body);
    const published = { issuer: ISSUER, keys: provider.keys, rotations: provider.rotations };
    if (url === '/.well-known/cadf-federation.json') return answer(200, JSON.stringify(published));
    if (url === '/cadf/v1/feeds/example/accept') {
      let text = '';
      request.on('data', (part: Buffer) => (text += part.toString()));
      request.on('end', () => {
        const { secret } = JSON.parse(text) as { secret: string };
        if (secret !== SECRET) return answer(403, '{}');
        const accepted = {
          token: TOKEN,
          chain: CHAIN,
          issuer: ISSUER,
          keys: published,
          cadenceSeconds: 10,
        };
        return answer(200, JSON.stringify(accepted));
      });
      return;
    }
    if (request.headers.authorization !== `Bearer ${provider.token}`) return answer(401, '{}');
    const name = url.endsWith('/head') ? 'head.jws' : (url.split('/').at(-1) ?? '');
    const bytes = place.get(name);
    if (bytes === undefined) return answer(404, '{}');
    return answer(200, bytes);
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const provider: Provider = {
    url: `http://127.0.0.1:${port}`,
    place,
    asked: [],
    token: TOKEN,
    keys: [publicKeyOf(KEY_ONE)],
    rotations: [],
  };
  return provider;
}

function invitationTo({ url }: Provider, change: object = {}): string {
  return writeInvitation({
    v: 1,
    url,
    feed: 'example',
    issuer: ISSUER,
    keys: [KEY_ONE.kid],
    secret: SECRET,
    expires: new Date(Date.now() + 60_000).toISOString(),
    ...change,
  });
}

/** One segment of two events of two sources. */
async function chainWithOrigins(): Promise<Place> {
  const place = await makeChain([
    { files: [{ events: [JSON.stringify(testEvent()), JSON.stringify(testEvent())] }] },
  ]);
  const manifest = JSON.parse(String(place.get('000000000001.manifest.json'))) as SegmentManifest;
  const origins = createOriginsFile(manifest.files[0]?.name ?? '');
  origins.add('keystone-a', 1);
  origins.add('nova/1', 1);
  const { bytes, file } = origins.end();
  place.set(file.name, bytes);
  await addSegment(place, { ...manifest, files: [...manifest.files, file] }, KEY_ONE);
  return place;
}

async function addSegment(place: Place, manifest: SegmentManifest, key: SigningKey): Promise<void> {
  const signer = await openSigner(key);
  const signed = await signManifest(signer, manifest);
  for (const { bytes, name } of signed.files) place.set(name, bytes);
  await putHead(place, signer, { sequence: manifest.sequence, manifest: signed.sha256 });
}

test('an invitation is accepted by one call, and the feed is pulled under the sources of its origin', async () => {
  const app = await startImportApp();
  const provider = await startProvider(await chainWithOrigins());
  const { body, verdict } = await app.call('POST imports', {
    id: 'acme',
    tenants: ['project-a'],
    routing: 'fixed',
    from: { type: 'feed', invitation: invitationTo(provider) },
  });
  expect(verdict).toBe('201');
  expect(JSON.stringify(body)).not.toContain(TOKEN);
  expect(JSON.stringify(app.state.list('import'))).not.toContain(TOKEN);
  await app.until('acme', ({ sequence }) => sequence === 1);
  const events = await app.events();
  expect(events.map(({ headers }) => headers['cadf-source'])).toEqual(['acme.keystone-a', 'acme.nova._2F1']);
  expect(events.map(({ headers }) => headers['cadf-tenants'])).toEqual(['project-a', 'project-a']);

  // A token that is taken back is said, and nothing is lost.
  provider.token = 'another';
  await app.call('POST imports/acme/resume', {});
  const waiting = await app.until('acme', ({ fault }) => fault !== undefined);
  expect(waiting).toMatchObject({ state: 'waiting', fault: { code: 'IMPORT_PLACE_UNREADABLE' } });
  expect(waiting.fault?.message).toMatch(/revoked/);
});

test('an invitation is refused where the provider is not who it says', async () => {
  const app = await startImportApp();
  const provider = await startProvider(await makeChain([]));
  const stranger = await createSigningKey(Date.UTC(2026, 0, 1));
  for (const [change, verdict] of [
    [{ keys: [stranger.kid] }, '422 IMPORT_INVITATION_REFUSED'],
    [{ issuer: 'urn:uuid:0e8f9a52-6a0c-4a56-8f0e-4d539a550d1f' }, '422 IMPORT_INVITATION_REFUSED'],
    [{ secret: 'C'.repeat(43) }, '422 IMPORT_INVITATION_REFUSED'],
    [{ expires: '2020-01-01T00:00:00Z' }, '422 IMPORT_INVITATION_REFUSED'],
    [{ url: 'http://127.0.0.1:1' }, '502 IMPORT_PEER_UNREACHABLE'],
  ] as const) {
    const from = { type: 'feed', invitation: invitationTo(provider, change) };
    expect((await app.call('POST imports', { from })).verdict, JSON.stringify(change)).toBe(verdict);
  }
  expect(app.state.list('import')).toEqual([]);
  // What is wrong here is said before the provider is asked: an invitation counts once.
  const { length } = provider.asked;
  const from = { type: 'feed', invitation: invitationTo(provider) };
  await app.call('POST imports', { prefix: 'cadf-pipeline', from });
  expect(provider.asked).toHaveLength(length);
  const closed = await startImportApp({ CADF_FEDERATION_ALLOW_PRIVATE: 'false' });
  expect((await closed.call('POST imports', { from })).verdict).toBe('422 IMPORT_INVITATION_REFUSED');
});

test('a key that a trusted key hands over to is trusted; another one is not', async () => {
  const app = await startImportApp();
  const place = await chainWithOrigins();
  const provider = await startProvider(place);
  const from = { type: 'feed', invitation: invitationTo(provider) };
  await app.call('POST imports', { id: 'acme', from });
  await app.until('acme', ({ sequence }) => sequence === 1);

  const next = await createSigningKey(Date.UTC(2026, 1, 1));
  const first = JSON.parse(String(place.get('000000000001.manifest.json'))) as SegmentManifest;
  const other = await makeChain([{ files: [] }, { files: [], key: next }]);
  const second = JSON.parse(String(other.get('000000000002.manifest.json'))) as SegmentManifest;
  const { sha256 } = await signManifest(await openSigner(KEY_ONE), first);
  await addSegment(place, { ...second, previous: sha256 }, next);
  provider.keys = [publicKeyOf(next), publicKeyOf(KEY_ONE)];
  await app.call('POST imports/acme/resume', {});
  expect(await app.until('acme', ({ fault }) => fault !== undefined)).toMatchObject({
    state: 'stopped',
    fault: { code: 'key-unknown' },
  });
  const rotation = { issuer: ISSUER, key: publicKeyOf(next), created: atMinute(1), retired: atMinute(5) };
  provider.rotations = [await signRotation(await openSigner(KEY_ONE), rotation)];
  await app.call('POST imports/acme/resume', {});
  await app.until('acme', ({ sequence }) => sequence === 2);
});

test('a peer that pushes puts the files of a chain, again where it does not know whether they came', async () => {
  const app = await startImportApp();
  const place = await chainWithOrigins();
  await app.call('POST imports', {
    id: 'pushed',
    keys: { issuer: ISSUER, keys: [publicKeyOf(KEY_ONE)] },
    from: { type: 'upload' },
  });
  const token = await app.key('peer', { source: 'pushed' });
  const names = [...place.keys()].toSorted((a, b) => Number(a === 'head.jws') - Number(b === 'head.jws'));
  const put = async (name: string): Promise<unknown> => {
    const { body, verdict } = await app.call(`PUT imports/pushed/segments/${name}`, place.get(name), token);
    expect(verdict).toBe('202');
    return body['known'];
  };
  for (const name of names) expect(await put(name)).toBe(false);
  const status = await app.until('pushed', ({ sequence }) => sequence === 1);
  expect(status.counts).toMatchObject({ events: 2, accepted: 2 });
  expect(await app.events()).toHaveLength(2);
  for (const name of names) expect(await put(name)).toBe(name !== 'head.jws');
  expect((await app.status('pushed')).counts).toMatchObject({ events: 2 });
  // Bound to the prefix of another import: there is none.
  const other = await app.key('other', { source: 'elsewhere' });
  expect((await app.call('PUT imports/pushed/segments/head.jws', place.get('head.jws'), other)).verdict).toBe(
    '404 IMPORT_NOT_FOUND',
  );
});
