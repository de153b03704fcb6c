import { createLmdbStream, EVENTS_TOPIC, eventHeaders, partitionOf } from '@cadf-pipeline/event-stream';
import type { LmdbStream } from '@cadf-pipeline/event-stream';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { createOutage } from './outage.ts';
import { createStreamFollower } from './stream-follower.ts';
import type { StreamFollower } from './stream-follower.ts';
import { createWaitingEvents } from './waiting-events.ts';
import type { WaitingEvents } from './waiting-events.ts';

interface Following {
  readonly stream: LmdbStream;
  readonly waiting: WaitingEvents;
  readonly follower: StreamFollower;
}

async function follow(partitions: number): Promise<Following> {
  const path = mkdtempSync(join(tmpdir(), 'cadf-follower-'));
  const stream = createLmdbStream({ path });
  await stream.createTopics([{ name: EVENTS_TOPIC, partitions, cleanup: 'delete' }]);
  const waiting = createWaitingEvents(Date.now);
  const stopping = new AbortController();
  const { signal } = stopping;
  const quiet = { info: () => undefined, warn: () => undefined };
  const outage = createOutage('', quiet, signal);
  const follower = createStreamFollower({ stream, waiting, outage, added: () => undefined, signal });
  const from = new Map(Array.from({ length: partitions }, (_, index) => [index, 0]));
  for (const [partition, offset] of from) waiting.open(partition, offset);
  const running = follower.run(from);
  onTestFinished(async () => {
    stopping.abort();
    await running;
    await stream.close();
    rmSync(path, { recursive: true, force: true });
  });
  return { stream, waiting, follower };
}

async function append(
  stream: LmdbStream,
  partition: number,
  partitions: number,
  bytes: number,
): Promise<void> {
  const key = Array.from({ length: 100 }, (_, index) => `s/e-${index}`).find(
    (each) => partitionOf(each, partitions) === partition,
  );
  const headers = eventHeaders({ tenants: [], digest: '' });
  await stream.append(EVENTS_TOPIC, {
    headers,
    records: [{ key: key ?? '', value: Buffer.alloc(bytes, ' ') }],
  });
}

const room = { timeout: 20_000 };

test(
  'a partition of which too much waits is not read on until there is room; the others are',
  { timeout: 60_000 },
  async () => {
    const { stream, waiting, follower } = await follow(2);
    const big = 1024 * 1024;
    for (let count = 0; count < 40; count++) await append(stream, 0, 2, big);
    await vi.waitFor(() => expect(waiting.held(0).bytes).toBeGreaterThan(32 * big), room);
    await append(stream, 1, 2, 1);
    await vi.waitFor(() => expect(waiting.held(1).events).toBe(1), room);
    const held = waiting.held(0).events;
    expect(held).toBeLessThan(40);
    waiting.stored(1, [0], 0);
    waiting.stored(
      0,
      Array.from({ length: held }, (_, offset) => offset),
      0,
    );
    let released = 0;
    while (waiting.release() !== undefined) released += 1;
    expect(released).toBe(held + 1);
    follower.released();
    await vi.waitFor(() => expect(waiting.held(0).events).toBe(40 - held), room);
  },
);

test(
  'partitions that the topic gets later are followed from their first record',
  { timeout: 60_000 },
  async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    onTestFinished(() => void vi.useRealTimers());
    const { stream, waiting } = await follow(1);
    await stream.createTopics([{ name: EVENTS_TOPIC, partitions: 3, cleanup: 'delete' }]);
    await append(stream, 2, 3, 1);
    await vi.advanceTimersByTimeAsync(30_000);
    vi.useRealTimers();
    await vi.waitFor(() => expect(waiting.held(2).events).toBe(1), room);
    expect(new Set(waiting.cuts().keys())).toEqual(new Set([0, 1, 2]));
  },
);
