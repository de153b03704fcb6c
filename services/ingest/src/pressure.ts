/**
 * Whether intake has to slow down: too much is on its way into the stream, or (embedded, where one disk holds both)
 * the store is too far behind. Asked before a body is read, so that saying no is cheap.
 */
import type { EventStream } from '@cadf-pipeline/event-stream';
import type { PipelineMetrics } from '@cadf-pipeline/service-kit';
import { EVENTS_TOPIC, WRITER_GROUP } from './topics.ts';

export interface Pressure {
  /** Why nothing is taken now, for a person; undefined when all is well. */
  reason(): string | undefined;
  start(): void;
  stop(): void;
}

export interface PressureDependencies {
  readonly stream: EventStream;
  readonly metrics: PipelineMetrics;
  /** Records the store may be behind. */
  readonly maxLag: number;
}

const MEASURE_EVERY_MS = 500;
const MEASURE_KAFKA_EVERY_MS = 5000;

export function createPressure({ stream, metrics, maxLag }: PressureDependencies): Pressure {
  let lag = 0;
  let timer: NodeJS.Timeout | undefined;

  async function measure(): Promise<void> {
    const [bounds, committed] = await Promise.all([
      stream.bounds(EVENTS_TOPIC),
      stream.committed(EVENTS_TOPIC, WRITER_GROUP),
    ]);
    let sum = 0;
    for (const [partition, { first, next }] of bounds) {
      const behind = next - Math.max(first, committed.get(partition) ?? 0);
      metrics.setLag(partition, behind);
      sum += behind;
    }
    lag = sum;
    metrics.setPending(stream.pending().bytes);
  }

  function schedule(): void {
    const everyMs = stream.kind === 'lmdb' ? MEASURE_EVERY_MS : MEASURE_KAFKA_EVERY_MS;
    timer = setTimeout(() => {
      // A failure shows in the health of the stream; the last figure stands until the next one.
      void measure()
        .catch(() => undefined)
        .then(() => {
          if (timer !== undefined) schedule();
        });
    }, everyMs);
  }

  return {
    reason() {
      const { bytes, limitBytes } = stream.pending();
      if (bytes >= limitBytes) return `${bytes} bytes wait to become durable.`;
      if (stream.kind === 'lmdb' && lag > maxLag) return `The store is ${lag} records behind.`;
      return undefined;
    },
    start: schedule,
    stop() {
      clearTimeout(timer);
      timer = undefined;
    },
  };
}
