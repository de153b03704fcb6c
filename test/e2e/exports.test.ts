/** Exports of a running service: what is in them, who may have them, and that nothing is lost when it is killed. */
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { directoryReader, readTrustedKeys, verifyPlace } from '@cadf-pipeline/federation';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { ndjson, testEvent } from '../support/events.ts';
import { startService, until } from '../support/service.ts';
import type { TestService } from '../support/service.ts';

interface ExportAnswer {
  readonly id: string;
  readonly status: string;
  readonly progress: { readonly events: number; readonly total?: number; readonly part: number };
  readonly files: readonly {
    readonly name: string;
    readonly bytes: number;
    readonly sha256: string;
    readonly events: number;
    readonly href: string;
  }[];
  readonly failure?: { readonly code: string; readonly detail: string };
}

const EVENTS = 6000;
const PATH = '/cadf/v1/exports';

let service: TestService;
const sent = new Map<string, string>();

beforeAll(async () => {
  service = await startService({ env: { CADF_EXPORT_ALLOW_PRIVATE: 'true' } });
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
  await submit(service, events);
}, 60_000);
afterAll(async () => {
  await service.stop();
  service.clean();
});

async function submit(to: TestService, events: readonly object[]): Promise<void> {
  for (let from = 0; from < events.length; from += 2000) {
    const body = ndjson(events.slice(from, from + 2000));
    const headers = { 'content-type': 'application/x-ndjson' };
    const answer = await to.fetch('/cadf/v1/events?source=bench', { method: 'POST', body, headers });
    expect(answer.status).toBe(202);
  }
  await until(async () => {
    const { count } = (await (await to.fetch('/cadf/v1/count?source=bench')).json()) as { count: number };
    return count >= events.length;
  });
}

async function ask(body: object, key?: string): Promise<string> {
  const answer = await service.fetch(PATH, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json' },
    ...(key === undefined ? {} : { key }),
  });
  const said = (await answer.json()) as ExportAnswer;
  expect([answer.status, said.status], JSON.stringify(said)).toEqual([202, 'queued']);
  return said.id;
}

async function read(id: string, key?: string): Promise<ExportAnswer> {
  const answer = await service.fetch(`${PATH}/${id}`, key === undefined ? {} : { key });
  return (await answer.json()) as ExportAnswer;
}

async function ended(id: string, key?: string): Promise<ExportAnswer> {
  let last: ExportAnswer | undefined;
  await until(
    async () => {
      last = await read(id, key);
      return ['done', 'failed', 'cancelled'].includes(last.status);
    },
    30_000,
    () => `${JSON.stringify(last)}\n${service.output().slice(-3000)}`,
  );
  if (last === undefined) throw new Error('it was not read');
  return last;
}

async function download(href: string, init: { key?: string; headers?: Record<string, string> } = {}) {
  const answer = await service.fetch(href, init);
  return {
    status: answer.status,
    headers: answer.headers,
    bytes: Buffer.from(await answer.arrayBuffer()),
  };
}

