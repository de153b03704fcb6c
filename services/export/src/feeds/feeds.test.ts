import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { readInvitation } from '@cadf-pipeline/federation';
import { expect, onTestFinished, test } from 'vitest';
import { BEGIN_MS, eventAt, startFeedApp } from './feed-app.test-support.ts';
import { keptAt, made, pull, segments, status, texts, until, verified } from './pulled.test-support.ts';

test('a period becomes a segment, late events one of their own, an empty one is said, and all of it verifies', async () => {
  const app = await startFeedApp();
  await app.key('owner');
  await app.accept([{ event: eventAt('before', BEGIN_MS) }]);
  made(await app.call('owner', 'POST feeds', { id: 'f', filter: "action = 'update'" }));
  await app.accept([
    { event: eventAt('in-time', BEGIN_MS + 1), source: 'nova' },
    { event: eventAt('other', BEGIN_MS + 1), tenants: ['b'] },
    { event: eventAt('late', BEGIN_MS - 3_600_000), source: 'glance' },
  ]);
  app.pass(60_000);
  const first = await segments(app, 'f', 2);
  expect(first.map(({ count, late, period }) => [count, late, period.from, period.to])).toEqual([
    [1, false, '2026-11-01T12:00:00.250Z', '2026-11-01T12:01:00.000Z'],
    [1, true, '2026-11-01T12:00:00.250Z', '2026-11-01T12:01:00.000Z'],
  ]);
  const [inTime, late] = [await texts(app, 'f', first[0]!), await texts(app, 'f', first[1]!)];
  expect(inTime.join()).toContain('"id":"in-time"');
  expect(late.join()).toContain('"id":"late"');
  expect(JSON.parse(inTime[0]!)).toMatchObject({
    reporterchain: [{ role: 'relay', reporter: { id: app.issuer }, reporterTime: expect.any(String) }],
  });
  const origins = first[0]!.files.find(({ role }) => role === 'origins')!;
  expect(String((await app.call('owner', `GET feeds/f/segments/${origins.name}`)).bytes)).toBe(
    '{"source":"nova","count":1}\n',
  );

  app.pass(60_000);
  const [, , empty] = await segments(app, 'f', 3);
  expect(empty).toMatchObject({ count: 0, late: false, files: [] });
  const report = await verified(app, await pull(app, 'f'));
  expect(report).toMatchObject({ segments: 3, events: 2, issuer: app.issuer, final: false });
  expect(report.fault).toBeUndefined();
  // What is on the disk of the service verifies as well.
  const here = await verified(app, await keptAt(app, 'f'));
  expect([here.segments, here.fault]).toEqual([3, undefined]);
  expect(await status(app, 'f')).toMatchObject({
    state: 'running',
    sequence: 3,
    events: 2,
    late: 1,
    lagSeconds: 0,
  });
});

test('a token of a feed pulls that feed and nothing else, as long as it is not taken back', async () => {
  const app = await startFeedApp();
  await app.key('owner');
  await app.key('other');
  for (const id of ['f', 'g']) made(await app.call('owner', 'POST feeds', { id, start: 'beginning' }));
  await segments(app, 'f', 1);
  const { body } = await app.call('owner', 'POST feeds/f/credentials', { name: 'acme' });
  const token = String(body['token']);
  expect(token).toMatch(/^cadff_/);
  const file = 'segments/000000000001.manifest.json';
  expect((await verified(app, await pull(app, 'f', token))).fault).toBeUndefined();
  const part = await app.call(token, `GET feeds/f/${file}`, undefined, { range: 'bytes=0-10' });
  expect([part.status, part.bytes.length]).toEqual([206, 11]);
  const verdicts = async (key: string): Promise<readonly string[]> =>
    Promise.all(
      [`feeds/f/${file}`, 'feeds/f/head', 'feeds/f/segments', `feeds/g/${file}`, 'feeds/f', 'feeds'].map(
        async (path) => (await app.call(key, `GET ${path}`)).verdict,
      ),
    );
  const no = '401 UNAUTHENTICATED';
  expect(await verdicts(token)).toEqual(['200', '200', '200', no, no, no]);
  expect(await verdicts('other')).toEqual([...Array(5).fill('404 FEED_NOT_FOUND'), '200']);
  expect(await verdicts(`${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`)).toEqual(
    Array(6).fill(no),
  );
  expect((await app.call(token, 'GET feeds/f/segments/../../g')).status).toBe(401);
  for (const name of ['000000000002.manifest.json', '000000000000.manifest.json', 'index.html'])
    expect((await app.call(token, `GET feeds/f/segments/${name}`)).verdict).toBe(
      '404 FEED_SEGMENT_NOT_FOUND',
    );
  expect((await app.audited()).filter((text) => text.includes('"byToken":true'))).toHaveLength(1);

  expect((await app.call('owner', `DELETE feeds/f/credentials/${String(body['id'])}`)).status).toBe(204);
  expect((await app.call(token, 'GET feeds/f/segments')).verdict).toBe(no);
  // Nothing that could be tried out is shown or told.
  const shown = JSON.stringify([(await app.call('owner', 'GET feeds/f')).body, await app.audited()]);
  expect(shown).not.toMatch(/"hash"|redactionKey|cadff_/);
});

