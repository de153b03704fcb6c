/** The writers of this process: events and dead letters, started and stopped together. */
import type { EventStore } from '@cadf-pipeline/event-store';
import type { EventStream } from '@cadf-pipeline/event-stream';
import type { PipelineMetrics } from '@cadf-pipeline/service-kit';
import type { OffsetRange } from './block.ts';
import { runDeadLetterWriter } from './dead-letter-writer.ts';
import { createWriter } from './writer.ts';
import type { WriterSettings } from './writer.ts';

export interface StoreWritingDependencies {
  readonly stream: EventStream;
  readonly store: EventStore;
  readonly metrics: PipelineMetrics;
  readonly logger: {
    warn(fields: object, message: string): void;
    error(fields: object, message: string): void;
  };
  readonly settings: WriterSettings;
  /** After each block that is in the store. `whole`: per partition the offsets it took, where it took every one. */
  readonly stored: (whole?: ReadonlyMap<number, OffsetRange>) => void;
}

export interface StoreWriting {
  start(): void;
  /** Stops reading, stores what was read, resolves when that is done. */
  stop(): Promise<void>;
  /** Why events are not reaching the store; undefined when they are. */
  trouble(): string | undefined;
}

const RESTART_MS = 1000;
/** A loop that has run for so long since it was started again is taken to be well; a broker away is noticed sooner. */
const WELL_AFTER_MS = 5000;

export function createStoreWriting({
  stream,
  store,
  metrics,
  logger,
  settings,
  stored: sayStored,
}: StoreWritingDependencies): StoreWriting {
  const stopping = new AbortController();
  const { signal } = stopping;
  /** Why each loop that is not well stopped the last time, by its name. */
  const broken = new Map<string, string>();
  let running: Promise<unknown> = Promise.resolve();
  const writer = createWriter({
    stream,
    store,
    settings,
    observer: {
      stored({ records, bytes, oldestReceivedMs, result, offsets }) {
        sayStored(result.stored === records ? offsets : undefined);
        metrics.observeBatch('insert', records, bytes);
        metrics.observeVisible((Date.now() - oldestReceivedMs) / 1000);
      },
      gap(partition, from, to) {
        logger.error({ partition, from, to }, 'records left the stream before they were stored');
      },
      failed(error, attempt) {
        logger.warn({ err: error, attempt }, 'a block could not be stored, trying again');
      },
    },
  });

  /** Runs a loop again when the stream under it broke, until the process stops. */
  async function keepRunning(name: string, run: () => Promise<void>): Promise<void> {
    while (!signal.aborted) {
      const well = setTimeout(() => broken.delete(name), WELL_AFTER_MS);
      try {
        await run();
      } catch (error) {
        broken.set(name, `${name}: ${error instanceof Error ? error.message : String(error)}`);
        logger.error({ err: error, loop: name }, 'a writer stopped, starting it again');
        await new Promise((resolve) => setTimeout(resolve, signal.aborted ? 0 : RESTART_MS));
      } finally {
        clearTimeout(well);
      }
    }
  }

  return {
    start() {
      running = Promise.all([
        keepRunning('events', () => writer.run(signal)),
        keepRunning('dead letters', () =>
          runDeadLetterWriter(stream, store, signal, (error) => {
            logger.warn({ err: error }, 'dead letters could not be stored, trying again');
          }),
        ),
      ]);
    },
    async stop() {
      stopping.abort();
      await running;
    },
    trouble: () => broken.values().next().value ?? writer.trouble(),
  };
}
