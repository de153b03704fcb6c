import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createLargeDocuments } from './large-documents.ts';

const LARGE = 2_000_000;

function readings() {
  let ms = 0;
  const read: string[] = [];
  const rests: { readonly ms: number; readonly end: () => void }[] = [];
  const readTurn = createLargeDocuments({
    now: () => ms,
    rest: (restMs) => new Promise<void>((end) => rests.push({ ms: restMs, end })),
  });
  const take = (name: string, bytes: number, lasts = 0, signal?: AbortSignal): Promise<string> =>
    readTurn(
      bytes,
      () => {
        read.push(name);
        ms += lasts;
        if (name === 'broken') throw new Error(name);
        return name;
      },
      signal,
    );
  return { read, rests, take };
}

test('large documents are read one at a time, with a rest behind each; small ones wait for none', async () => {
  const { read, rests, take } = readings();
  expect(await take('a', LARGE, 30)).toBe('a');
  const second = take('b', LARGE, 9000);
  expect(await take('small', 1000)).toBe('small');
  await nextTurn();
  expect(read).toEqual(['a', 'small']);
  expect(rests.map(({ ms }) => ms)).toEqual([600]);
  rests[0]?.end();
  expect(await second).toBe('b');
  expect(rests.map(({ ms }) => ms)).toEqual([600, 10_000]);
});

test('one that cannot be read rests too, and who is stopped while it waits leaves the turn to the next', async () => {
  const { read, rests, take } = readings();
  await expect(take('broken', LARGE, 5)).rejects.toThrow('broken');
  const stopping = new AbortController();
  const stopped = take('stopped', LARGE, 0, stopping.signal);
  const next = take('next', LARGE);
  stopping.abort(new Error('stop'));
  await expect(stopped).rejects.toThrow('stop');
  expect(rests.map(({ ms }) => ms)).toEqual([100]);
  rests[0]?.end();
  expect(await next).toBe('next');
  expect(read).toEqual(['broken', 'next']);
});
