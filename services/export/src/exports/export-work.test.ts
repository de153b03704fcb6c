/** What ends an export, and what is left of it. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { EventStore } from '@cadf-pipeline/event-store';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { records } from '../../../../test/contract/store-suite.ts';
import { testEvent } from '../../../../test/support/events.ts';
import { BOUNDS, startExportBench } from './export-work.test-support.ts';
import type { ExportBench } from './export-work.test-support.ts';
import type { ExportWork } from './export-work.ts';

const EVENTS = 3000;
const SOON = { timeout: 20_000 };
let bench: ExportBench;

beforeAll(async () => {
  const events = Array.from({ length: EVENTS }, () => testEvent());
  bench = await startExportBench(records(0, events));
});
afterAll(() => bench.close());

const stateOf = (work: ExportWork, id: string): string | undefined => work.record(id)?.state;
const told = (id: string, action: string): readonly unknown[] =>
  bench.audited.filter(({ action: done, target }) => done === action && (target as { id: string }).id === id);

test('a cancelled export leaves nothing, and says so once', async () => {
  await bench.withWork({}, async (work) => {
    const id = await bench.ask({ split: { maxEvents: 5 } });
    await expect.poll(() => work.record(id)?.files, { ...SOON, interval: 5 }).toBeGreaterThan(2);
    const before = bench.state.get('export', id);
    if (before === undefined) throw new Error('it is there');
    const cancelled = new Date().toISOString();
    await bench.state.change(
      'export',
      id,
      { ...before.entity, cancelled },
      { by: 'test', ifVersion: before.version },
    );
    await expect.poll(() => stateOf(work, id), SOON).toBe('cancelled');
    await expect.poll(() => existsSync(join(bench.root, id)), SOON).toBe(false);
    expect(work.record(id)).toMatchObject({ events: 0, files: 0 });
    expect(told(id, 'stop')).toHaveLength(1);
  });
});

test('an export fails where the count does not come out, the room is used up, or its owner may not', async () => {
  const lost = { kind: 'key', id: 'gone', name: 'gone', since: 'then' } as const;
  for (const { changes, code, job } of [
    {
      changes: {
        count: async (...asked: Parameters<EventStore['count']>) => (await bench.store.count(...asked)) + 1,
      },
      code: 'EXPORT_COUNT_WRONG',
      job: {},
    },
    { changes: { bounds: { maxBytesOfOne: 10_000 } }, code: 'EXPORT_QUOTA', job: {} },
    { changes: {}, code: 'EXPORT_RIGHTS', job: { owner: lost } },
    { changes: {}, code: 'EXPORT_FILTER_INVALID', job: { filter: 'no such' } },
  ])
    await bench.withWork(changes, async (work) => {
      const id = await bench.ask(job);
      await expect.poll(() => stateOf(work, id), { ...SOON, message: code }).toBe('failed');
      expect(work.record(id)?.failure?.code).toBe(code);
      await expect.poll(() => existsSync(join(bench.root, id)), SOON).toBe(false);
      expect(told(id, 'backup')).toMatchObject([{ outcome: 'failure' }]);
    });
});

test('exports of one owner that run side by side stop where its room ends, whatever the size of their files', async () => {
  const maxBytesOfOne = 30_000;
  await bench.withWork({ bounds: { maxBytesOfOne } }, async (work) => {
    const split = { maxEvents: 5 };
    for (const id of [await bench.ask({ split }), await bench.ask({ split })]) {
      await expect.poll(() => stateOf(work, id), SOON).toBe('failed');
      const { code, detail = '' } = work.record(id)?.failure ?? {};
      const [, had] = /has (\d+) bytes/.exec(detail) ?? [];
      expect(code).toBe('EXPORT_QUOTA');
      // A file of each: five events, and the one beside it.
      expect(Number(had) - maxBytesOfOne).toBeLessThan(10_000);
    }
  });
});

test('an export is removed with its files some time after its end', async () => {
  await bench.withWork({}, async (work) => {
    const id = await bench.ask({ compression: 'zstd', split: { maxEvents: 1000 } });
    await expect.poll(() => stateOf(work, id), SOON).toBe('done');
    expect(work.record(id)).toMatchObject({ events: EVENTS, files: 3, total: EVENTS });
    expect(readdirSync(join(bench.root, id))).toHaveLength(3 + 3 + 3 + 1);
    bench.aheadMs += BOUNDS.keepMs;
    await expect.poll(() => bench.state.get('export', id), SOON).toBeUndefined();
    await expect.poll(() => existsSync(join(bench.root, id)), SOON).toBe(false);
    expect(told(id, 'delete')).toHaveLength(2);
  });
});
