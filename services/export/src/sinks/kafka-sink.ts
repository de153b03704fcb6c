/**
 * Carries events to a topic of the tenant's own.
 *
 * Each event is there once: before a batch is first sent its *mark* says where the topic ends. An attempt that may not be
 * the first reads the topic from there and leaves out what has arrived; within an attempt the producer is idempotent. What
 * remains: a broker that answers again, and only a while later takes what it was sent before, or that shows a record late
 * because its replicas lag. Consumers recognise the repetition by `cadf-subscription` and `cadf-position`.
 */
import type { KafkaFormat } from '@cadf-pipeline/control-state';
import {
  createKafkaStream,
  type EventStream,
  type KafkaStreamOptions,
  StreamError,
} from '@cadf-pipeline/event-stream';
import { createArrivals } from '../kafka/arrivals.ts';
import { decodeMark, encodeMark, MAX_TARGET_PARTITIONS } from '../kafka/kafka-mark.ts';
import { batchHeaders, positionOf, toKafkaRecord } from '../kafka/kafka-records.ts';
import {
  guardOf,
  type KafkaCluster,
  type KafkaTarget,
  type KafkaTargetRules,
  refusalOfKafkaTarget,
} from '../kafka/kafka-target.ts';
import type { SendResult, Sink } from './sink.ts';

export interface KafkaSinkOptions extends KafkaTarget {
  /** Of the records' values; default `cadf`. */
  readonly format?: KafkaFormat;
  readonly rules: KafkaTargetRules;
  /** How the pipeline's own cluster is reached; undefined: the stream is not Kafka. */
  readonly ownCluster: KafkaStreamOptions | undefined;
  /** Milliseconds an attempt to write may take. Default 20,000. */
  readonly attemptMs?: number;
  /** Milliseconds that brokers are given to take what an earlier attempt sent them, before it is looked for. Default 1,000. */
  readonly settleMs?: number;
}

const DEFAULT_ATTEMPT_MS = 20_000;
const DEFAULT_SETTLE_MS = 1_000;
const REQUEST_MS = 10_000;
/** Connections of a subscription for which nothing comes are given up after so long; milliseconds. */
const IDLE_MS = 5 * 60_000;
/** Of values in one request: with headers it stays below the 1 MiB that topics take by default, even incompressible. */
const MAX_REQUEST_BYTES = 512 * 1024;
const MAX_PENDING_BYTES = 256 * 1024 * 1024;

