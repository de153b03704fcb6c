/** An export that another deployment takes in, verified by the command or sent there: every event under the source it had. */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compilePredicate, parseFilter } from '@cadf-pipeline/event-filter';
import { FEDERATION_DOCUMENT_PATH, Origin } from '@cadf-pipeline/federation';
import fc from 'fast-check';
import { Compile } from 'typebox/compile';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { testEvent } from '../support/events.ts';
import { askExport, exportEnded, linesOf, savedExport, submitEvents } from '../support/exported.ts';
import type { ExportAnswer } from '../support/exported.ts';
import { startService, until } from '../support/service.ts';
import type { TestService } from '../support/service.ts';

const SOURCES = ['keystone-a', 'keystone-b', 'nova'];
const TENANTS = ['red', 'green', 'blue'];
const OF_ONE_SOURCE = 200;
const OWN_SOURCE = 'cadf-pipeline';
const COMMAND = 'packages/cli/bin/cadf.js';
const origin = Compile(Origin);

interface Sent {
  readonly source: string;
  readonly tenant: string;
  readonly event: object;
}

let provider: TestService;
let importer: TestService;
const sent: Sent[] = [];

beforeAll(async () => {
  [provider, importer] = await Promise.all([
    startService({ env: { CADF_EXPORT_ALLOW_PRIVATE: 'true' } }),
    startService({ env: { CADF_IMPORT_DIRECTORIES: tmpdir() } }),
  ]);
  for (const [at, source] of SOURCES.entries())
    for (let index = 0; index < OF_ONE_SOURCE; index++) {
      const tenant = TENANTS[(index + at) % TENANTS.length] ?? '';
      const initiator = {
        id: `user-${index % 7}`,
        typeURI: 'data/security/account/user',
        project_id: tenant,
      };
      // In turns: neighbours in the order of an export are of different sources.
      const eventTime = new Date(Date.UTC(2026, 9, 1, 0, 0, index, at)).toISOString().replace('Z', '+00:00');
      const outcome = index % 3 === 0 ? 'failure' : 'success';
      sent.push({ source, tenant, event: testEvent({ eventTime, initiator, outcome }) });
    }
  for (const source of SOURCES)
    await submitEvents(
      provider,
      source,
      sent.filter((one) => one.source === source).map(({ event }) => event),
    );
}, 60_000);
afterAll(async () => {
  for (const service of [provider, importer]) {
    await service.stop();
    service.clean();
  }
});

const cases = fc.sample(
  fc.record({
    tenants: fc.subarray(TENANTS, { minLength: 1 }),
    filter: fc
      .tuple(
        fc.subarray(['user-1', 'user-2', 'user-3', 'user-4'], { minLength: 1 }),
        fc.constantFrom('and', 'or'),
        fc.constantFrom("outcome = 'failure'", "eventTime >= '2026-10-01T00:01:40Z'"),
      )
      .map(
        ([users, word, rest]) =>
          `initiator/id in (${users.map((id) => `'${id}'`).join(', ')}) ${word} ${rest}`,
      ),
  }),
  { numRuns: 3, seed: 8 },
);
const FORMS = [
  { format: 'cadf-ndjson', compression: 'gzip', split: { maxEvents: 60 }, isSent: false },
  { format: 'cadf-json', compression: 'zstd', isSent: true },
  { format: 'cadf-xml', isSent: false },
] as const;

test('what is imported is what was exported, under the sources it had', async () => {
  const published = await (await fetch(provider.url + FEDERATION_DOCUMENT_PATH)).text();
  const expected: string[] = [];
  const keys = join(provider.dataDir, 'keys.json');
  writeFileSync(keys, published);
  const exportAndImport = async (asked: (typeof cases)[number], index: number): Promise<void> => {
    const prefix = `from-${index}`;
    const { isSent, ...form } = FORMS[index] ?? FORMS[0];
    if (isSent) await makeImport(prefix, published, { type: 'upload' });
    const url = `${importer.url}/cadf/v1/imports/${prefix}/files?name={name}`;
    const destination = isSent ? { type: 'http', url, token: importer.key } : { type: 'download' };
    const done = await exportEnded(provider, await askExport(provider, { ...asked, ...form, destination }));
    expect([done.status, done.failure]).toEqual(['done', undefined]);
    if (!isSent) {
      const { directory } = await savedExport(provider, done);
      execFileSync(process.execPath, [COMMAND, 'verify', directory, '--key', keys, '--quiet']);
      await makeImport(prefix, published, { type: 'directory', path: directory });
    }
    const wanted = passing(asked.filter).filter(({ tenant }) => asked.tenants.includes(tenant));
    expected.push(...wanted.map(({ event, source }) => `${prefix}.${source} ${JSON.stringify(event)}`));
    await until(
      async () => (await countsOf(prefix))['accepted'] === wanted.length,
      10_000,
      () => importer.output().slice(-2000),
    );
    expect(await countsOf(prefix)).toMatchObject({ events: wanted.length });
  };
  await Promise.all(cases.map(exportAndImport));
  expect(expected.length).toBeGreaterThan(100);
  await until(async () => (await taken()).length >= expected.length);
  expect((await taken()).toSorted()).toEqual(expected.toSorted());
}, 60_000);

function passing(filter: string): readonly Sent[] {
  const parsed = parseFilter(filter);
  if (!parsed.ok) throw new Error(filter);
  const passes = compilePredicate(parsed.filter);
  return sent.filter(({ event }) => passes(event));
}

async function makeImport(id: string, keys: string, from: object): Promise<void> {
  const made = await importer.fetch('/cadf/v1/imports', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ id, keys: JSON.parse(keys) as object, content: 'segments', from }),
  });
  expect(made.status, await made.text()).toBe(201);
}

async function countsOf(id: string): Promise<Readonly<Record<string, number>>> {
  const answer = await importer.fetch(`/cadf/v1/imports/${id}`);
  return ((await answer.json()) as { status: { counts: Record<string, number> } }).status.counts;
}

/** All that the other one has, each event behind its source, as an export of it says. */
async function taken(): Promise<readonly string[]> {
  // Each event of each import: two exports have some events in common.
  const id = await askExport(importer, { format: 'cadf-ndjson', versions: 'all' });
  const done: ExportAnswer = await exportEnded(importer, id);
  const { contents, origins } = await savedExport(importer, done);
  const sources = linesOf(origins).flatMap((line) => {
    const said: unknown = JSON.parse(line);
    return origin.Check(said) ? Array.from({ length: said.count }, () => said.source) : [];
  });
  const lines = linesOf(contents);
  expect(sources).toHaveLength(lines.length);
  return lines.flatMap((line, index) => (sources[index] === OWN_SOURCE ? [] : [`${sources[index]} ${line}`]));
}
