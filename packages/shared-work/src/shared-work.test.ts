/** Work of one process after the other over a real stream; two at a time are in shared-work-over-kafka.test.ts. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import type { WorkStop } from './interface.ts';
import { testErrands } from './shared-work.test-support.ts';
import type { ErrandOptions } from './shared-work.test-support.ts';

const WAIT = { timeout: 10_000, interval: 5 };

function untilStopped(stop: WorkStop): Promise<never> {
  return new Promise((_, reject) => {
    stop.soft.addEventListener('abort', () => reject(stop.soft.reason as Error), { once: true });
  });
}

/** Counts steps until there are as many as asked for; says who made each. */
function stepping(done: string[], name: string, upto = Infinity): ErrandOptions['run'] {
  return async (id, work, { soft }) => {
    for (let steps = work.record?.steps ?? 0; steps < upto; steps++) {
      soft.throwIfAborted();
      await work.save({ steps: steps + 1 });
      done.push(`${name} ${id} ${steps + 1}`);
      await sleep(2);
    }
    return 'done';
  };
}

test('an item is done once, and any process can tell how far it came', async () => {
  const { definitions, start } = await testErrands();
  const done: string[] = [];
  definitions.set('a', '1').set('b', undefined);
  const { stop, work } = await start(stepping(done, 'first', 3));
  await vi.waitFor(() => expect(work.end('a')).toBe('done'), WAIT);
  expect(done).toEqual(['first a 1', 'first a 2', 'first a 3']);
  expect(work.get('a')).toMatchObject({ steps: 3, epoch: 1, writtenMs: expect.any(Number) });
  expect(work.get('b')).toBeUndefined();
  expect([...work.owned()].toSorted()).toEqual(['a', 'b']);
  expect(work.trouble()).toBeUndefined();
  await stop();
  const next = await start(stepping(done, 'second', 3));
  expect(next.work.get('a')?.steps).toBe(3);
  await vi.waitFor(() => expect(next.work.end('a')).toBe('done'), WAIT);
  // It was found done: nobody took it over.
  expect(next.work.get('a')?.epoch).toBe(1);
  expect(done).toHaveLength(3);
});

test('the next process goes on from what a killed one saved last', async () => {
  const { definitions, start } = await testErrands();
  const done: string[] = [];
  definitions.set('a', '1');
  const { kill } = await start(stepping(done, 'first'));
  await vi.waitFor(() => expect(done.length).toBeGreaterThan(3), WAIT);
  await kill();
  const reached = done.length;
  const { work } = await start(stepping(done, 'second', reached + 5));
  await vi.waitFor(() => expect(work.end('a')).toBe('done'), WAIT);
  // What was durable the moment it was killed may not have been told to it.
  const again = Number(done[reached]?.split(' ')[2]);
  expect([reached + 1, reached + 2]).toContain(again);
  expect(done[reached]).toMatch(/^second/);
  expect(work.get('a')).toMatchObject({ steps: reached + 5, epoch: 2 });
});

test('a changed definition ends the run and begins another one; without one nothing is done', async () => {
  const { definitions, start } = await testErrands();
  const begun: (string | undefined)[] = [];
  let running = 0;
  definitions.set('a', '1');
  const { work } = await start(async (id, _work, stop) => {
    begun.push(definitions.get(id));
    expect(++running).toBe(1);
    return untilStopped(stop).finally(() => running--);
  });
  await vi.waitFor(() => expect(begun).toEqual(['1']), WAIT);
  work.changed('a');
  definitions.set('a', '2');
  work.changed('a');
  await vi.waitFor(() => expect(begun).toEqual(['1', '2']), WAIT);
  definitions.set('a', undefined);
  work.changed('a');
  await vi.waitFor(() => expect(running).toBe(0), WAIT);
  definitions.set('a', '3');
  work.changed('a');
  await vi.waitFor(() => expect(begun).toEqual(['1', '2', '3']), WAIT);
  expect(work.renew('a')).toBe(true);
  await vi.waitFor(() => expect(begun).toEqual(['1', '2', '3', '3']), WAIT);
  expect(work.renew('b')).toBe(false);
});

test('at most so many run at once; the others wait in the order of their ids, and those that are gone leave', async () => {
  const { definitions, start } = await testErrands();
  const begun: string[] = [];
  const end = new Map<string, () => void>();
  const run: ErrandOptions['run'] = (id, _work, { soft }) => {
    begun.push(id);
    const { promise, reject, resolve } = Promise.withResolvers<string>();
    end.set(id, () => resolve('done'));
    soft.addEventListener('abort', () => reject(new Error('stopped')), { once: true });
    return promise;
  };
  for (const id of ['e', 'b', 'd', 'a', 'c', 'f']) definitions.set(id, '1');
  const { work } = await start(run, { maxRuns: 2 });
  await vi.waitFor(() => expect(begun).toEqual(['a', 'b']), WAIT);
  definitions.set('aa', '1');
  work.changed('aa');
  definitions.delete('c');
  work.changed('c');
  await sleep(20);
  expect(begun).toEqual(['a', 'b']);
  end.get('b')?.();
  await vi.waitFor(() => expect(begun).toEqual(['a', 'b', 'aa']), WAIT);
  // One that is stopped gives its place back, too.
  definitions.delete('a');
  work.changed('a');
  await vi.waitFor(() => expect(begun).toEqual(['a', 'b', 'aa', 'd']), WAIT);
  for (const id of ['aa', 'd']) end.get(id)?.();
  await vi.waitFor(() => expect(begun.slice(4)).toEqual(['e', 'f']), WAIT);
});

