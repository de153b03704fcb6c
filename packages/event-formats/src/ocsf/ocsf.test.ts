/** Events as OCSF against its published schema, and the Parquet file as DuckDB reads it. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { globSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { isMembers } from '@cadf-pipeline/cadf-model';
import type { Members } from '@cadf-pipeline/cadf-model';
import { arbitraryEvent } from '../../../../test/support/arbitrary-event.ts';
import { ndjson, testEvent } from '../../../../test/support/events.ts';
import type { EventBatch } from '../event-format.ts';
import { CLASSES, OTHER, UNKNOWN } from './classes.ts';
import type { OcsfClass } from './classes.ts';
import { ocsfJson, ocsfParquet } from './ocsf.ts';
import { ocsfSchemaMissing, publishedClasses } from './published-schema.test-support.ts';

const ROOT = resolve(import.meta.dirname, '../../../..');
const missing = await ocsfSchemaMissing();
if (missing !== undefined) {
  if (process.env['CI'] === 'true') throw new Error(`the schema of OCSF is needed: ${missing}`);
  process.stderr.write(`left out: events against the published schema of OCSF (${missing})\n`);
}
const classes: readonly OcsfClass[] = Object.values(CLASSES);
const published = missing === undefined ? publishedClasses(classes.map(({ uid }) => uid)) : new Map();

function batchOf(events: readonly unknown[]): EventBatch {
  const facts = events.map((_, offset) => ({
    source: 'nova',
    receivedMs: 1_790_000_000_000,
    partition: 0,
    offset,
  }));
  return { count: events.length, lines: Buffer.from(ndjson(events)), facts: () => facts };
}

async function ocsfOf(events: readonly unknown[]): Promise<Members[]> {
  const text = Buffer.concat([...(await ocsfJson.open().write(batchOf(events)))]).toString();
  return text
    .trimEnd()
    .split('\n')
    .map((line): Members => JSON.parse(line));
}

function expectPublished(events: readonly Members[]): void {
  for (const event of events) {
    const { class_uid: uid, type_uid: type } = event;
    const faults = published.get(Number(uid))?.faultsOf(event) ?? [`no class ${String(uid)}`];
    expect({ type, faults, of: faults.length === 0 ? undefined : event }).toEqual({
      type,
      faults: [],
      of: undefined,
    });
  }
}

/** Of the examples in the documentation. */
const examples = readFileSync(join(ROOT, 'docs/ocsf.md'), 'utf8')
  .split('\n')
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .filter((cells) => /^\d+$/.test(cells[5] ?? ''))
  .map(([, eventType, action, typeURI, classUid, activityId]) => ({
    event: testEvent({ eventType, action, target: { id: 't-1', name: 'it', typeURI } }),
    uids: [Number(classUid), Number(activityId)],
  }));

test('the examples of the documentation are of the classes and activities it says', async () => {
  expect(examples.length).toBeGreaterThan(15);
  const events = await ocsfOf(examples.map(({ event }) => event));
  expect(events.map((event) => [event['class_uid'], event['activity_id']])).toEqual(
    examples.map(({ uids }) => uids),
  );
});

const full = testEvent({
  id: 'e-1',
  eventType: 'control',
  action: 'deny',
  outcome: 'failure/denied',
  severity: 'Major',
  reason: { reasonType: 'HTTP', reasonCode: '403', policyType: 'urn:p', policyId: 'p-1' },
  initiator: {
    id: 'u-1',
    typeURI: 'data/security/account/admin',
    name: 'ada',
    domain: 'Default',
    project_id: 'project-a',
    host: { address: '192.0.2.7', agent: 'curl' },
  },
  target: { id: 't-1', typeURI: 'compute/machine', addresses: [{ url: 'https://[2001:db8::1]:8774/x' }] },
  requestPath: '/v2.1/servers',
  tags: ['correlation_id?value=c-1', 'b'],
});
const assignment = testEvent({
  id: 'e-3',
  action: 'created.role_assignment',
  role: 'r-1',
  group: 'g-1',
  outcome: 'pending',
});
const nothing = { id: 'e-2' };

test('an event has what the map says', async () => {
  expect(await ocsfOf([full, assignment, nothing])).toMatchSnapshot();
});

test.runIf(missing === undefined)('classes have the names of the published schema', () => {
  for (const { uid, name, categoryName, activities } of classes) {
    const { caption, categoryCaption, activities: captions } = published.get(uid) ?? {};
    expect({ name, categoryName }).toEqual({ name: caption, categoryName: categoryCaption });
    expect(captions).toMatchObject({ [UNKNOWN]: 'Unknown', [OTHER]: 'Other', ...activities });
  }
});

test.runIf(missing === undefined)(
  'events of every source and dialect keep to the published schema',
  async () => {
    const golden: unknown[] = globSync('services/ingest/sources/*/fixtures/*.expected.json', { cwd: ROOT })
      .map((path): unknown => JSON.parse(readFileSync(join(ROOT, path), 'utf8')))
      .flatMap((value) => (Array.isArray(value) ? value : []))
      .flatMap((one: unknown) => (isMembers(one) && isMembers(one['event']) ? [one['event']] : []));
    expect(golden.length).toBeGreaterThan(100);
    expectPublished(
      await ocsfOf([...golden, ...examples.map(({ event }) => event), full, assignment, nothing, 17]),
    );
  },
);

test.runIf(missing === undefined)('any valid event keeps to the published schema', async () => {
  await fc.assert(
    fc.asyncProperty(arbitraryEvent, async (event) => expectPublished(await ocsfOf([event]))),
    { numRuns: 200 },
  );
});

test('the Parquet file says the same as the JSON', async () => {
  const events = [full, assignment, nothing, ...examples.map(({ event }) => event)];
  const writer = ocsfParquet.open();
  const bytes = [await writer.write(batchOf(events)), await writer.end()].flatMap((parts) =>
    parts.map((part) => Buffer.from(part)),
  );
  const folder = await mkdtemp(join(tmpdir(), 'ocsf-'));
  const duckdb = await DuckDBInstance.create(':memory:');
  onTestFinished(async () => {
    duckdb.closeSync();
    await rm(folder, { recursive: true, force: true });
  });
  const path = join(folder, 'ocsf.parquet');
  await writeFile(path, Buffer.concat(bytes));
  const connection = await duckdb.connect();
  await connection.run(`COPY (FROM '${path}') TO '${path}.ndjson' (FORMAT json)`);
  connection.closeSync();
  const rows = (await readFile(`${path}.ndjson`, 'utf8')).trimEnd().split('\n');
  expect(rows.map((row) => withoutNulls(JSON.parse(row)))).toEqual(await ocsfOf(events));
});

function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (!isMembers(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, one]) => (one === null ? [] : [[name, withoutNulls(one)]])),
  );
}
