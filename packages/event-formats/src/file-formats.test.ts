/** The formats of text, read back: documents of CADF by the product's own decoders, the others by readers of their grammars. */
import { decodeXml, unwrapDocument } from '@cadf-pipeline/cadf-model';
import { expect, test } from 'vitest';
import { batchOf, describeFileFormat, writtenFile } from '../../../test/contract/file-formats.ts';
import { testEvent } from '../../../test/support/events.ts';
import { cadfJson } from './cadf-json.ts';
import { cadfNdjson } from './cadf-ndjson.ts';
import { cadfXml } from './cadf-xml.ts';
import { csv } from './csv/csv-file.ts';
import { readCsv } from './csv/read-csv.test-support.ts';
import type { DocumentOptions, FileFormat } from './event-format.ts';
import { cef, leef, syslog } from './line-formats.ts';
import { parseCef } from './parse-cef.test-support.ts';
import { parseLeef } from './parse-leef.test-support.ts';
import { parseSyslog } from './parse-syslog.test-support.ts';

type Members = Record<string, unknown>;
type Read = (file: Buffer) => unknown[];

const idsOf = (events: readonly unknown[]): unknown[] => events.map((event) => (event as Members)['id']);

function linesOf(file: Buffer): string[] {
  const lines = file.toString().split('\n');
  expect(lines.pop()).toBe('');
  return lines;
}

function whole(name: string, format: FileFormat, events: Read): void {
  describeFileFormat(name, { format, events, ids: (file) => idsOf(events(file)) });
}

whole('cadf-ndjson', cadfNdjson, (file) => linesOf(file).map((line) => JSON.parse(line) as unknown));

const readJson: Read = (file) => {
  const document: unknown = JSON.parse(file.toString());
  const { form, items } = unwrapDocument(document);
  expect(['log', 'report']).toContain(form);
  expect(items.flatMap(({ fault }) => fault ?? [])).toEqual([]);
  return items.map(({ value }) => value);
};
whole('cadf-json', cadfJson, readJson);

const readXml: Read = (file) => {
  const { events, faults, form } = decodeXml(file.toString());
  expect(['log', 'report']).toContain(form);
  expect(faults.filter(({ severity }) => severity === 'error')).toEqual([]);
  return events.map(({ value }) => value);
};
whole('cadf-xml', cadfXml, readXml);

const readRows = (file: Buffer): Members[] => {
  const [heading = [], ...rows] = readCsv(file.toString());
  return rows.map((row) => {
    expect(row).toHaveLength(heading.length);
    return Object.fromEntries(row.map((cell, index) => [heading[index] ?? '', cell]));
  });
};
whole('csv', csv, (file) => readRows(file).map((row) => JSON.parse(String(row['event'])) as unknown));

describeFileFormat('cef', {
  format: cef,
  ids: (file) => linesOf(file).map((line) => parseCef(line).extension['externalId']),
});

describeFileFormat('leef', {
  format: leef,
  ids: (file) => linesOf(file).map((line) => parseLeef(line).attributes['eventId']),
});

whole('syslog', syslog, (file) =>
  linesOf(file).map((line) => {
    const { message = '', sd } = parseSyslog(line);
    expect(sd).toContain(' position="2.');
    return JSON.parse(message) as unknown;
  }),
);

const options: DocumentOptions = {
  document: 'report',
  id: 'urn:uuid:5f0c1f6e-0000-4000-8000-000000000001',
  timeMs: Date.UTC(2026, 10, 22, 9, 0, 0, 5),
  generator: { id: 'cadf-pipeline', typeURI: 'service/oss/logging', name: 'our "pipeline"' },
  name: 'Failures <of> a & b',
  description: 'all',
};
const frame = {
  typeURI: 'http://schemas.dmtf.org/cloud/audit/1.0/report',
  id: options.id,
  reportTime: '2026-11-22T09:00:00.005+00:00',
  generator: options.generator,
  name: options.name,
  description: options.description,
};

test.each([[0], [3]])('a document says of itself what it is told to, with %d events', async (count) => {
  const events = Array.from({ length: count }, () => testEvent());
  const batches = count === 0 ? [] : [batchOf(events)];
  const open = (format: FileFormat): FileFormat => ({ ...format, open: () => format.open(options) });
  const json = await writtenFile(open(cadfJson), batches);
  expect(JSON.parse(json.toString())).toEqual({ ...frame, events });
  const xml = await writtenFile(open(cadfXml), batches);
  expect(decodeXml(xml.toString()).json).toEqual({ ...frame, events });
});

test('the texts of cadf-ndjson, cadf-json and the last column of csv are those of the store, byte for byte', async () => {
  const text = '{ "id":"a",\t"n":1.0e2, "big":12345678901234567890, "name":"\\u00e9\\/", "id":"b" }';
  const batch = { count: 1, lines: Buffer.from(`${text}\n`), facts: () => batchOf([{}]).facts() };
  for (const format of [cadfNdjson, cadfJson])
    expect((await writtenFile(format, [batch])).toString()).toContain(text);
  // Relays of syslog replace control characters.
  expect((await writtenFile(syslog, [batch])).toString()).toContain(text.replace('\t', ' '));
  const [row] = readRows(await writtenFile(csv, [batch]));
  expect(row).toMatchObject({ id: 'b', name: 'é/', event: text });
});

test('columns of csv say where the record comes from and what the event says, and no cell is a formula', async () => {
  const event = testEvent({ name: '=1+1', tags: ['a', 'b'], severity: 12, reason: { reasonCode: '-2' } });
  const [row] = readRows(await writtenFile(csv, [batchOf([event], 7)]));
  expect(row).toMatchObject({
    source: 'source-1',
    received: '2026-11-01T00:00:00.007Z',
    partition: '2',
    offset: '7',
    name: "'=1+1",
    tags: '["a","b"]',
    severity: '12',
    'reason/reasonCode': "'-2",
    'initiator/name': 'ada',
    'target/project_id': '',
  });
  for (const cell of Object.values(row ?? {})) expect(cell).not.toMatch(/^[=+\-@\t\r]/);
});
