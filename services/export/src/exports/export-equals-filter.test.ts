/** Whatever is asked for, an export has the events that pass, of the tenants that were asked for, and no others. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compilePredicate, parseFilter } from '@cadf-pipeline/event-filter';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { record } from '../../../../test/contract/store-suite.ts';
import { arbitraryEventText } from '../../../../test/support/arbitrary-event-text.ts';
import { arbitraryFilterText } from '../../../../test/support/arbitrary-filter.ts';
import { openExportDirectory } from './export-directory.ts';
import { startExportBench } from './export-work.test-support.ts';
import type { ExportBench } from './export-work.test-support.ts';

const EVENTS = 300;
const RUNS = 8;
const TENANTS = ['t1', 't2', 't3'];
const tenantSet = fc.subarray(TENANTS, { minLength: 1 });

/** What was stored, by id. */
const stored = new Map<string, { readonly text: string; readonly tenants: readonly string[] }>();
let bench: ExportBench;

beforeAll(async () => {
  const made = fc.sample(fc.tuple(arbitraryEventText, fc.subarray(TENANTS)), { numRuns: EVENTS, seed: 8 });
  for (const [index, [text, tenants]] of made.entries())
    stored.set(`e-${index}`, { text: text(`e-${index}`), tenants });
  bench = await startExportBench(
    [...stored.values()].map(({ tenants, text }, offset) => record(offset, text, { tenants })),
  );
});
afterAll(() => bench.close());

const readable = (filter: string): boolean => parseFilter(filter).ok;

test('an export has the events that pass, as they are stored', async () => {
  // What the store did not take is of no export.
  const taken = await bench.store.count({ tenants: '*' }, {});
  expect(taken).toBeGreaterThan(EVENTS / 2);
  await bench.withWork({}, async (work) => {
    await fc.assert(
      fc.asyncProperty(arbitraryFilterText.filter(readable), tenantSet, async (filter, tenants) => {
        const id = await bench.ask({ filter, tenants });
        await expect.poll(() => work.record(id)?.state, { interval: 5, timeout: 20_000 }).toBe('done');
        const [entry] = await openExportDirectory(bench.root, id).entries({
          runs: work.record(id)?.runs ?? [],
        });
        const lines = readFileSync(join(bench.root, id, entry?.kept ?? ''), 'utf8')
          .split('\n')
          .slice(0, -1);
        const parsed = parseFilter(filter);
        if (!parsed.ok) throw new Error('it was read before');
        const passes = compilePredicate(parsed.filter);
        const expected = [...stored.values()]
          .filter((event) => event.tenants.some((tenant) => tenants.includes(tenant)))
          .map(({ text }) => text)
          .filter((text) => passes(JSON.parse(text)))
          .map(oneLine);
        expect(lines.map(oneLine).toSorted()).toEqual(expected.toSorted());
      }),
      { numRuns: RUNS, seed: 21, endOnFailure: true },
    );
  });
}, 60_000);

/** Blanks stand for line breaks in exported texts. */
function oneLine(text: string): string {
  return text.replaceAll(/[\r\n ]+/g, ' ').trim();
}
