/** A collector over a real stream (LMDB) and simulated clouds; another one can be made over the same stream. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ControlState, PollDefinition, SourceDefinition } from '@cadf-pipeline/control-state';
import { createLmdbStream } from '@cadf-pipeline/event-stream';
import type { EventStream, StreamRecord } from '@cadf-pipeline/event-stream';
import { Registry } from 'prom-client';
import { onTestFinished } from 'vitest';
import { startCimiProvider } from '../../../../test/support/cimi-provider.ts';
import type { CimiProvider, CimiProviderOptions } from '../../../../test/support/cimi-provider.ts';
import { decodeReceived } from '../records/received-record.ts';
import type { RawRecord } from '../source.ts';
import { EVENTS_TOPIC, RECORDS_TOPIC, topics } from '../topics.ts';
import { createCollectMetrics } from './collect-metrics.ts';
import { createCollector } from './collector.ts';
import type { Collector, CollectorDependencies } from './collector.ts';

export interface TestCollection {
  readonly stream: EventStream;
  readonly registry: Registry;
  readonly logged: readonly string[];
  /** How the last poll of a source went. */
  readonly polled: ReadonlyMap<string, string | undefined>;
  cloud(options?: CimiProviderOptions): Promise<CimiProvider>;
  /** Registers or changes a source; null removes it. Its provider may be asked. */
  register(id: string, poll: SourceDefinition['poll'] | null, more?: Partial<SourceDefinition>): void;
  /** A collector that is stopped when the test ends. */
  start(more?: Partial<CollectorDependencies>): Collector;
  /** Raw records of a source, in order. */
  records(source: string): Promise<readonly RawRecord[]>;
  /** Events of the system itself. */
  ownEvents(): Promise<readonly OwnEvent[]>;
}

export interface OwnEvent {
  readonly id: string;
  readonly name: string;
  readonly outcome: string;
  readonly target: { readonly id: string };
  readonly reason: { readonly reasonCode: string };
  /** Of its record. */
  readonly tenants: string | undefined;
}

/** `given`: a stream that is somebody else's to close; else one of its own. */
export async function testCollection(given?: EventStream): Promise<TestCollection> {
  const folder = await mkdtemp(join(tmpdir(), 'collector-'));
  const stream = given ?? createLmdbStream({ path: join(folder, 'stream') });
  await stream.createTopics(topics({ partitions: 1, retentionMs: 1e9 }));
  const sources = new Map<string, { entity: SourceDefinition; version: number }>();
  const listeners = new Set<Parameters<ControlState['onChange']>[0]>();
  const collectors: Collector[] = [];
  const registry = new Registry();
  const metrics = createCollectMetrics(registry);
  const logged: string[] = [];
  const polled = new Map<string, string | undefined>();
  const log = (fields: object, message: string): void =>
    void logged.push(`${message} ${JSON.stringify(fields)}`);
  const clouds: CimiProvider[] = [];
  const providers: string[] = [];
  let version = 0;
  onTestFinished(async () => {
    await Promise.all(collectors.map((collector) => collector.stop()));
    await Promise.all(clouds.map((cloud) => cloud.close()));
    if (given === undefined) await stream.close();
    await rm(folder, { recursive: true, force: true });
  });

  const state = {
    get: (_: string, id: string) => sources.get(id),
    list: () => [...sources.values()],
    onChange(listener: Parameters<ControlState['onChange']>[0]) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };

  async function* recordsOf(topic: string): AsyncGenerator<StreamRecord> {
    const batches = stream.read(topic, { from: new Map([[0, 0]]), follow: false });
    for await (const { records } of batches) yield* records;
  }

  return {
    stream,
    registry,
    logged,
    polled,
    async cloud(options) {
      const cloud = await startCimiProvider(options);
      clouds.push(cloud);
      providers.push(new URL(cloud.url).origin);
      return cloud;
    },
    register(id, poll, more = {}) {
      if (poll === null) sources.delete(id);
      else
        sources.set(id, {
          entity: { id, type: 'cimi', name: `Cloud ${id}`, ...(poll === undefined ? {} : { poll }), ...more },
          version: ++version,
        });
      for (const listener of listeners) listener('source', id, undefined);
    },
    start(more = {}) {
      const collector = createCollector({
        state: state as unknown as CollectorDependencies['state'],
        stream,
        providers,
        credentials: new Map(),
        metrics,
        maxRecordBytes: 1 << 20,
        pressure: () => undefined,
        activity: { polled: (source, trouble) => void polled.set(source, trouble) },
        now: Date.now,
        random: () => 0,
        logger: { info: log, warn: log, error: log },
        client: { timeoutMs: 2000, maxAttempts: 1, maxBodyBytes: 100_000 },
        ...more,
      });
      collectors.push(collector);
      collector.start();
      return collector;
    },
    async records(source) {
      const found: RawRecord[] = [];
      for await (const record of recordsOf(RECORDS_TOPIC)) {
        const received = decodeReceived(record);
        if (received.kind === 'record' && received.source === source) found.push(received.record);
      }
      return found;
    },
    async ownEvents() {
      const found: OwnEvent[] = [];
      for await (const { value, headers } of recordsOf(EVENTS_TOPIC)) {
        const event = JSON.parse((value ?? '{}').toString()) as Omit<OwnEvent, 'tenants'>;
        found.push({ ...event, tenants: headers['cadf-tenants'] });
      }
      return found;
    },
  };
}

/** Seconds that no registration may have, so that tests are quick. */
export function quickly(url: string, more: Partial<PollDefinition> = {}): PollDefinition {
  return { url, everySeconds: 0.04, openJobsEverySeconds: 0.01, ...more };
}
