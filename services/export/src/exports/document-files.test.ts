/** Files that are documents are read whole by whoever takes them in: they have room for that unless asked otherwise. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { records } from '../../../../test/contract/store-suite.ts';
import { testEvent } from '../../../../test/support/events.ts';
import { openExportDirectory } from './export-directory.ts';
import { startExportBench } from './export-work.test-support.ts';
import type { ExportBench } from './export-work.test-support.ts';

const EVENTS = 17_000;
let bench: ExportBench;

beforeAll(async () => {
  bench = await startExportBench(
    records(
      0,
      Array.from({ length: EVENTS }, () => testEvent()),
    ),
  );
});
afterAll(() => bench.close());

test.each([
  { format: 'cadf-json', counts: [16_384, 616] },
  { format: 'cadf-xml', counts: [16_384, 616] },
  { format: 'cadf-ndjson', counts: [EVENTS] },
  { format: 'cadf-json', split: { maxEvents: 1_000_000 }, counts: [EVENTS] },
] as const)('$format in $counts', async ({ counts, ...asked }) => {
  await bench.withWork({}, async (work) => {
    const id = await bench.ask(asked);
    await expect.poll(() => work.record(id)?.state, { timeout: 20_000 }).toBe('done');
    const record = work.record(id);
    if (record === undefined) throw new Error('it is done');
    const entries = await openExportDirectory(bench.root, id).entries(record);
    const files = entries.map(({ file }) => file).filter(({ role }) => role !== 'origins');
    expect(files.map(({ count }) => count)).toEqual(counts);
  });
});
