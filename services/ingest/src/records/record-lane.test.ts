import type { AppendBatch, Position } from '@cadf-pipeline/event-stream';
import { StreamError } from '@cadf-pipeline/event-stream';
import { expect, test, vi } from 'vitest';
import { createRecordLane } from './record-lane.ts';
import type { RecordLane } from './record-lane.ts';

const logger = { warn: () => undefined, error: () => undefined };

/** A stream that fails the first times, or as long as it is told to, and keeps what it took. */
function laneOver(failures: number, more: { maxPendingBytes?: number; closeTimeoutMs?: number } = {}) {
  const taken: string[] = [];
  let left = failures;
  const lane: RecordLane = createRecordLane({
    maxPendingBytes: 1e6,
    logger,
    ...more,
    stream: {
      async append(_topic: string, batch: AppendBatch): Promise<readonly Position[]> {
        await new Promise((resume) => setTimeout(resume, 1));
        if (left-- > 0) throw new StreamError('STREAM_UNAVAILABLE', 'the stream is away');
        taken.push(...batch.records.map(({ key }) => key));
        return [];
      },
    },
  });
  return { lane, taken };
}

const record = (key: number, bytes = 10) => ({ key: String(key), value: Buffer.alloc(bytes) });

test('records arrive in order, also when appends fail twice', async () => {
  const { lane, taken } = laneOver(2);
  for (let index = 0; index < 5; index++) lane.add(record(index));
  await vi.waitFor(() => expect(taken).toHaveLength(5));
  for (let index = 5; index < 9; index++) lane.add(record(index));
  expect(await lane.close()).toBe(0);
  expect(taken).toEqual(Array.from({ length: 9 }, (_, index) => String(index)));
});

test('it is full past its bound until half of it is durable, and says when it has room', async () => {
  const { lane, taken } = laneOver(0, { maxPendingBytes: 10_000 });
  const room = vi.fn();
  lane.onRoom(room);
  lane.add(record(1, 1000));
  expect(lane.full).toBe(false);
  lane.add(record(2, 9000));
  expect(lane.full).toBe(true);
  expect(room).not.toHaveBeenCalled();
  await vi.waitFor(() => expect(taken).toHaveLength(2));
  expect(lane.full).toBe(false);
  expect(room).toHaveBeenCalledTimes(1);
});

test('a close gives up after its time and says how many records that costs', async () => {
  const { lane, taken } = laneOver(Infinity, { closeTimeoutMs: 100 });
  lane.add(record(1));
  lane.add(record(2));
  expect(await lane.close()).toBe(2);
  expect(taken).toEqual([]);
});
