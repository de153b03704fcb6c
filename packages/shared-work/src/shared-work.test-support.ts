/** Shared work over a real stream (LMDB): errands of which each says how many steps were done. Processes can be killed. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLmdbStream, firstOffsets } from '@cadf-pipeline/event-stream';
import type { EventStream } from '@cadf-pipeline/event-stream';
import { Type } from 'typebox';
import type { Static } from 'typebox';
import { onTestFinished } from 'vitest';
import { mortalStream } from '../../../test/support/mortal-stream.ts';
import type { SharedWork, SharedWorkOptions } from './interface.ts';
import { keptRecord } from './kept-record.ts';
import { createSharedWork } from './shared-work.ts';

export const Errand = Type.Object({ steps: Type.Integer(), note: Type.Optional(Type.String()) });
export type Errand = Static<typeof Errand>;
export const errandCodec = keptRecord(Errand);
export const ERRANDS = { name: 'cadf.errands', partitions: 4, cleanup: 'compact' } as const;

export type ErrandOptions = SharedWorkOptions<typeof Errand, string>;
export type ErrandWork = SharedWork<Errand, string>;

export interface TestErrands {
  readonly stream: EventStream;
  /** By id; what is left out is gone. */
  readonly definitions: Map<string, string | undefined>;
  readonly logged: readonly string[];
  readonly start: (run: ErrandOptions['run'], more?: Partial<ErrandOptions>) => Promise<TestProcess>;
  /** As another process would write it. */
  readonly write: (id: string, record: ReturnType<typeof errandCodec.decode>) => Promise<void>;
  /** The newest in the topic, whether or not it counts. */
  readonly newest: (id: string) => Promise<ReturnType<typeof errandCodec.decode> | null>;
}

export interface TestProcess {
  readonly work: ErrandWork;
  /** Nothing that it appends gets through any more. */
  readonly kill: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

export async function testErrands(): Promise<TestErrands> {
  const folder = await mkdtemp(join(tmpdir(), 'shared-work-'));
  const stream = createLmdbStream({ path: folder, sweepIntervalMs: 0 });
  const definitions = new Map<string, string | undefined>();
  const logged: string[] = [];
  const log = (_: object, message: string): void => void logged.push(message);
  const processes: TestProcess[] = [];
  onTestFinished(async () => {
    await Promise.all(processes.map((process) => process.stop()));
    await stream.close();
    await rm(folder, { recursive: true, force: true });
  });
  return {
    stream,
    definitions,
    logged,
    async start(run, more = {}) {
      const life = new AbortController();
      const work = createSharedWork<typeof Errand, string>({
        stream: mortalStream(stream, life.signal),
        logger: { info: log, warn: log, error: log },
        topic: ERRANDS,
        group: 'errands',
        noun: 'errand',
        record: Errand,
        ids: () => definitions.keys(),
        definition: (id) => definitions.get(id),
        run,
        graceMs: 200,
        ...more,
      });
      await work.start();
      let stopped: Promise<void> | undefined;
      const process: TestProcess = {
        work,
        async kill() {
          life.abort();
          await process.stop();
        },
        stop: () => (stopped ??= work.stop()),
      };
      processes.push(process);
      return process;
    },
    async write(id, record) {
      const value = record === undefined ? null : errandCodec.encode(record);
      await stream.append(ERRANDS.name, { records: [{ key: id, value }] });
    },
    async newest(id) {
      let found: ReturnType<typeof errandCodec.decode> | null = null;
      const from = await firstOffsets(stream, ERRANDS.name);
      for await (const { records } of stream.read(ERRANDS.name, { from, follow: false }))
        for (const { key, value } of records)
          if (key === id) found = value === null ? null : errandCodec.decode(value);
      return found;
    },
  };
}
