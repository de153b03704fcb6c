/** Exports of a running service: what is in them, who may have them, and that nothing is lost when it is killed. */
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { EXPORT_FORMATS } from '@cadf-pipeline/event-formats';
import { httpReader, readTrustedKeys, verifyPlace } from '@cadf-pipeline/federation';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { testEvent } from '../support/events.ts';
import {
  askExport,
  download,
  exportEnded,
  EXPORTS,
  linesOf,
  savedExport,
  submitEvents,
  verifyExport,
} from '../support/exported.ts';
import { startService } from '../support/service.ts';
import type { TestService } from '../support/service.ts';

const EVENTS = 6000;

let service: TestService;
const sent = new Map<string, string>();

beforeAll(async () => {
  service = await startService();
  const events = Array.from({ length: EVENTS }, (_, index) =>
    testEvent({
      eventTime: new Date(Date.UTC(2026, 9, 1) + index * 60_000).toISOString().replace('Z', '+00:00'),
      outcome: index % 3 === 0 ? 'failure' : 'success',
      initiator: {
        id: `user-${index % 50}`,
        typeURI: 'data/security/account/user',
        project_id: index % 2 === 0 ? 'even' : 'odd',
      },
    }),
  );
  for (const event of events) sent.set(event.id, JSON.stringify(event));
  await submitEvents(service, 'bench', events);
}, 60_000);
afterAll(async () => {
  await service.stop();
  service.clean();
});

async function makeKey(
  tenants: '*' | readonly string[],
  roles = ['export'],
): Promise<{ id: string; token: string }> {
  const answer = await service.fetch('/cadf/v1/admin/keys', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'exporter', roles, tenants }),
  });
  return (await answer.json()) as { id: string; token: string };
}

test('an export has exactly the events that were asked for, in split, packed and signed files', async () => {
  const filter = "outcome = 'failure'";
  const range = { from: '2026-10-01T00:00:00Z', to: '2026-10-04T00:00:00Z' };
  const id = await askExport(service, {
    ...range,
    filter,
    source: 'bench',
    format: 'cadf-ndjson',
    compression: 'gzip',
    split: { maxEvents: 500 },
  });
  const done = await exportEnded(service, id);
  expect(done).toMatchObject({ status: 'done', progress: { events: 1440, total: 1440, part: 1 } });
  expect(done.files.map(({ events }) => events)).toEqual([500, 0, 500, 0, 440, 0]);
  const { contents, directory, origins } = await savedExport(service, done);
  expect(linesOf(origins).map((line) => JSON.parse(line) as object)).toEqual(
    [500, 500, 440].map((count) => ({ source: 'bench', count })),
  );
  const found = linesOf(contents.map((content) => gunzipSync(content)));
  const expected = [...sent.values()].filter((text) => {
    const { eventTime, outcome } = JSON.parse(text) as { eventTime: string; outcome: string };
    return outcome === 'failure' && eventTime < '2026-10-04';
  });
  expect(found).toEqual(expected);
  expect(await verifyExport(service, directory)).toMatchObject({ final: true, segments: 1, events: 1440 });
  const [first] = done.files;
  const manifest = (await (await service.fetch(`${EXPORTS}/${id}/manifest`)).json()) as object;
  expect(manifest).toMatchObject({ filter, source: 'bench', count: 1440, asked: { by: 'bootstrap' } });

  // By parts, and by a link that needs nothing else.
  const whole = contents[0] ?? Buffer.alloc(0);
  const part = await download(service, first?.href ?? '', { headers: { range: 'bytes=10-19' } });
  expect([part.status, part.headers.get('content-range')]).toEqual([206, `bytes 10-19/${whole.length}`]);
  expect(part.bytes).toEqual(whole.subarray(10, 20));
  expect(
    (await download(service, first?.href ?? '', { headers: { range: `bytes=${whole.length}-` } })).status,
  ).toBe(416);
  const link = await service.fetch(`${EXPORTS}/${id}/link`, { method: 'POST' });
  const { href } = (await link.json()) as { href: string };
  const keys = await readTrustedKeys(
    await (await fetch(`${service.url}/.well-known/cadf-federation.json`)).text(),
  );
  const byLink = await verifyPlace(httpReader(new URL(service.url + href)), { keys });
  expect(byLink).toMatchObject({ final: true, events: 1440 });
  const linked = await fetch(`${service.url}${href}${first?.name}`);
  expect(Buffer.from(await linked.arrayBuffer())).toEqual(whole);
  const forged = await fetch(`${service.url}${href.replace(/signed\/\d/, 'signed/9')}${first?.name}`);
  expect(forged.status).toBe(403);
  const spelt = await fetch(`${service.url}${respelt(href)}${first?.name}`);
  expect(spelt.status).toBe(403);
  // Whoever reads the log has no link.
  expect(service.output()).toContain(`${EXPORTS}/${id}/signed/`);
  expect(service.output()).not.toContain(href);
  for (const name of ['constructor', 'toString'])
    expect((await download(service, `${EXPORTS}/${id}/files/${name}`)).status).toBe(404);
});

