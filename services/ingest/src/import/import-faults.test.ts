import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createSigningKey, openSigner, publicKeyOf } from '@cadf-pipeline/federation';
import { expect, test } from 'vitest';
import {
  ISSUER,
  KEY_ONE,
  makeChain,
  putHead,
  writePlace,
} from '../../../../packages/federation/src/chain.test-support.ts';
import type { Place } from '../../../../packages/federation/src/chain.test-support.ts';
import { testEvent } from '../../../../test/support/events.ts';
import { startImportApp } from './import-app.test-support.ts';

const KEYS = { issuer: ISSUER, keys: [publicKeyOf(KEY_ONE)] };
const MANIFEST = '000000000002.manifest.json';
const CONTENT = '000000000002.events-0001.ndjson';
const lines = (count: number): string[] => Array.from({ length: count }, () => JSON.stringify(testEvent()));

async function goodChain(): Promise<Place> {
  return makeChain([
    { files: [{ events: lines(2) }] },
    { files: [{ events: lines(2) }] },
    { files: [{ events: lines(2) }] },
  ]);
}

const stranger = await createSigningKey(Date.UTC(2026, 0, 1));

/** What is done to the second of three segments, and what is said of it. */
const MUTATIONS: readonly {
  readonly what: string;
  readonly change: (place: Place) => void | Promise<void>;
  readonly code: string;
  readonly state: 'stopped' | 'waiting';
  /** Events of segments before it, which are good. */
  readonly before: number;
  readonly kept?: readonly string[];
}[] = [
  {
    what: 'one byte of an event is another',
    change: (place) =>
      void place.set(CONTENT, Buffer.from(String(place.get(CONTENT)).replace('"ada"', '"eve"'))),
    code: 'content-changed',
    state: 'stopped',
    before: 2,
    kept: [MANIFEST, '000000000002.manifest.jws', CONTENT],
  },
  {
    what: 'an event is left out',
    change: (place) =>
      void place.set(CONTENT, Buffer.from(`${String(place.get(CONTENT)).split('\n')[0] ?? ''}\n`)),
    code: 'content-changed',
    state: 'stopped',
    before: 2,
  },
  {
    what: 'its manifest is another',
    change: (place) =>
      void place.set(MANIFEST, Buffer.from(String(place.get(MANIFEST)).replace('p-blue', 'p-pink'))),
    code: 'signature-wrong',
    state: 'stopped',
    before: 2,
    kept: [MANIFEST, '000000000002.manifest.jws'],
  },
  {
    what: 'the third stands in its place',
    change: (place) => {
      for (const rest of ['manifest.json', 'manifest.jws'])
        place.set(`000000000002.${rest}`, place.get(`000000000003.${rest}`) ?? Buffer.alloc(0));
    },
    code: 'reordered',
    state: 'stopped',
    before: 2,
  },
  {
    what: 'it is missing',
    change: (place) => {
      for (const name of place.keys()) if (name.startsWith('000000000002')) place.delete(name);
    },
    code: 'segment-missing',
    state: 'waiting',
    before: 2,
  },
  {
    what: 'its content is missing',
    change: (place) => void place.delete(CONTENT),
    code: 'file-missing',
    state: 'waiting',
    before: 2,
  },
  {
    what: 'the head is missing',
    change: (place) => void place.delete('head.jws'),
    code: 'head-missing',
    state: 'waiting',
    before: 0,
  },
  {
    what: 'somebody else signed all of it',
    change: async (place) => {
      const forged = await makeChain([{ files: [{ events: lines(2) }], key: stranger }]);
      place.clear();
      for (const [name, bytes] of forged) place.set(name, bytes);
    },
    code: 'key-unknown',
    state: 'stopped',
    before: 0,
  },
];