test('an invitation counts once, and gives what is needed to pull and verify', async () => {
  const app = await startFeedApp();
  await app.key('owner');
  made(await app.call('owner', 'POST feeds', { id: 'f', start: 'beginning' }));
  await segments(app, 'f', 1);
  const { body } = await app.call('owner', 'POST feeds/f/invitations', { url: 'https://provider.example' });
  const invitation = readInvitation(` ${String(body['invitation'])}\n`)!;
  expect(invitation).toMatchObject({ url: 'https://provider.example', feed: 'f', issuer: app.issuer });
  const secret = invitation.secret;
  const accept = (given: string) =>
    app.call('', 'POST feeds/f/accept', { secret: given, issuer: 'urn:uuid:peer', name: 'acme' });
  expect((await accept(`${secret.slice(0, -2)}AA`)).verdict).toBe('403 FEED_INVITATION');
  const accepted = await accept(secret);
  expect(accepted.body).toMatchObject({ feed: 'f', issuer: app.issuer, cadenceSeconds: 60 });
  expect(JSON.stringify(accepted.body['keys'])).toContain(invitation.keys[0]);
  expect((await verified(app, await pull(app, 'f', String(accepted.body['token'])))).fault).toBeUndefined();
  expect((await accept(secret)).verdict).toBe('403 FEED_INVITATION');
  expect((await app.call('owner', 'GET feeds/f')).body).toMatchObject({
    peer: { name: 'acme', issuer: 'urn:uuid:peer' },
    invitations: [{ used: expect.any(String) }],
  });

  // What was with the recipient before is not sent to it, and that is said.
  const step = {
    role: 'relay',
    reporter: { id: 'urn:uuid:peer' },
    reporterTime: '2026-11-01T11:00:00+00:00',
  };
  await app.accept([
    { event: eventAt('round', app.now(), { reporterchain: [step] }) },
    { event: eventAt('new', app.now()) },
  ]);
  app.pass(60_000);
  await until(app, 'f', { loops: 1, withheld: 0 });
  const found = await segments(app, 'f', 2);
  const given = (await Promise.all(found.map((each) => texts(app, 'f', each)))).flat().join();
  expect([given.includes('"id":"new"'), given.includes('"id":"round"')]).toEqual([true, false]);

  for (let tries = 0; tries < 12; tries++) await accept('0'.repeat(50));
  expect((await accept('0'.repeat(50))).verdict).toBe('429 AUTHENTICATION_THROTTLED');
});

test('nothing is given away without the rights of the owner, and nothing is lost until they are back', async () => {
  const app = await startFeedApp();
  await app.key('owner', { tenants: ['a', 'b'] });
  made(await app.call('owner', 'POST feeds', { id: 'f', tenants: ['a', 'b'], start: 'beginning' }));
  await segments(app, 'f', 1);
  await app.accept([{ event: eventAt('one', app.now()), tenants: ['b'] }]);
  await app.changeKey('owner', { tenants: ['a'] });
  app.pass(60_000);
  await until(app, 'f', { state: 'stopped', sequence: 1, failure: { code: 'FEED_RIGHTS' } });
  expect((await app.call('owner', 'GET feeds/f/segments')).verdict).toBe('403 FEED_RIGHTS');
  expect((await app.audited()).filter((text) => text.includes('FEED_RIGHTS'))).toHaveLength(1);
  app.pass(600_000);
  await app.changeKey('owner', { tenants: ['a', 'b'] });
  await until(app, 'f', { state: 'running' });
  const [, next] = await segments(app, 'f', 2);
  expect((await texts(app, 'f', next!)).join()).toContain('"id":"one"');
  expect((await status(app, 'f'))['failure']).toBeUndefined();
});

test('a segment is given away while the owner reaches all tenants that it was cut of, whatever the feed has become', async () => {
  const app = await startFeedApp();
  await app.key('owner', { tenants: ['a', 'b'] });
  made(await app.call('owner', 'POST feeds', { id: 'f', tenants: ['a', 'b'] }));
  await app.accept([{ event: eventAt('of-b', app.now()), tenants: ['b'] }]);
  app.pass(60_000);
  const [first] = await segments(app, 'f', 1);
  const { body } = await app.call('owner', 'POST feeds/f/credentials');
  await app.changeKey('owner', { tenants: ['a'] });
  expect((await app.call('owner', 'PATCH feeds/f', { tenants: ['a'] })).status).toBe(200);
  app.pass(60_000);
  await until(app, 'f', { state: 'running', sequence: 2 });
  const taken = async (name: string): Promise<readonly string[]> =>
    Promise.all(
      ['owner', String(body['token'])].map(
        async (key) => (await app.call(key, `GET feeds/f/segments/${name}`)).verdict,
      ),
    );
  for (const name of [...first!.files.map((file) => file.name), '000000000001.manifest.json'])
    expect(await taken(name)).toEqual(['403 FEED_RIGHTS', '403 FEED_RIGHTS']);
  expect(await taken('000000000002.manifest.json')).toEqual(['200', '200']);

  // Nor is it put elsewhere.
  const delivery = { type: 'directory', path: app.given };
  expect((await app.call('owner', 'PATCH feeds/f', { delivery })).status).toBe(200);
  await until(app, 'f', { state: 'stopped', failure: { code: 'FEED_RIGHTS' } });
  expect(readdirSync(app.given)).toEqual([]);
});

