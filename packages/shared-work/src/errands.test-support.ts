/**
 * Errands over Kafka that count their steps for ever. Run as a program it is a process of its own that can be killed or
 * stopped: it prints each step that was acknowledged, a line of JSON.
 */
import { writeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { createKafkaStream } from '@cadf-pipeline/event-stream';
import type { EventStream } from '@cadf-pipeline/event-stream';
import { Type } from 'typebox';
import { createSharedWork } from './shared-work.ts';
import type { SharedWork } from './interface.ts';

export const Steps = Type.Object({ steps: Type.Integer(), by: Type.String() });
export const STEPS = { name: 'cadf.steps', partitions: 4, cleanup: 'compact' } as const;
/** Two in each partition. */
export const ERRAND_IDS = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];

export interface Step {
  readonly id: string;
  readonly steps: number;
}

export function openStream(brokers: readonly string[]): EventStream {
  return createKafkaStream({ brokers, lingerMs: 0, sessionTimeoutMs: 2000 });
}

export function errands(stream: EventStream, by: string, acknowledged: (step: Step) => void) {
  const log = (): void => undefined;
  const work: SharedWork<{ steps: number; by: string }, string> = createSharedWork({
    stream,
    logger: { info: log, warn: log, error: log },
    topic: STEPS,
    group: 'steps',
    noun: 'errand',
    record: Steps,
    ids: () => ERRAND_IDS,
    definition: () => '1',
    async run(id, mine, { soft }) {
      for (let steps = (mine.record?.steps ?? 0) + 1; ; steps++) {
        soft.throwIfAborted();
        await mine.save({ steps, by });
        acknowledged({ id, steps });
        await sleep(10);
      }
    },
  });
  return work;
}

if (import.meta.main) {
  const brokers = (process.argv[2] ?? '').split(',');
  // Synchronous, so that the line is out before anything else happens.
  await errands(openStream(brokers), 'other', (step) => writeSync(1, `${JSON.stringify(step)}\n`)).start();
}
