import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Outcome, RawRecord } from '../../src/source.ts';
import { createNormalizer } from './normalizer.ts';

const receivedMs = Date.parse('2026-11-21T00:00:00Z');
const xml = (eventId: number, recordId: number, data = ''): string =>
  `<Event><System><Provider Name="Microsoft-Windows-Hyper-V-Worker"/><EventID>${eventId}</EventID><Level>4</Level>` +
  `<TimeCreated SystemTime="2026-11-20T08:00:00Z"/><EventRecordID>${recordId}</EventRecordID><Channel>W</Channel>` +
  `<Computer>hv</Computer></System><UserData><VmlEventLog>${data}</VmlEventLog></UserData></Event>`;

function run(texts: readonly string[]): { outcomes: Outcome[]; records: RawRecord[] } {
  const normalizer = createNormalizer({ sourceName: 's' });
  const records = texts.map((text) => ({ text, receivedMs }));
  const outcomes = [...records.flatMap((record) => normalizer.push(record)), ...normalizer.flush()];
  expect(normalizer.held).toBe(0);
  return { outcomes, records };
}

test.each([
  ['side by side', xml(18500, 1) + xml(18502, 2)],
  ['in a document', `<?xml version="1.0"?>\n<Events>\n${xml(18500, 1)}\n${xml(18502, 2)}\n</Events>`],
  [
    'in an array',
    JSON.stringify(
      [1, 2].map((id) => ({
        Id: 18_498 + id * 2,
        RecordId: id,
        LogName: 'Microsoft-Windows-Hyper-V-Worker-Admin',
        ProviderName: 'Microsoft-Windows-Hyper-V-Worker',
        TimeCreated: '2026-11-20T08:00:00Z',
      })),
    ),
  ],
])('several events %s of one record are an event each, and the record is counted once', (_, text) => {
  const { outcomes, records } = run([text]);
  expect(outcomes.map((one) => one.kind === 'event' && one.event.action)).toEqual(['start', 'stop']);
  expect(outcomes.flatMap((one) => one.records)).toEqual(records);
  const attached = outcomes.map((one) => one.kind === 'event' && one.event.attachments?.[0]?.content);
  expect(attached[0]).not.toBe(attached[1]);
});

test('an event that never ends is given up after 256 lines', () => {
  const { outcomes, records } = run(['<Event>', ...Array.from({ length: 300 }, () => '  <System>')]);
  expect(outcomes[0]).toMatchObject({ kind: 'dead-letter', code: 'HYPERV_RECORD_TOO_LONG' });
  expect(outcomes.flatMap((one) => one.records)).toHaveLength(records.length);
});

test('a new event ends one that was cut off', () => {
  const { outcomes } = run(['<Event>', '<System>', xml(18500, 1)]);
  expect(outcomes.map((one) => one.kind)).toEqual(['dead-letter', 'event']);
});

test('whatever comes, nothing throws and each record is in one outcome', () => {
  const piece = fc.oneof(
    fc.constantFrom(
      '<Event>',
      '</Event>',
      '<Events>',
      '{',
      '[',
      'Log Name: x',
      'Event Xml:',
      '<![CDATA[',
      '&#0;',
      '{"Event":',
      '"Id":1}',
    ),
    fc.string({ maxLength: 40 }),
    fc.constant(xml(18500, 1, '<VmName>a</VmName>')),
  );
  fc.assert(
    fc.property(
      fc.array(
        fc.array(piece, { maxLength: 4 }).map((parts) => parts.join('')),
        { maxLength: 8 },
      ),
      (texts) => {
        const { outcomes, records } = run(texts);
        const used = outcomes.flatMap((one) => one.records);
        expect(used).toHaveLength(records.length);
        expect(new Set(used)).toEqual(new Set(records));
      },
    ),
    { numRuns: 200 },
  );
});
