import type { CadfEvent } from '@cadf-pipeline/cadf-model';
import { expect, test } from 'vitest';
import { CimiFailure } from '../cimi/cimi-failure.ts';
import { createCollectedMarks } from './collected-marks.ts';
import { testCollection } from './collector.test-support.ts';
import { createTroubleReport } from './trouble-report.ts';
import type { TroubleReport } from './trouble-report.ts';

const { signal } = new AbortController();
const logger = { info: () => undefined, warn: () => undefined, error: () => undefined };
const slow = new CimiFailure('CIMI_TIMEOUT', 'slow');
const cut = new CimiFailure('CIMI_LISTING_CUT', 'cut');

interface Setup {
  readonly told: CadfEvent[];
  /** A report of a process that has just been started. */
  readonly restart: () => Promise<TroubleReport>;
  /** The next `times` events are not told: the process is killed, before (`kept` false) or after they are durable. */
  readonly kill: (times: number, kept: boolean) => void;
}

async function setUp(): Promise<Setup> {
  const { stream } = await testCollection();
  const told: CadfEvent[] = [];
  let killing = { times: 0, kept: false };
  return {
    told,
    kill: (times, kept) => (killing = { times, kept }),
    async restart() {
      const marks = createCollectedMarks(stream, logger);
      await marks.load();
      return createTroubleReport({
        source: { id: 'a', name: 'Cloud A' },
        marks: marks.of('a'),
        async tell(event) {
          if (killing.times-- <= 0) return void told.push(event);
          if (killing.kept) told.push(event);
          throw new Error('killed');
        },
      });
    },
  };
}

const words = (told: readonly CadfEvent[]): string[] =>
  told.map(
    ({ name, reason, eventTime }) =>
      `${name} ${reason?.reasonCode?.split(' ')[0]} ${Date.parse(eventTime) / 1000}`,
  );

test('each code is told when it begins and when it is over', async () => {
  const { told, restart } = await setUp();
  const report = await restart();
  await report.settle([slow, slow], false, 1000, signal);
  await report.settle([slow, cut], false, 2000, signal);
  await report.settle([cut], true, 3000, signal);
  await report.settle([], true, 4000, signal);
  await report.settle([slow], true, 5000, signal);
  expect(words(told)).toEqual([
    'collecting fails CIMI_TIMEOUT 1',
    'collecting fails CIMI_LISTING_CUT 2',
    'collecting works again CIMI_TIMEOUT 3',
    'collecting works again CIMI_LISTING_CUT 4',
    'collecting fails CIMI_TIMEOUT 5',
  ]);
  expect(new Set(told.map(({ id }) => id)).size).toBe(5);
});

test('what was not tried is not taken to work', async () => {
  const { told, restart } = await setUp();
  const report = await restart();
  await report.settle([cut], true, 1000, signal);
  await report.settle([slow], false, 2000, signal);
  expect(words(told).filter((one) => one.includes('again'))).toEqual([]);
});

for (const kept of [false, true])
  test(`an end or a beginning whose telling was interrupted is told by the next process, the same (${kept ? 'after' : 'before'} it was durable)`, async () => {
    const { told, restart, kill } = await setUp();
    kill(1, kept);
    await expect((await restart()).settle([slow], true, 1000, signal)).rejects.toThrow('killed');
    await (await restart()).settle([slow], true, 2000, signal);
    kill(1, kept);
    await expect((await restart()).settle([], true, 3000, signal)).rejects.toThrow('killed');
    await (await restart()).settle([], true, 4000, signal);
    await (await restart()).settle([], true, 5000, signal);
    expect([...new Map(told.map((event) => [JSON.stringify(event), event])).values()]).toHaveLength(2);
    expect(words(told)).toHaveLength(kept ? 4 : 2);
    expect(words(told).at(-1)).toBe('collecting works again CIMI_TIMEOUT 3');
  });
