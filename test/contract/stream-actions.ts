/** What the tests of a stream do again and again. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import {
  type EventStream,
  type ReadOptions,
  type RecordBatch,
  StreamError,
  type StreamRecord,
} from '@cadf-pipeline/event-stream';
import { expect } from 'vitest';

/** Appends records `value n` for n from `first`, ten keys in turn. */
export async function appendNumbers(
  stream: EventStream,
  topic: string,
  first: number,
  count: number,
): Promise<void> {
  await stream.append(topic, {
    headers: { 'cadf-source': 'test' },
    records: Array.from({ length: count }, (_, i) => ({
      key: `key-${(first + i) % 10}`,
      value: Buffer.from(`value ${first + i}`),
    })),
  });
}

/** Everything a topic holds, partition by partition. */
export async function readAll(
  stream: EventStream,
  topic: string,
  options: Partial<ReadOptions> = {},
): Promise<StreamRecord[]> {
  const from =
    options.from ?? new Map([...(await stream.bounds(topic)).keys()].map((partition) => [partition, 0]));
  const batches = await collect(stream.read(topic, { follow: false, ...options, from }));
  return batches.toSorted((a, b) => a.partition - b.partition).flatMap(({ records }) => records);
}

export async function collect(batches: AsyncIterable<RecordBatch>): Promise<RecordBatch[]> {
  const all: RecordBatch[] = [];
  for await (const batch of batches) all.push(batch);
  return all;
}

/** The StreamError an action ends with, thrown at once or later. */
export async function rejectionOf(action: () => Promise<unknown>): Promise<StreamError> {
  try {
    await action();
  } catch (error) {
    if (error instanceof StreamError) return error;
    throw error;
  }
  throw new Error('it was expected to fail');
}

export function replay(records: readonly StreamRecord[]): Map<string, string> {
  const state = new Map<string, string>();
  for (const { key, value } of records)
    if (value === null) state.delete(key);
    else state.set(key, String(value));
  return state;
}

/** Bytes that do not compress, the same for a seed. */
export function randomBytes(size: number, seed: number): Buffer {
  const bytes = Buffer.alloc(size);
  let state = seed + 1;
  for (let i = 0; i < size; i += 4) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    bytes.writeUInt32LE((state ^ (state >>> 15)) >>> 0, i);
  }
  return bytes;
}

export async function until(condition: () => boolean | Promise<boolean>, timeoutMs = 25_000): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!(await condition())) {
    if (Date.now() > deadline)
      throw new Error(`it did not come true in ${timeoutMs} ms: ${String(condition)}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Runs a process that appends and prints what was acknowledged, and kills it right after the given number of lines. */
export async function appendUntilKilled(
  setup: Readonly<Record<string, unknown>>,
  lines: number,
): Promise<string[]> {
  const program = fileURLToPath(new URL('append-until-killed.ts', import.meta.url));
  const child = spawn(process.execPath, [program, JSON.stringify(setup)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  const acknowledged: string[] = [];
  let seen = 0;
  for await (const line of createInterface({ input: child.stdout })) {
    const values: unknown = JSON.parse(line);
    if (Array.isArray(values)) acknowledged.push(...values.map(String));
    seen += 1;
    if (seen === lines) child.kill('SIGKILL');
  }
  const [, signal] = await exited;
  expect(signal).toBe('SIGKILL');
  return acknowledged;
}

/** Starts something that goes on beside the test; should the test fail before it is waited for, that is the error to see. */
export function background<T>(action: () => Promise<T>): Promise<T> {
  const running = action();
  running.catch(() => undefined);
  return running;
}