test('what breaks off is begun again, and does not keep others from their turn', async () => {
  const { definitions, logged, start } = await testErrands();
  const begun: string[] = [];
  definitions.set('a', '1').set('b', '1');
  const run: ErrandOptions['run'] = async (id) => {
    begun.push(id);
    if (begun.length === 1) throw new Error('of no use');
    return 'done';
  };
  const { work } = await start(run, { maxRuns: 1 });
  await vi.waitFor(() => expect(work.end('a')).toBe('done'), WAIT);
  expect(begun).toEqual(['a', 'b', 'a']);
  expect(logged).toContain('shared work broke off, starting it again');
});

test('who is superseded saves nothing more, and goes on from what the other one wrote when it is its own still', async () => {
  const { definitions, start, write } = await testErrands();
  const found: (number | undefined)[] = [];
  definitions.set('a', '1');
  const { work } = await start(async (_id, mine, { soft }) => {
    found.push(mine.record?.steps);
    for (let steps = mine.record?.steps ?? 0; ; steps++) {
      soft.throwIfAborted();
      await mine.save({ steps: steps + 1 });
      await sleep(5);
    }
  });
  await vi.waitFor(() => expect(work.get('a')?.steps).toBeGreaterThan(2), WAIT);
  await write('a', { steps: 1000, epoch: 2, owner: 'other' });
  await vi.waitFor(() => expect(work.get('a')?.epoch).toBe(3), WAIT);
  expect(found).toEqual([undefined, 1000]);
  expect(work.get('a')?.steps).toBeGreaterThan(1000);
});

test('what is written between the look at the record and the first save supersedes, too', async () => {
  const { definitions, start, write } = await testErrands();
  const found: (number | undefined)[] = [];
  definitions.set('a', '1');
  const { work } = await start(async (_id, mine) => {
    found.push(mine.record?.steps);
    if (found.length === 1) await write('a', { steps: 7, epoch: 1, owner: 'other' });
    await mine.save({ steps: (mine.record?.steps ?? 0) + 1 });
    return 'done';
  });
  await vi.waitFor(() => expect(work.end('a')).toBe('done'), WAIT);
  expect(found).toEqual([undefined, 7]);
  expect(work.get('a')).toMatchObject({ steps: 8, epoch: 2 });
});

test('what an earlier owner still writes does not count, and does not stay the newest in the topic', async () => {
  const { definitions, newest, start, write } = await testErrands();
  definitions.set('a', '1').set('b', '1');
  const { work } = await start(async (id, mine, stop) => {
    await mine.save({ steps: 5 });
    return id === 'a' ? 'done' : untilStopped(stop);
  });
  await vi.waitFor(() => expect(work.end('a') && work.get('b')).toBeDefined(), WAIT);
  for (const id of ['a', 'b']) {
    await write(id, { steps: 1, epoch: 0, owner: 'earlier' });
    await vi.waitFor(async () => expect((await newest(id))?.steps).toBe(5), WAIT);
    expect(work.get(id)?.steps).toBe(5);
  }
  // One that had ended is written once more as it was; one that is under way is taken once more.
  expect([work.get('a')?.epoch, work.get('b')?.epoch]).toEqual([1, 2]);
});

test('a process that is not certainly a member of the group begins nothing', async () => {
  const { definitions, start, stream } = await testErrands();
  const done: string[] = [];
  let ageMs = 15_001;
  definitions.set('a', '1');
  const { work } = await start(stepping(done, 'first', 1), {
    stream: { ...stream, membershipAgeMs: () => ageMs },
  });
  await sleep(100);
  expect(done).toEqual([]);
  ageMs = 0;
  await vi.waitFor(() => expect(work.end('a')).toBe('done'), WAIT);
});

test('the records of items that are gone are forgotten, those of others are not', async () => {
  const { definitions, newest, start } = await testErrands();
  definitions.set('a', '1').set('b', '1');
  const { work } = await start(stepping([], 'first', 1), { sweepEveryMs: 20 });
  await vi.waitFor(() => expect(work.get('a') && work.get('b')).toBeDefined(), WAIT);
  definitions.delete('a');
  definitions.set('b', undefined);
  await vi.waitFor(() => expect(work.get('a')).toBeUndefined(), WAIT);
  expect(await newest('a')).toBeNull();
  await sleep(60);
  expect(work.get('b')?.steps).toBe(1);
});

test('a process that stops lets runs save what is under way, and no longer than it may take', async () => {
  const { definitions, start } = await testErrands();
  definitions.set('a', '1').set('b', '1');
  let hard = false;
  const { stop, work } = await start(async (id, mine, { hard: end, soft }) => {
    await mine.save({ steps: 1 });
    await new Promise((resolve) => soft.addEventListener('abort', resolve, { once: true }));
    if (id === 'a') await mine.save({ steps: 2, note: 'left in order' });
    else await new Promise((resolve) => end.addEventListener('abort', resolve, { once: true }));
    hard ||= end.aborted;
    return 'stopped';
  });
  await vi.waitFor(() => expect(work.get('a') && work.get('b')).toBeDefined(), WAIT);
  await stop();
  expect(hard).toBe(true);
  expect(work.get('a')).toMatchObject({ steps: 2, note: 'left in order' });
});
