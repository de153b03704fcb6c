/** What schedules ask for, and when. The clock is not real; the stream and the control state are. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createControlState } from '@cadf-pipeline/control-state';
import type { ControlState, ExportJob, ExportSchedule } from '@cadf-pipeline/control-state';
import { createLmdbStream } from '@cadf-pipeline/event-stream';
import { createLogger } from '@cadf-pipeline/service-kit';
import { expect, onTestFinished, test } from 'vitest';
import { createExportRights } from '../exports/export-rights.ts';
import { createSecretBox } from '../subscription/secret-box.ts';
import { readCron } from './cron-times.ts';
import { dueTimes } from './due-times.ts';
import { createScheduleWork } from './schedule-work.ts';

const SCHEDULE: ExportSchedule = {
  id: '00000000-0000-4000-8000-000000000001',
  format: 'cadf-ndjson',
  destination: { type: 'download' },
  owner: { kind: 'key', id: 'bootstrap', name: 'root' },
  tenants: '*',
  cron: '0 6 * * *',
  timeZone: 'Europe/Berlin',
  window: 'previous-period',
  paused: false,
  since: '2026-10-24T12:00:00.000Z',
  created: '2026-10-24T12:00:00.000Z',
};

const SOON = { timeout: 20_000 };

function timesOf(cron: string, zone?: string) {
  const times = readCron(cron, zone);
  if (typeof times === 'string') throw new Error(times);
  return times;
}

const iso = (ms: number): string => new Date(ms).toISOString();

test('times are those of the zone, also where summer time ends', () => {
  const times = timesOf('0 6 * * *', 'Europe/Berlin');
  const first = times.next(Date.parse('2026-10-24T12:00:00Z')) ?? 0;
  expect([iso(first), iso(times.previous(first) ?? 0)]).toEqual([
    '2026-10-25T05:00:00.000Z',
    '2026-10-24T04:00:00.000Z',
  ]);
  for (const [cron, zone] of [
    ['61 * * * *', 'UTC'],
    ['0 0 * * * *', 'UTC'],
    ['0 6 * * *', 'Mars/Olympus'],
  ])
    expect(readCron(cron ?? '', zone), cron).toEqual(expect.any(String));
  expect(timesOf('0 0 30 2 *').next(0)).toBeUndefined();
});

test('what was missed is made up for as the schedule says', () => {
  const times = timesOf('0 * * * *');
  const last = Date.parse('2026-11-01T00:00:00Z');
  const at = last + 5.5 * 3_600_000;
  const due = (changes: Partial<ExportSchedule>): readonly string[] =>
    dueTimes(times, { ...SCHEDULE, ...changes }, last, at).due.map((ms) => iso(ms).slice(11, 16));
  expect(due({})).toEqual(['01:00', '02:00', '03:00', '04:00', '05:00']);
  expect(due({ missed: 'last' })).toEqual(['05:00']);
  expect(due({ missed: 'none' })).toEqual([]);
  expect(due({ window: 'since-last' })).toEqual(['05:00']);
  expect(due({ delaySeconds: 7200 })).toEqual(['01:00', '02:00', '03:00']);
  expect(dueTimes(times, SCHEDULE, last, last + 400 * 3_600_000).due).toHaveLength(100);
});

test('a schedule asks once for each time, also when it is begun anew, and since the export before', async () => {
  const path = mkdtempSync(join(tmpdir(), 'schedules-'));
  const stream = createLmdbStream({ path, sweepIntervalMs: 0, tombstoneRetentionMs: 0 });
  const logger = createLogger({ name: 'test', level: 'silent' });
  const state = createControlState({ stream, logger });
  await state.start();
  let nowMs = Date.parse('2026-10-26T12:00:00Z');
  let stored = 10;
  const audited: string[] = [];
  const now = (): number => nowMs;
  const open = () =>
    createScheduleWork({
      state,
      stream,
      logger,
      now,
      store: { snapshot: () => Promise.resolve(new Map([[0, stored]])) },
      rights: createExportRights(state, now),
      box: createSecretBox(Buffer.alloc(32, 1)),
      audit: (event) =>
        Promise.resolve(void audited.push(`${String(event['action'])} ${String(event['outcome'])}`)),
    });
  onTestFinished(async () => {
    await state.close();
    await stream.close();
    rmSync(path, { recursive: true, force: true });
  });
  await state.change('schedule', SCHEDULE.id, SCHEDULE, { by: 'test', ifVersion: 0 });
  const first = open();
  await first.start();
  await expect.poll(() => jobsOf(state).length, SOON).toBe(2);
  await first.stop();
  expect(jobsOf(state).map(({ fromMs = 0, toMs = 0 }) => [iso(fromMs), iso(toMs)])).toEqual([
    ['2026-10-24T04:00:00.000Z', '2026-10-25T05:00:00.000Z'],
    ['2026-10-25T05:00:00.000Z', '2026-10-26T05:00:00.000Z'],
  ]);
  expect(audited).toEqual(['create pending', 'create success', 'create pending', 'create success']);

  const version = state.get('schedule', SCHEDULE.id)?.version ?? 0;
  const since: ExportSchedule = { ...SCHEDULE, window: 'since-last' };
  await state.change('schedule', SCHEDULE.id, since, { by: 'test', ifVersion: version });
  nowMs += 86_400_000;
  stored = 25;
  const second = open();
  await second.start();
  await expect.poll(() => jobsOf(state).length, SOON).toBe(3);
  expect(jobsOf(state).at(-1)).toMatchObject({ since: { 0: 10 }, asOf: { 0: 25 } });
  expect(jobsOf(state).at(-1)).not.toHaveProperty('toMs');

  const lost = { ...since, owner: { kind: 'key' as const, id: 'gone', name: 'gone', since: 'never' } };
  const before = state.get('schedule', SCHEDULE.id)?.version ?? 0;
  nowMs += 86_400_000;
  await state.change('schedule', SCHEDULE.id, lost, { by: 'test', ifVersion: before });
  await expect.poll(() => second.record(SCHEDULE.id)?.problem, SOON).toContain('is gone');
  expect(jobsOf(state)).toHaveLength(3);
  await second.stop();
});

function jobsOf(state: ControlState): readonly ExportJob[] {
  return state
    .list('export')
    .map(({ entity }) => entity)
    .toSorted((a, b) => ((a.schedule?.due ?? '') < (b.schedule?.due ?? '') ? -1 : 1));
}
