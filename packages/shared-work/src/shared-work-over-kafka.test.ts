/** Two processes share the work over a real broker; one is held up, wakes up again, and is killed. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { firstOffsets, partitionOf } from '@cadf-pipeline/event-stream';
import type { EventStream } from '@cadf-pipeline/event-stream';
import { expect, test, vi } from 'vitest';
import { kafkaOrSkip } from '../../../test/support/kafka.ts';
import { ERRAND_IDS, errands, openStream, STEPS, Steps } from './errands.test-support.ts';
import type { Step } from './errands.test-support.ts';
import { keptRecord } from './kept-record.ts';
import { createRecordTable } from './record-table.ts';

const WAIT = { timeout: 60_000, interval: 20 };
const kafka = await kafkaOrSkip();

test.skipIf(kafka === undefined)(
  'what a process that is stopped or killed was doing goes on in the other: no step is lost, none counts twice',
  { timeout: 120_000 },
  async ({ onTestFinished }) => {
    const brokers = kafka?.brokers ?? [];
    const stream = openStream(brokers);
    const acknowledged: (Step & { readonly by: string })[] = [];
    const work = errands(stream, 'this', (step) => acknowledged.push({ ...step, by: 'this' }));
    const program = fileURLToPath(new URL('errands.test-support.ts', import.meta.url));
    const other = spawn(process.execPath, [program, brokers.join(',')], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    onTestFinished(async () => {
      other.kill('SIGKILL');
      await work.stop();
      await stream.close();
      await kafka?.stop();
    });
    createInterface({ input: other.stdout }).on('line', (line) => {
      acknowledged.push({ ...(JSON.parse(line) as Step), by: 'other' });
    });
    await work.start();
    const doers = (): (string | undefined)[] => ERRAND_IDS.map((id) => work.get(id)?.by);
    const shared = (): void => expect(new Set(doers())).toEqual(new Set(['this', 'other']));
    const alone = (): void => expect(new Set(doers())).toEqual(new Set(['this']));

    await vi.waitFor(shared, WAIT);
    other.kill('SIGSTOP');
    await vi.waitFor(alone, WAIT);
    other.kill('SIGCONT');
    await vi.waitFor(shared, WAIT);
    other.kill('SIGKILL');
    await vi.waitFor(alone, WAIT);
    await work.stop();

    const counted = await countedSteps(stream);
    // Each one step after the last, whoever made it.
    for (const id of ERRAND_IDS) {
      const steps = counted.filter((step) => step.id === id).map((step) => step.steps);
      expect(steps).toEqual(Array.from(steps, (_, index) => index + 1));
    }
    const all = new Set(counted.map(({ by, id, steps }) => `${by} ${id} ${steps}`));
    expect(acknowledged.filter(({ by, id, steps }) => !all.has(`${by} ${id} ${steps}`))).toEqual([]);
    expect(new Set(ERRAND_IDS.map((id) => partitionOf(id, STEPS.partitions))).size).toBeGreaterThan(1);
  },
);

/** All that was ever written and counts. */
async function countedSteps(stream: EventStream): Promise<readonly (Step & { readonly by: string })[]> {
  const codec = keptRecord(Steps);
  const table = createRecordTable<NonNullable<ReturnType<typeof codec.decode>>>();
  const counted: (Step & { readonly by: string })[] = [];
  const from = await firstOffsets(stream, STEPS.name);
  for await (const { records } of stream.read(STEPS.name, { from, follow: false }))
    for (const { key, value } of records) {
      const record = value === null ? undefined : codec.decode(value);
      if (record === undefined) throw new Error(`an unreadable record of ${key}`);
      const known = table.get(key)?.steps;
      // An owner writes what counts once more where an earlier one wrote after it.
      if (table.apply(key, record) === 'applied' && record.steps !== known)
        counted.push({ id: key, steps: record.steps, by: record.by });
    }
  return counted;
}