test('segments are put into a directory, and sent to a peer in their order, until each was taken', async () => {
  const app = await startFeedApp({ most: { events: 2, bytes: 1_000_000 } });
  await app.key('owner');
  await app.accept(['1', '2', '3', '4', '5'].map((id) => ({ event: eventAt(id, BEGIN_MS - 1000) })));
  const delivery = { type: 'directory', path: app.given };
  made(await app.call('owner', 'POST feeds', { id: 'f', start: 'beginning', source: 'src', delivery }));
  await until(app, 'f', { delivered: 3 });
  const [chain] = readdirSync(app.given).filter((name) => !name.startsWith('.'));
  const report = await verified(app, join(app.given, chain!));
  expect([report.events, report.fault]).toEqual([5, undefined]);

  // Another place gets the whole chain.
  mkdirSync(join(app.given, 'other'));
  const moved = { type: 'directory', path: join(app.given, 'other') };
  expect((await app.call('owner', 'PATCH feeds/f', { delivery: moved })).status).toBe(200);
  const there = join(moved.path, chain!);
  await expect.poll(async () => (await verified(app, there)).events).toBe(5);

  const received: string[] = [];
  const place = await pull(app, 'f');
  let refusals = 2;
  const peer = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (chunk: Buffer) => parts.push(chunk));
    request.on('end', () => {
      const name = String(request.url).split('/').at(-1) ?? '';
      const isKnown = request.headers.authorization === 'Bearer T0KEN' && request.method === 'PUT';
      const isTaken = isKnown && !(name.includes('manifest.json') && refusals-- > 0);
      if (isTaken) {
        received.push(name);
        writeFileSync(join(place, name), Buffer.concat(parts));
      }
      response.writeHead(isTaken ? 204 : 503).end(isTaken ? '' : 'not now');
    });
  });
  await new Promise<void>((done) => peer.listen(0, '127.0.0.1', done));
  onTestFinished(() => void peer.close());
  const url = `http://127.0.0.1:${(peer.address() as AddressInfo).port}/cadf/v1/imports/p/segments`;
  const to = { type: 'peer', url, token: 'T0KEN' };
  made(await app.call('owner', 'POST feeds', { id: 'p', start: 'beginning', source: 'src', delivery: to }));
  await until(app, 'p', { refused: { code: 'FEED_NOT_TAKEN' } });
  await until(app, 'p', { delivered: 3 });
  expect((await status(app, 'p'))['refused']).toBeUndefined();
  expect(received.filter((name) => name.endsWith('.manifest.json'))).toEqual(
    [1, 2, 3].map((sequence) => `${String(sequence).padStart(12, '0')}.manifest.json`),
  );
  expect((await verified(app, place)).fault?.code).toBe(undefined);
  expect(JSON.stringify([(await app.call('owner', 'GET feeds/p')).body, await app.audited()])).not.toContain(
    'T0KEN',
  );
  const refused = await app.call('owner', 'POST feeds', {
    id: 'q',
    delivery: { type: 'directory', path: '/etc' },
  });
  expect(refused.verdict).toBe('422 FEED_INVALID');
});

test('old segments go, and the rest can be verified from there', async () => {
  const app = await startFeedApp();
  await app.key('owner');
  made(await app.call('owner', 'POST feeds', { id: 'f', start: 'beginning', retentionDays: 1 }));
  await until(app, 'f', { sequence: 1 });
  app.pass(2 * 86_400_000);
  await until(app, 'f', { sequence: 2, firstKept: 2 });
  expect((await app.call('owner', 'GET feeds/f/segments')).body).toMatchObject({
    firstKept: 2,
    segments: [{ sequence: 2 }],
  });
  const directory = await keptAt(app, 'f');
  const old = (): readonly string[] =>
    readdirSync(directory).filter((name) => name.startsWith('000000000001'));
  await expect.poll(old).toEqual([]);
  expect((await app.call('owner', 'GET feeds/f/segments/000000000001.manifest.json')).verdict).toBe(
    '404 FEED_SEGMENT_NOT_FOUND',
  );
});
