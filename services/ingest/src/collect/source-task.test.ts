import { expect, test } from 'vitest';
import { runSourceTask } from './source-task.ts';
import type { Turns } from './turns.ts';

test('after a poll that lasted long, the next one waits with those that do, and after a short one no more', async () => {
  const lanes: string[] = [];
  const lasting = [0, 11_000, 0, 0];
  const stopping = new AbortController();
  let ms = 0;
  const lane = (name: string): Turns => ({
    take: (_signal, run) => {
      lanes.push(name);
      return run();
    },
  });
  const round = async () => ({ failures: [], isDown: false, isWhole: true });
  await runSourceTask(
    {
      source: { id: 'a' },
      poll: { everySeconds: 0.001 },
      poller: {
        async poll() {
          ms += lasting[lanes.length - 1] ?? 0;
          if (lanes.length === lasting.length) stopping.abort();
          return round();
        },
        watch: round,
        openJobs: () => 0,
      },
      report: { settle: async () => undefined, open: () => [] },
      turns: { well: lane('well'), ill: lane('ill') },
      now: () => ms++,
      random: () => 0,
      logger: { info: () => undefined, warn: () => undefined, error: () => undefined },
      onStreamTrouble: () => undefined,
    },
    stopping.signal,
  );
  expect(lanes).toEqual(['well', 'well', 'ill', 'well']);
});