/** Other characters, the same bytes of base64url. */
function respelt(href: string): string {
  const last = href.at(-2) ?? '';
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  return `${href.slice(0, -2)}${alphabet[alphabet.indexOf(last) + 1]}/`;
}

test('a tenant is given its own events alone, while its key may read them', async () => {
  const { id: keyId, token } = await makeKey(['even']);
  const beyond = await service.fetch(EXPORTS, {
    method: 'POST',
    key: token,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ format: 'cadf-ndjson', tenants: ['odd'] }),
  });
  expect(beyond.status).toBe(403);
  const id = await askExport(service, { format: 'cadf-ndjson', source: 'bench' }, token);
  const done = await exportEnded(service, id, token);
  const [file] = done.files;
  const own = await download(service, file?.href ?? '', { key: token });
  const lines = linesOf([own.bytes]);
  expect(lines).toHaveLength(EVENTS / 2);
  for (const line of lines) expect(line).toContain('"even"');
  const { token: other } = await makeKey(['odd']);
  expect((await download(service, file?.href ?? '', { key: other })).status).toBe(404);

  const link = await service.fetch(`${EXPORTS}/${id}/link`, { method: 'POST', key: token });
  const { href } = (await link.json()) as { href: string };
  await service.fetch(`/cadf/v1/admin/keys/${keyId}`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'exporter', roles: ['export'], tenants: ['odd'] }),
  });
  expect((await download(service, file?.href ?? '', { key: token })).status).toBe(403);
  expect((await fetch(`${service.url}${href}${file?.name}`)).status).toBe(403);
});

test('each format makes files of all events', async () => {
  for (const format of EXPORT_FORMATS) {
    const done = await exportEnded(
      service,
      await askExport(service, { format, source: 'bench', filter: "initiator/id = 'user-7'" }),
    );
    expect([format, done.status, done.progress.events]).toEqual([format, 'done', EVENTS / 50]);
    const [file] = done.files;
    const { bytes } = await download(service, file?.href ?? '');
    if (format.endsWith('parquet')) expect(bytes.subarray(-4).toString()).toBe('PAR1');
    else expect(bytes.toString().split('user-7').length - 1).toBeGreaterThanOrEqual(EVENTS / 50);
  }
});

test('a process that cannot write its exports is not ready', async () => {
  const root = join(service.dataDir, 'exports');
  const aside = `${root}-aside`;
  renameSync(root, aside);
  writeFileSync(root, '');
  const readiness = async (): Promise<{ status: string; checks: { exports: object } }> =>
    (await (await service.fetch('/readyz')).json()) as { status: string; checks: { exports: object } };
  await expect.poll(readiness).toMatchObject({
    status: 'not-ready',
    checks: { exports: { ok: false, reason: expect.stringContaining('CADF_EXPORT_DIR') as string } },
  });
  rmSync(root);
  renameSync(aside, root);
  await expect.poll(readiness).toMatchObject({ status: 'ready', checks: { exports: { ok: true } } });
});
