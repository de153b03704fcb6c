import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

import { createLabelValues } from './label-values.ts';

/** How a record can end: exactly one of these. `ignored` is for raw records that are noise to an audit. */
export const OUTCOMES = ['accepted', 'duplicate', 'rejected', 'dead-lettered', 'ignored'] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** The metrics of the pipeline; the names are listed in the README of this package. */
export interface PipelineMetrics {
  readonly registry: Registry;
  /** Counts records that came in, before anything is known of them. The outcomes sum to this. */
  received(source: string, count: number): void;
  /** Counts records by how they ended. */
  ended(outcome: Outcome, source: string, count: number): void;
  /** Seconds from the request's first byte to the durable answer. */
  observeAck(seconds: number): void;
  /** Seconds from the receipt of a record to the moment it can be queried. */
  observeVisible(seconds: number): void;
  /** Records and bytes of one batch at a stage (`append`, `insert`). */
  observeBatch(stage: string, records: number, bytes: number): void;
  /** Records in the stream that the store does not hold yet. */
  setLag(partition: number, records: number): void;
  /** Bytes accepted and not yet durable. */
  setPending(bytes: number): void;
  /** Counts places in followed files where records may have been lost. */
  gap(source: string): void;
  /** Counts refused credentials by reason. */
  refused(reason: string): void;
  /** Answers with live events that are open. */
  setLiveReaders(count: number): void;
  /** Counts events sent to readers of live events. */
  liveSent(count: number): void;
  /** One HTTP request: route as declared, status, seconds. */
  observeRequest(method: string, route: string, status: number, seconds: number): void;
}

export interface MetricsOptions {
  /** Distinct sources that get a label of their own. Default 200; later ones count as `(other)`. */
  readonly maxSources?: number;
  /** Also the metrics of the Node process (memory, event loop, garbage collection). Default true. */
  readonly process?: boolean;
}

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const VISIBLE_SECONDS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300];
const RECORDS = [1, 10, 50, 100, 500, 1000, 5000, 10_000, 20_000, 50_000, 100_000];
const BYTES = [1e3, 1e4, 1e5, 1e6, 4e6, 1.6e7, 6.4e7, 2.56e8];

/** Makes the metrics of one process in a registry of their own. The services of a standalone process share them. */
export function createPipelineMetrics(options: MetricsOptions = {}): PipelineMetrics {
  const registry = new Registry();
  const registers = [registry];
  const sourceLabel = createLabelValues(options.maxSources ?? 200);
  if (options.process !== false) collectDefaultMetrics({ register: registry });

  const received = new Counter({
    name: 'cadf_records_received_total',
    help: 'Records that came in.',
    labelNames: ['source'],
    registers,
  });
  const ended = new Counter({
    name: 'cadf_records_total',
    help: 'Records by outcome: accepted, duplicate, rejected, dead-lettered, ignored.',
    labelNames: ['outcome', 'source'],
    registers,
  });
  const ack = new Histogram({
    name: 'cadf_ack_seconds',
    help: 'From the start of a submission to its durable answer.',
    buckets: SECONDS,
    registers,
  });
  const visible = new Histogram({
    name: 'cadf_visible_seconds',
    help: 'From the receipt of a record until it can be queried.',
    buckets: VISIBLE_SECONDS,
    registers,
  });
  const batchRecords = new Histogram({
    name: 'cadf_batch_records',
    help: 'Records in one batch.',
    labelNames: ['stage'],
    buckets: RECORDS,
    registers,
  });
  const batchBytes = new Histogram({
    name: 'cadf_batch_bytes',
    help: 'Bytes in one batch.',
    labelNames: ['stage'],
    buckets: BYTES,
    registers,
  });
  const lag = new Gauge({
    name: 'cadf_writer_lag_records',
    help: 'Records in the stream that the store does not hold yet.',
    labelNames: ['partition'],
    registers,
  });
  const pending = new Gauge({
    name: 'cadf_stream_pending_bytes',
    help: 'Bytes accepted and not yet durable.',
    registers,
  });
  const gaps = new Counter({
    name: 'cadf_follow_gaps_total',
    help: 'Places in followed files where records may have been lost.',
    labelNames: ['source'],
    registers,
  });
  const refused = new Counter({
    name: 'cadf_credentials_refused_total',
    help: 'Requests refused for their credential.',
    labelNames: ['reason'],
    registers,
  });
  const liveReaders = new Gauge({
    name: 'cadf_live_readers',
    help: 'Answers with live events that are open.',
    registers,
  });
  const liveEvents = new Counter({
    name: 'cadf_live_events_total',
    help: 'Events sent to readers of live events.',
    registers,
  });
  const requests = new Histogram({
    name: 'cadf_http_request_seconds',
    help: 'HTTP requests by method, route and status.',
    labelNames: ['method', 'route', 'status'],
    buckets: SECONDS,
    registers,
  });

  return {
    registry,
    received: (source, count) => received.inc({ source: sourceLabel(source) }, count),
    ended: (outcome, source, count) => ended.inc({ outcome, source: sourceLabel(source) }, count),
    observeAck: (seconds) => ack.observe(seconds),
    observeVisible: (seconds) => visible.observe(seconds),
    observeBatch: (stage, records, bytes) => {
      batchRecords.observe({ stage }, records);
      batchBytes.observe({ stage }, bytes);
    },
    setLag: (partition, records) => lag.set({ partition }, records),
    setPending: (bytes) => pending.set(bytes),
    gap: (source) => gaps.inc({ source: sourceLabel(source) }),
    refused: (reason) => refused.inc({ reason }),
    setLiveReaders: (count) => liveReaders.set(count),
    liveSent: (count) => liveEvents.inc(count),
    observeRequest: (method, route, status, seconds) => requests.observe({ method, route, status }, seconds),
  };
}
