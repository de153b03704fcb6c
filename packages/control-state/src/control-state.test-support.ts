/** A real LMDB stream in a directory of its own, for the tests of this package. */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { createLmdbStream } from '@cadf-pipeline/event-stream';
import type { LmdbStream } from '@cadf-pipeline/event-stream';
import { onTestFinished } from 'vitest';

import { createControlState } from './control-state.ts';
import type { ControlState, ControlStateOptions } from './control-state.ts';

/** Opens a stream that is closed and removed when the test ends. */
export async function openTestStream(): Promise<LmdbStream> {
  const path = await mkdtemp(join(tmpdir(), 'control-state-'));
  const stream = createLmdbStream({
    path,
    maxBytes: 64 * 1024 * 1024,
    tombstoneRetentionMs: 0,
    sweepIntervalMs: 0,
  });
  onTestFinished(async () => {
    await stream.close();
    await rm(path, { recursive: true, force: true });
  });
  return stream;
}

export interface TestState {
  readonly state: ControlState;
  /** What was logged as a warning. */
  readonly warnings: readonly object[];
}

/** A started control state over a stream, closed when the test ends. */
export async function startTestState(options: Omit<ControlStateOptions, 'logger'>): Promise<TestState> {
  const warnings: object[] = [];
  const state = createControlState({ logger: { warn: (fields) => warnings.push(fields) }, ...options });
  onTestFinished(() => state.close());
  await state.start();
  return { state, warnings };
}