test.each(MUTATIONS)(
  'where $what, nothing of it is taken; when it is mended the chain goes on',
  async ({ before, change, code, kept, state }) => {
    const app = await startImportApp();
    const good = await goodChain();
    const place: Place = new Map(good);
    await change(place);
    writePlace(place, app.folder);
    const { verdict } = await app.call('POST imports', {
      id: 'peer',
      keys: KEYS,
      from: { type: 'directory', path: app.folder },
    });
    expect(verdict).toBe('201');
    const stopped = await app.until('peer', ({ fault }) => fault !== undefined);
    expect(stopped).toMatchObject({ state, fault: { code }, counts: { events: before } });
    expect(stopped.refused).toBe(state === 'stopped' ? 1 : 0);
    expect(await app.events()).toHaveLength(before);
    expect(await app.letters()).toHaveLength(0);
    const own = (await app.records()).filter(({ value }) => String(value).includes(`"reasonCode":"${code}"`));
    expect(own).toHaveLength(state === 'stopped' ? 1 : 0);
    if (kept !== undefined) {
      const [folder = ''] = readdirSync(app.kept);
      const at = join(app.kept, folder, 'quarantine', `segment-2-${code}`);
      expect(readdirSync(at).toSorted()).toEqual([...kept].toSorted());
      for (const name of kept) expect(readFileSync(join(at, name))).toEqual(place.get(name));
    }

    for (const name of place.keys()) rmSync(join(app.folder, name));
    writePlace(good, app.folder);
    expect((await app.call('POST imports/peer/resume', {})).verdict).toBe('200');
    const mended = await app.until('peer', ({ sequence }) => sequence === 3);
    expect(mended).toMatchObject({ state: 'active', counts: { events: 6, accepted: 6 } });
    expect(mended).not.toHaveProperty('fault');
    expect(await app.events()).toHaveLength(6);
  },
);

test('a chain that was made anew is refused, and so is one that is shorter than it was', async () => {
  const app = await startImportApp();
  const place = await goodChain();
  writePlace(place, app.folder);
  await app.call('POST imports', { id: 'peer', keys: KEYS, from: { type: 'directory', path: app.folder } });
  await app.until('peer', ({ sequence }) => sequence === 3);

  writePlace(await goodChain(), app.folder);
  await app.call('POST imports/peer/resume', {});
  expect(await app.until('peer', ({ fault }) => fault !== undefined)).toMatchObject({
    state: 'stopped',
    fault: { code: 'forked' },
  });
  const shorter: Place = new Map(place);
  await putHead(shorter, await openSigner(KEY_ONE), { sequence: 2, manifest: 'a'.repeat(64) });
  writePlace(shorter, app.folder);
  await app.call('POST imports/peer/resume', {});
  await app.until('peer', ({ fault }) => fault !== undefined && fault.code !== 'forked');
  expect((await app.status('peer')).counts['events']).toBe(6);
  expect(await app.events()).toHaveLength(6);
});

test('an administrator may let a segment be left out, which is told from then on', async () => {
  const app = await startImportApp();
  const place = await goodChain();
  for (const name of place.keys()) if (name.startsWith('000000000002')) place.delete(name);
  writePlace(place, app.folder);
  await app.call('POST imports', { id: 'peer', keys: KEYS, from: { type: 'directory', path: app.folder } });
  await app.until('peer', ({ fault }) => fault?.code === 'segment-missing');
  await app.call('POST imports/peer/resume', { accept: { sequence: 3 } });
  const status = await app.until('peer', ({ sequence }) => sequence === 3);
  expect(status).toMatchObject({ counts: { events: 4 }, gaps: [{ from: 2, upto: 2 }] });
});

test('a segment larger than may be kept is refused, and leaves nothing behind', async () => {
  const app = await startImportApp({ CADF_IMPORT_MAX_BYTES: '1MiB' });
  const events = Array.from({ length: 300 }, () => JSON.stringify(testEvent({ name: 'n'.repeat(4000) })));
  writePlace(await makeChain([{ files: [{ events }] }]), app.folder);
  await app.call('POST imports', { id: 'peer', keys: KEYS, from: { type: 'directory', path: app.folder } });
  const status = await app.until('peer', ({ fault }) => fault !== undefined);
  expect(status).toMatchObject({ fault: { code: 'IMPORT_TOO_LARGE' }, counts: { events: 0 } });
  expect(await app.events()).toHaveLength(0);
  await app.call('DELETE imports/peer');
  const [folder = ''] = readdirSync(app.kept);
  await expect.poll(() => existsSync(join(app.kept, folder, 'staging', 'x'))).toBe(false);
});