/** Connects when first used. Never throws for what is wrong with the target: `send` says so. */
export function createKafkaSink(options: KafkaSinkOptions): Sink {
  const { topic, cluster } = options;
  const arrivals = createArrivals(topic, options.settleMs ?? DEFAULT_SETTLE_MS);
  let stream: EventStream | undefined;
  let idle: NodeJS.Timeout | undefined;
  let isClosed = false;
  /** A mark that was asked for here and nothing was sent after. */
  let unspent: string | undefined;

  /** Throws Error with a sentence where the target is refused. */
  function opened(): EventStream {
    const refusal = refusalOfKafkaTarget(options, options.rules);
    if (refusal !== undefined) throw new Refused(refusal);
    if (isClosed) throw new Refused('The subscription was stopped.');
    clearTimeout(idle);
    stream ??= createKafkaStream(streamOptions());
    return stream;
  }

  function streamOptions(): KafkaStreamOptions {
    const attemptMs = options.attemptMs ?? DEFAULT_ATTEMPT_MS;
    const limits = {
      clientId: 'cadf-subscription',
      deliveryTimeoutMs: attemptMs,
      requestTimeoutMs: Math.min(REQUEST_MS, attemptMs),
      maxRequestBytes: MAX_REQUEST_BYTES,
      maxPendingBytes: MAX_PENDING_BYTES,
    };
    if (cluster !== undefined)
      return { ...ofOther(cluster), ...limits, guard: guardOf(options.rules.addresses) };
    if (options.ownCluster === undefined)
      throw new Refused('The pipeline has no Kafka cluster of its own: name the brokers of yours.');
    return { ...options.ownCluster, ...limits };
  }

  /** Lets go of the connections when nothing comes for long. */
  function rest(): void {
    clearTimeout(idle);
    if (isClosed) return;
    idle = setTimeout(() => void letGo().catch(() => undefined), IDLE_MS);
  }

  /**
   * The library asks some brokers again and again as long as they answer nonsense: past the time of two attempts their
   * connections are closed, which ends that. Throws then.
   */
  async function inTime<T>(asked: Promise<T>): Promise<T> {
    const ms = 2 * (options.attemptMs ?? DEFAULT_ATTEMPT_MS);
    const late = Promise.withResolvers<never>();
    const timer = setTimeout(() => {
      late.reject(new Refused(`The cluster gave no sound answer in ${ms} ms.`));
      letGo().catch(() => undefined);
    }, ms);
    try {
      return await Promise.race([asked, late.promise]);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Whoever comes next connects anew. */
  async function letGo(): Promise<void> {
    const unused = stream;
    stream = undefined;
    await unused?.close();
  }

  return {
    async mark(signal) {
      try {
        signal.throwIfAborted();
        const bounds = await inTime(opened().bounds(topic));
        if (bounds.size > MAX_TARGET_PARTITIONS)
          throw new Refused(
            `The topic "${topic}" has ${bounds.size} partitions; at most ${MAX_TARGET_PARTITIONS} are written to.`,
          );
        unspent = encodeMark(bounds);
        return unspent;
      } catch (error) {
        throw new Error(sentenceOf(error, topic), { cause: error });
      } finally {
        rest();
      }
    },

    async send(batch, attempt, signal): Promise<SendResult> {
      // A mark that cannot be read says nothing: the whole topic is read then.
      const mark = attempt.mark === undefined ? undefined : (decodeMark(attempt.mark) ?? new Map());
      const isFirst = attempt.number === 1 && attempt.mark === unspent;
      unspent = undefined;
      try {
        signal.throwIfAborted();
        const target = opened();
        const arrived =
          mark === undefined || isFirst
            ? new Set<string>()
            : await inTime(arrivals.find(target, batch, mark, signal));
        const missing = batch.events.filter((event) => !arrived.has(positionOf(event)));
        // Not to be broken off: whether it arrived is better known than guessed, and it ends by itself.
        const records = missing.map((event) => toKafkaRecord(event, options.format));
        await inTime(target.append(topic, { headers: batchHeaders(batch), records }));
        const text = `${missing.length} written, ${arrived.size} were there from an earlier attempt`;
        return { outcome: 'delivered', answer: { text } };
      } catch (error) {
        return { outcome: 'failed', reason: sentenceOf(error, topic) };
      } finally {
        rest();
      }
    },

    async close() {
      isClosed = true;
      clearTimeout(idle);
      await letGo();
    },
  };
}

/** Something the owner has to change. */
class Refused extends Error {}

function ofOther({ brokers, tls, sasl }: KafkaCluster): KafkaStreamOptions {
  return {
    brokers,
    // Not `rejectUnauthorized` from elsewhere: a broker that cannot prove who it is gets nothing.
    ...(tls === undefined ? {} : { tls: { ...tls, rejectUnauthorized: true, minVersion: 'TLSv1.2' } }),
    ...(sasl === undefined ? {} : { sasl }),
  };
}

const MAX_REASON = 500;

function sentenceOf(error: unknown, topic: string): string {
  if (error instanceof Refused) return error.message;
  const words = (error instanceof Error ? error.message : String(error)).slice(0, MAX_REASON);
  if (!(error instanceof StreamError)) return `The attempt was broken off: ${words}`;
  switch (error.code) {
    case 'STREAM_TOPIC_UNKNOWN':
      return `The cluster has no topic "${topic}", or does not show it to this user: make it, and allow Describe.`;
    case 'STREAM_RECORD_TOO_LARGE':
      return `An event is larger than the topic "${topic}" takes: raise its max.message.bytes. (${words})`;
    default:
      return DENIED.test(words)
        ? `The cluster does not allow this user to use the topic "${topic}": allow it the operations Write and Read there. (${words})`
        : `${words}${/[.!?]$/.test(words) ? '' : '.'}`;
  }
}

/** TOPIC_AUTHORIZATION_FAILED is error 29 of Kafka's protocol; the clients say one or the other. */
const DENIED = /\bTopic authorization failed|\berror 29\b/i;
