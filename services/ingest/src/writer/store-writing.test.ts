/** What the writers of a process say of themselves while the stream under them breaks and comes back. */
import { createLmdbStream } from '@cadf-pipeline/event-stream';
import type { EventStream } from '@cadf-pipeline/event-stream';
import { createChdbStore } from '@cadf-pipeline/event-store';
import { createPipelineMetrics } from '@cadf-pipeline/service-kit';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { EVENTS_TOPIC, topics } from '../topics.ts';
import { createStoreWriting } from './store-writing.ts';

test('a writer that was started again and runs is well, also when nothing comes in', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'cadf-store-writing-'));
  const stream = createLmdbStream({ path: join(folder, 'stream') });
  const store = createChdbStore({ path: join(folder, 'store') });
  await store.migrate();
  await stream.createTopics(topics({ partitions: 1, retentionMs: 1e9 }));
  let failures = 2;
  const breaking: EventStream = {
    ...stream,
    consume(topic, options) {
      if (topic === EVENTS_TOPIC && failures-- > 0) throw new Error('no broker answers');
      return stream.consume(topic, options);
    },
  };
  const quiet = { warn: () => undefined, error: () => undefined };
  const writing = createStoreWriting({
    stream: breaking,
    store,
    metrics: createPipelineMetrics({ process: false }),
    logger: quiet,
    settings: { maxRows: 10, maxBytes: 1000, maxWaitMs: 10 },
    stored: () => undefined,
  });
  onTestFinished(async () => {
    vi.useRealTimers();
    await writing.stop();
    await stream.close();
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  });
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  writing.start();
  await vi.advanceTimersByTimeAsync(1500);
  expect(writing.trouble()).toBe('events: no broker answers');
  await vi.advanceTimersByTimeAsync(1000);
  expect(failures).toBeLessThan(0);
  expect(writing.trouble()).toBe('events: no broker answers');
  await vi.advanceTimersByTimeAsync(5000);
  expect(writing.trouble()).toBeUndefined();
});