test('events that were here before are not taken again', async () => {
  const app = await startImportApp();
  const issuer = 'urn:uuid:0e8f9a52-6a0c-4a56-8f0e-4d539a550d1f';
  const key = { kid: 'k'.repeat(43), x: 'x'.repeat(43), created: '2026-01-01T00:00:00.000Z' };
  await app.state.change(
    'federation',
    'deployment',
    { id: 'deployment', issuer, keys: [key] },
    { by: 'test', ifVersion: 0 },
  );
  const mine = testEvent({
    reporterchain: [
      { role: 'observer', reporterId: 'observer' },
      { role: 'relay', reporterTime: '2026-11-01T12:00:00.000000+00:00', reporterId: issuer },
    ],
  });
  writeFileSync(join(app.folder, 'a.ndjson'), `${JSON.stringify(mine)}\n${JSON.stringify(testEvent())}\n`);
  await app.call('POST imports', {
    id: 'peer',
    unsigned: true,
    from: { type: 'directory', path: app.folder },
  });
  const status = await app.until('peer', ({ files }) => files === 1);
  expect(status.counts).toMatchObject({ events: 2, accepted: 1, loops: 1 });
});

test('what a key bound to tenants brings belongs to these tenants, whatever it says, and to sources of its own', async () => {
  const app = await startImportApp();
  const token = await app.key('tenant-a', { tenants: ['a'] });
  const { body, verdict } = await app.call(
    'POST imports',
    { id: 'mine', unsigned: true, from: { type: 'upload' } },
    token,
  );
  expect(verdict).toBe('201');
  expect(body['prefix']).toBe('key-tenant-a_mine');
  const event = testEvent({ target: { id: 't', typeURI: 'compute/machine', project_id: 'b' } });
  await app.call('POST imports/mine/files?name=a.json', Buffer.from(JSON.stringify(event)), token);
  await app.until('mine', ({ files }) => files === 1);
  const [taken] = await app.events();
  expect(taken?.headers).toMatchObject({ 'cadf-tenants': 'a', 'cadf-source': 'key-tenant-a_mine' });

  // With the key its right goes, at once.
  const found = app.state.get('key', 'tenant-a');
  if (found === undefined) throw new Error('no key');
  await app.state.change(
    'key',
    'tenant-a',
    { ...found.entity, revoked: new Date().toISOString() },
    { by: 'test', ifVersion: found.version },
  );
  await app.call('POST imports/mine/files?name=b.json', Buffer.from(JSON.stringify(testEvent())));
  expect(await app.until('mine', ({ fault }) => fault !== undefined)).toMatchObject({
    state: 'waiting',
    fault: { code: 'IMPORT_RIGHTS' },
    files: 1,
  });
  expect(await app.events()).toHaveLength(1);
});

test('there cannot be an import that would take what nobody vouches for, or that leads elsewhere', async () => {
  const app = await startImportApp();
  const upload = { type: 'upload' };
  for (const body of [
    { from: upload },
    { content: 'segments', unsigned: true, from: upload },
    { content: 'cadf', keys: KEYS, from: upload },
    { keys: 'no keys', from: upload },
    { unsigned: true, prefix: 'cadf-pipeline', from: upload },
    { unsigned: true, routing: 'fixed', from: upload },
    { unsigned: true, from: { type: 'directory', path: '/etc' } },
    { unsigned: true, from: { type: 'directory', path: `${app.folder}/../..` } },
    { from: { type: 'feed', url: 'https://peer.example' } },
  ])
    expect((await app.call('POST imports', body)).verdict, JSON.stringify(body)).toBe('422 IMPORT_INVALID');
  const invitation = { from: { type: 'feed', invitation: 'cadf-invitation.e30' } };
  expect((await app.call('POST imports', invitation)).verdict).toBe('422 IMPORT_INVITATION_REFUSED');
});
