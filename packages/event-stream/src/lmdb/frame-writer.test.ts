import { expect, test } from 'vitest';
import { createFrameArena } from './frame-arena.ts';
import { encodeAppend } from './frame-encode.ts';
import { readHead } from './frame-layout.ts';
import type { FrameChange, FrameStore } from './frame-store.ts';
import { createFrameWriter } from './frame-writer.ts';
import { createTailCache, findInTail } from './tail-cache.ts';
import { loadTopic } from './topic-state.ts';

/** A store in memory whose writes can be held up or made to fail, as a disk does. */
function faultyStore() {
  const frames = new Map<string, Buffer>();
  const writes: FrameChange[][] = [];
  let failure: Error | undefined;
  let held: Promise<void> = Promise.resolve();
  const bases = (partition: number): number[] =>
    [...frames.keys()]
      .map((key) => key.split('/').map(Number))
      .filter(([p]) => p === partition)
      .map(([, base]) => base ?? 0)
      .toSorted((a, b) => a - b);
  const store: FrameStore = {
    async write(changes) {
      writes.push([...changes]);
      await held;
      if (failure !== undefined) throw failure;
      for (const change of changes)
        if (change.kind === 'put-frame')
          frames.set(`${change.partition}/${change.base}`, Buffer.from(change.bytes));
    },
    getMeta: () => undefined,
    listMeta: () => [],
    frameAt: (_topic, partition, offset) =>
      frames.get(`${partition}/${bases(partition).findLast((base) => base <= offset)}`),
    frameFrom: (_topic, partition, offset) =>
      frames.get(`${partition}/${bases(partition).find((base) => base >= offset)}`),
    close: async () => undefined,
  };
  return {
    store,
    writes,
    frames,
    fail: (error: Error | undefined) => {
      failure = error;
    },
    hold: () => {
      let release: () => void = () => undefined;
      held = new Promise((resolve) => (release = resolve));
      return () => release();
    },
  };
}

function setUp(partitions = 1) {
  const faults = faultyStore();
  const tail = createTailCache(1_000_000);
  const writer = createFrameWriter(faults.store, tail);
  const topic = loadTopic(faults.store, 1, { name: 't', partitions, cleanup: 'delete' });
  const arena = createFrameArena();
  const append = async (...keys: string[]): Promise<number[]> => {
    const encoded = encodeAppend(
      { records: keys.map((key) => ({ key, value: Buffer.from(key) })) },
      partitions,
      0,
      arena,
    );
    await writer.write(topic, encoded);
    return encoded.frames.map(({ base }) => base);
  };
  return { ...faults, tail, writer, topic, append };
}

test('appends that come while a commit is under way share the next one', async () => {
  const { append, hold, writes } = setUp();
  const release = hold();
  const first = append('a');
  await new Promise((resolve) => setImmediate(resolve));
  const more = ['b', 'c', 'd'].map((key) => append(key));
  await new Promise((resolve) => setImmediate(resolve));
  expect(writes).toHaveLength(1);
  release();
  expect(await Promise.all([first, ...more])).toEqual([[0], [1], [2], [3]]);
  expect(writes.map((changes) => changes.length)).toEqual([1, 3]);
});

test('a commit that fails rejects its appends, gives their offsets to the next ones and recovers', async () => {
  const { append, fail, writer, topic, frames } = setUp();
  expect(await append('a', 'b')).toEqual([0]);
  fail(new Error('ENOSPC'));
  const failed = await Promise.allSettled([append('c'), append('d')]);
  for (const outcome of failed)
    expect(outcome).toMatchObject({
      status: 'rejected',
      reason: { code: 'STREAM_UNAVAILABLE', retryable: true },
    });
  expect(writer.lastError()?.message).toContain('ENOSPC');
  fail(undefined);
  expect(await append('e')).toEqual([2]);
  expect(writer.lastError()).toBeUndefined();
  expect(topic.partitions[0]).toMatchObject({ first: 0, next: 3 });
  expect([...frames.keys()]).toEqual(['0/0', '0/2']);
});

test('a commit that was reported as failed but reached the disk is taken for what the disk says', async () => {
  const { append, fail, store, topic, tail } = setUp();
  await append('a');
  const write = store.write.bind(store);
  store.write = async (changes) => {
    await write(changes);
    throw new Error('EIO after the fact');
  };
  await expect(append('b')).rejects.toMatchObject({ code: 'STREAM_UNAVAILABLE' });
  store.write = write;
  fail(undefined);
  expect(topic.partitions[0]).toMatchObject({ next: 2 });
  expect(await append('c')).toEqual([2]);
  // The cache holds no gap: what it does not have is read from the disk.
  expect(findInTail(topic.partitions[0]!.tail, 1)).toBeUndefined();
  expect(findInTail(topic.partitions[0]!.tail, 2)?.base).toBe(2);
  expect(tail.bytes).toBeGreaterThan(0);
});

test('each frame says how many bytes were before it in its partition', async () => {
  const { append, frames, topic } = setUp();
  await append('a');
  await append('b', 'c');
  await append('d');
  const stored = [...frames.values()];
  let before = 0;
  for (const bytes of stored) {
    expect(readHead(bytes).bytesBefore).toBe(before);
    before += bytes.length;
  }
  expect(topic.partitions[0]?.bytesEnd).toBe(before);
});

test('whoever waits for the topic is woken by a commit, once', async () => {
  const { append, topic } = setUp();
  let woken = 0;
  topic.waiting.add(() => (woken += 1));
  await append('a');
  await append('b');
  expect(woken).toBe(1);
});
