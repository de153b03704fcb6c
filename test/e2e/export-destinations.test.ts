/** Exports that are put elsewhere: a directory, a bucket by source and day, a URL; and what a destination refuses. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createBucketPlace } from '@cadf-pipeline/file-places';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startReceiver } from '../../packages/guarded-http/src/receiver.test-support.ts';
import { testEvent } from '../support/events.ts';
import {
  askExport,
  download,
  exportEnded,
  EXPORTS,
  linesOf,
  SIGNED,
  submitEvents,
  verifyExport,
} from '../support/exported.ts';
import { s3OrSkip } from '../support/s3-server.ts';
import type { TestS3 } from '../support/s3-server.ts';
import { startService, until } from '../support/service.ts';
import type { TestService } from '../support/service.ts';

const DAY_EVENTS = 30;
const SOURCES = ['one', 'another-source-with-a-long-name'];
const SECRET = 'T0KEN-of-the-receiver';

let service: TestService;
let s3: TestS3 | undefined;
const roots = mkdtempSync(join(tmpdir(), 'export-roots-'));

beforeAll(async () => {
  s3 = await s3OrSkip();
  service = await startService({
    env: { CADF_EXPORT_ALLOW_PRIVATE: 'true', CADF_EXPORT_DIRECTORIES: roots },
  });
  for (const source of SOURCES)
    await submitEvents(
      service,
      source,
      Array.from({ length: 2 * DAY_EVENTS }, (_, index) =>
        testEvent({
          eventTime: `2026-10-0${1 + (index % 2)}T12:00:00.000+00:00`,
          target: { id: source, typeURI: 'compute/machine' },
        }),
      ),
    );
}, 90_000);
afterAll(async () => {
  await service.stop();
  service.clean();
  await s3?.stop();
  rmSync(roots, { recursive: true, force: true });
});

test('a directory gets the files and the manifest, below the roots that are allowed alone', async () => {
  const path = join(roots, 'acme');
  const id = await askExport(service, {
    format: 'cadf-ndjson',
    source: 'one',
    destination: { type: 'directory', path },
  });
  const done = await exportEnded(service, id);
  expect([done.status, done.failure, done.files[0]?.href]).toEqual(['done', undefined, undefined]);
  expect(
    readdirSync(join(path, id))
      .filter((name) => !name.startsWith('.'))
      .toSorted(),
  ).toEqual(
    [
      ...SIGNED,
      '000000000001.events-000001.ndjson',
      '000000000001.events-000001.ndjson.origins.ndjson',
    ].toSorted(),
  );
  expect(await verifyExport(service, join(path, id))).toMatchObject({ events: 2 * DAY_EVENTS });
  // The manifest is here too, the events are not.
  expect((await download(service, `${EXPORTS}/${id}/manifest`)).status).toBe(200);
  const gone = await download(service, `${EXPORTS}/${id}/files/${done.files[0]?.name}`);
  expect(gone.status).toBe(404);
  for (const outside of ['/etc', join(roots, '..', 'elsewhere')]) {
    const refused = await service.fetch(EXPORTS, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ format: 'csv', destination: { type: 'directory', path: outside } }),
    });
    expect([outside, refused.status]).toEqual([outside, 422]);
  }
});

test('a bucket gets files of one source and day each', async () => {
  if (s3 === undefined) return;
  const { credentials, endpoint } = s3;
  const { accessKeyId, secretAccessKey } = credentials;
  const bucket = await s3.makeBucket();
  const destination = {
    type: 's3',
    bucket,
    endpoint,
    layout: 'event-day',
    prefix: 'lake/',
    accessKeyId,
    secretAccessKey,
  };
  const filter = "target/id in ('one', 'another-source-with-a-long-name')";
  const id = await askExport(service, { format: 'cadf-ndjson', filter, destination });
  const done = await exportEnded(service, id);
  expect([done.status, done.failure, done.progress.events]).toEqual(['done', undefined, 4 * DAY_EVENTS]);
  const rules = { allowPrivate: true, allowedBy: 'this test' };
  const place = createBucketPlace({ bucket, endpoint, region: 'us-east-1', credentials, rules });
  const keys: string[] = [];
  for await (const { name } of place.list()) keys.push(name);
  const lake = keys.filter((key) => key.includes('/ext/'));
  expect(lake).toHaveLength(4);
  for (const key of lake) {
    const [, source, day] =
      /^lake\/ext\/([\w-]{1,20})\/region=us-east-1\/accountId=external\/eventDay=(\d{8})\//.exec(key) ?? [];
    const parts: Buffer[] = [];
    for await (const part of place.read(key)) parts.push(part);
    const lines = linesOf([Buffer.concat(parts)]);
    expect(lines).toHaveLength(DAY_EVENTS);
    for (const line of lines) {
      expect(line).toContain(source === 'one' ? '"id":"one"' : '"another-source-with-a-long-name"');
      expect(line).toContain(`${day?.slice(0, 4)}-${day?.slice(4, 6)}-${day?.slice(6)}T12`);
    }
  }
  expect(keys.filter((key) => !lake.includes(key)).toSorted()).toEqual(
    [...SIGNED, ...[1, 2, 3, 4].map((file) => `000000000001.events-00000${file}.ndjson.origins.ndjson`)]
      .map((name) => `lake/${id}/${name}`)
      .toSorted(),
  );
  await place.close();
  const wrong = { ...destination, secretAccessKey: 'wrong' };
  const refused = await exportEnded(
    service,
    await askExport(service, { format: 'csv', filter, destination: wrong }),
  );
  expect(refused).toMatchObject({ status: 'failed', failure: { code: 'EXPORT_DESTINATION' } });
});

test('a receiver is sent each file with its digest and the token, once more where it could not take it', async () => {
  let answers = 0;
  const receiver = await startReceiver((response) => {
    answers++;
    response.writeHead(answers === 1 ? 503 : 204).end();
  });
  const destination = { type: 'http', url: `${receiver.url}/in?tenant=acme&name={name}`, token: SECRET };
  const id = await askExport(service, { format: 'cadf-ndjson', source: 'one', destination });
  const done = await exportEnded(service, id);
  expect([done.status, done.failure]).toEqual(['done', undefined]);
  const [, events, origins, ...signed] = receiver.received;
  expect(origins?.body.toString()).toBe(`{"source":"one","count":${2 * DAY_EVENTS}}\n`);
  expect(linesOf([events?.body ?? Buffer.alloc(0)])).toHaveLength(2 * DAY_EVENTS);
  expect(events?.path).toBe('/hook/in?tenant=acme&name=000000000001.events-000001.ndjson');
  const digest = Buffer.from(done.files[0]?.sha256 ?? '', 'hex').toString('base64');
  expect(events?.headers).toMatchObject({
    authorization: `Bearer ${SECRET}`,
    'content-digest': `sha-256=:${digest}:`,
    'content-disposition': 'attachment; filename="000000000001.events-000001.ndjson"',
  });
  expect(signed.map(({ headers }) => headers['content-disposition'])).toEqual(
    SIGNED.map((name) => `attachment; filename="${name}"`),
  );
  const shown = await (await service.fetch(`${EXPORTS}/${id}`)).text();
  let audited = '';
  // The end of this export is stored a moment later.
  await until(async () => {
    audited = await (await service.fetch('/cadf/v1/events?source=cadf-pipeline&limit=1000')).text();
    return audited.includes('"action":"backup"') && audited.includes(id);
  });
  for (const text of [shown, audited, service.output()]) {
    expect(text).not.toContain(SECRET);
    expect(text).not.toContain('tenant=acme');
  }
});