/** All files of an export in a directory, and what verifies them. */
async function saved(done: ExportAnswer): Promise<{ directory: string; contents: readonly Buffer[] }> {
  const directory = mkdtempSync(join(tmpdir(), 'exported-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  mkdirSync(directory, { recursive: true });
  const contents: Buffer[] = [];
  for (const { bytes, href, name, sha256 } of done.files) {
    const file = await download(href);
    expect([file.bytes.length, createHash('sha256').update(file.bytes).digest('hex')]).toEqual([
      bytes,
      sha256,
    ]);
    writeFileSync(join(directory, name), file.bytes);
    contents.push(file.bytes);
  }
  for (const name of ['000000000001.manifest.json', '000000000001.manifest.jws', 'head.jws'])
    writeFileSync(join(directory, name), (await download(`${PATH}/${done.id}/files/${name}`)).bytes);
  return { directory, contents };
}

async function verified(directory: string) {
  const keys = await readTrustedKeys(
    await (await fetch(`${service.url}/.well-known/cadf-federation.json`)).text(),
  );
  return verifyPlace(directoryReader(directory), { keys });
}

function eventsOf(contents: readonly Buffer[]): string[] {
  return contents.flatMap((content) => content.toString().split('\n').slice(0, -1));
}

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
  const id = await ask({
    ...range,
    filter,
    source: 'bench',
    format: 'cadf-ndjson',
    compression: 'gzip',
    split: { maxEvents: 500 },
  });
  const done = await ended(id);
  expect(done).toMatchObject({ status: 'done', progress: { events: 1440, total: 1440, part: 1 } });
  expect(done.files.map(({ events }) => events)).toEqual([500, 500, 440]);
  const { contents, directory } = await saved(done);
  const found = eventsOf(contents.map((content) => gunzipSync(content)));
  const expected = [...sent.values()].filter((text) => {
    const { eventTime, outcome } = JSON.parse(text) as { eventTime: string; outcome: string };
    return outcome === 'failure' && eventTime < '2026-10-04';
  });
  expect(found).toEqual(expected);
  expect(await verified(directory)).toMatchObject({ final: true, segments: 1, events: 1440 });
  const [first] = done.files;
  const manifest = (await (await service.fetch(`${PATH}/${id}/manifest`)).json()) as object;
  expect(manifest).toMatchObject({ filter, source: 'bench', count: 1440, asked: { by: 'bootstrap' } });

  // By parts, and by a link that needs nothing else.
  const whole = contents[0] ?? Buffer.alloc(0);
  const part = await download(first?.href ?? '', { headers: { range: 'bytes=10-19' } });
  expect([part.status, part.headers.get('content-range')]).toEqual([206, `bytes 10-19/${whole.length}`]);
  expect(part.bytes).toEqual(whole.subarray(10, 20));
  expect((await download(first?.href ?? '', { headers: { range: `bytes=${whole.length}-` } })).status).toBe(
    416,
  );
  const link = await service.fetch(`${PATH}/${id}/link`, { method: 'POST' });
  const { href } = (await link.json()) as { href: string };
  const linked = await fetch(`${service.url}${href}${first?.name}`);
  expect(Buffer.from(await linked.arrayBuffer())).toEqual(whole);
  const forged = await fetch(`${service.url}${href.replace(/signed\/\d/, 'signed/9')}${first?.name}`);
  expect(forged.status).toBe(403);
});

test('a tenant is given its own events alone, while its key may read them', async () => {
  const { id: keyId, token } = await makeKey(['even']);
  const beyond = await service.fetch(PATH, {
    method: 'POST',
    key: token,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ format: 'cadf-ndjson', tenants: ['odd'] }),
  });
  expect(beyond.status).toBe(403);
  const id = await ask({ format: 'cadf-ndjson', source: 'bench' }, token);
  const done = await ended(id, token);
  const [file] = done.files;
  const own = await download(file?.href ?? '', { key: token });
  const lines = eventsOf([own.bytes]);
  expect(lines).toHaveLength(EVENTS / 2);
  for (const line of lines) expect(line).toContain('"even"');
  const { token: other } = await makeKey(['odd']);
  expect((await download(file?.href ?? '', { key: other })).status).toBe(404);

  const link = await service.fetch(`${PATH}/${id}/link`, { method: 'POST', key: token });
  const { href } = (await link.json()) as { href: string };
  await service.fetch(`/cadf/v1/admin/keys/${keyId}`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'exporter', roles: ['export'], tenants: ['odd'] }),
  });
  expect((await download(file?.href ?? '', { key: token })).status).toBe(403);
  expect((await fetch(`${service.url}${href}${file?.name}`)).status).toBe(403);
});

test('each format makes files of all events', async () => {
  for (const format of ['cadf-json', 'cadf-xml', 'csv', 'cef', 'leef', 'syslog']) {
    const done = await ended(await ask({ format, source: 'bench', filter: "initiator/id = 'user-7'" }));
    expect([format, done.status, done.progress.events]).toEqual([format, 'done', EVENTS / 50]);
    const [file] = done.files;
    const { bytes } = await download(file?.href ?? '');
    expect(bytes.toString().split('user-7').length - 1).toBeGreaterThanOrEqual(EVENTS / 50);
  }
});
