import { randomUUID } from 'node:crypto';
import type { EventStream, TopicSettings } from '@cadf-pipeline/event-stream';
import { onTestFinished } from 'vitest';

/** Settings the suite varies. Bytes and milliseconds. */
export interface StreamTuning {
  readonly maxPendingBytes?: number;
  readonly maxRecordBytes?: number;
  readonly deliveryTimeoutMs?: number;
  readonly requestTimeoutMs?: number;
  readonly sessionTimeoutMs?: number;
}

/** A backend under test. Every `open` reaches the same data. */
export interface StreamBackend {
  open(tuning?: StreamTuning): EventStream;
  /** What `append-until-killed.ts` needs to open the backend in another process. */
  readonly child: Readonly<Record<string, unknown>>;
  /** May several processes (here: streams) work on the data at once, and share the partitions of a group? */
  readonly shared: boolean;
  /** Moves the clock of streams opened and makes them forget what is due. Undefined: the broker does so by itself. */
  readonly age?: (stream: EventStream, ms: number) => Promise<void>;
  /** The settings the brokers have for a topic; undefined where there are none. */
  readonly topicConfig?: (topic: string) => Promise<ReadonlyMap<string, string>>;
  /** Stops the brokers and starts them again, keeping their data. Undefined: there are none, or they are not ours. */
  readonly outage?: { begin(how: 'pause' | 'kill'): Promise<void>; end(): Promise<void> };
  dispose(): Promise<void>;
}

/** What the parts of the suite work with. */
export interface StreamSuite {
  /** The backend; to be called inside tests. */
  readonly backend: () => StreamBackend;
  /** A stream that is closed at the end of the test. */
  readonly open: (tuning?: StreamTuning) => EventStream;
  /** A topic of a name of its own, one partition unless told otherwise. */
  readonly makeTopic: (stream: EventStream, settings?: Partial<TopicSettings>) => Promise<string>;
}

export const KIB = 1024;
export const MIB = KIB * KIB;

export function streamSuite(backend: () => StreamBackend): StreamSuite {
  return {
    backend,
    open(tuning) {
      const stream = backend().open(tuning);
      onTestFinished(() => stream.close());
      return stream;
    },
    async makeTopic(stream, settings = {}) {
      const topic = `t-${randomUUID()}`;
      await stream.createTopics([{ name: topic, partitions: 1, cleanup: 'delete', ...settings }]);
      return topic;
    },
  };
}
