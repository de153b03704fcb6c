/** The sink against a real Kafka: each event once and in order, whatever breaks. */
import { createKafkaStream, type EventStream, type StreamRecord } from '@cadf-pipeline/event-stream';
import { CloudEvent, Kafka } from 'cloudevents';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { readAll } from '../../../../test/contract/stream-actions.ts';
import { kafkaOrSkip } from '../../../../test/support/kafka.ts';
import { cloudEventAttributes } from '../formats/cloud-event.ts';
import { batchHeaders, toKafkaRecord } from '../kafka/kafka-records.ts';
import { webhookRules } from '../webhook/webhook-settings.ts';
import { createKafkaSink, type KafkaSinkOptions } from './kafka-sink.ts';
import { numberedBatch, outgoingBatch, tailEvent } from './outgoing.test-support.ts';
import type { OutgoingBatch, Sink } from './sink.ts';

const kafka = await kafkaOrSkip();
const never = new AbortController().signal;
const rules = { addresses: { allowPrivate: true }, topicPrefix: undefined, tenants: [] };

describe.skipIf(kafka === undefined)('a topic of the tenant’s own', () => {
  const brokers = kafka?.brokers ?? [];
  let reader: EventStream;
  let topics = 0;
  beforeAll(() => {
    reader = createKafkaStream({ brokers });
  });
  afterAll(async () => {
    await reader.close();
    await kafka?.stop();
  });

  async function makeTopic(partitions: number): Promise<string> {
    const name = `audit-${++topics}`;
    await reader.createTopics([{ name, partitions, cleanup: 'delete' }]);
    return name;
  }

  function openSink(topic: string, options: Partial<KafkaSinkOptions> = {}): Sink {
    const sink = createKafkaSink({
      topic,
      cluster: { brokers },
      rules,
      ownCluster: undefined,
      settleMs: 0,
      ...options,
    });
    onTestFinished(() => sink.close());
    return sink;
  }

  /** Positions by key, in the order of each partition. */
  function byKey(records: readonly Pick<StreamRecord, 'key' | 'headers'>[]): Map<string, unknown[]> {
    const found = new Map<string, unknown[]>();
    for (const { key, headers } of records)
      found.set(key, [...(found.get(key) ?? []), headers['cadf-position']]);
    return found;
  }

  async function expectOnceInOrder(topic: string, batches: readonly OutgoingBatch[]): Promise<void> {
    const sent = batches.flatMap(({ events }) => events.map((event) => toKafkaRecord(event)));
    const wanted = byKey(sent.map(({ key, headers = {} }) => ({ key, headers })));
    expect(byKey(await readAll(reader, topic))).toEqual(wanted);
  }

  test('a record is the event as it was accepted, with headers that tell where it is from', async () => {
    const topic = await makeTopic(1);
    const sink = openSink(topic);
    const batch = outgoingBatch([tailEvent(5)]);
    const mark = await sink.mark?.(never);
    expect(await sink.send(batch, { number: 1, mark: mark! }, never)).toMatchObject({
      outcome: 'delivered',
    });
    const [record] = await readAll(reader, topic);
    expect(record).toMatchObject({
      key: 'nova-region-a/event-5',
      headers: {
        'cadf-source': 'nova-region-a',
        'cadf-received': '2026-11-21T10:00:01.005Z',
        'cadf-subscription': 'sub-1',
        'cadf-batch-id': 'batch-1',
        'cadf-position': '2.5',
      },
    });
    expect(record?.value).toEqual(batch.events[0]?.text);
  });

  test('as CloudEvents in binary mode, which the SDK takes back for the event it was', async () => {
    const topic = await makeTopic(1);
    const batch = outgoingBatch([tailEvent(5, { name: 'Prüfung' })]);
    await openSink(topic, { format: 'cloudevents' }).send(batch, { number: 1 }, never);
    const [record] = await readAll(reader, topic);
    const message = {
      headers: { ...record?.headers },
      body: String(record?.value),
      key: record?.key,
      value: String(record?.value),
    };
    expect(Kafka.isEvent(message)).toBe(true);
    const read = Kafka.toEvent<unknown>(message);
    if (Array.isArray(read) || !(read instanceof CloudEvent)) throw new Error('one event was expected');
    expect(read.validate()).toBe(true);
    const { data, time, ...attributes } = read.toJSON();
    expect(data).toEqual(batch.events[0]?.event);
    const { time: wanted = '', ...others } = cloudEventAttributes(batch.events[0]!);
    expect(attributes).toMatchObject(others);
    // The SDK writes the same instant in its own form.
    expect(Date.parse(String(time))).toBe(Date.parse(wanted));
    expect(record?.value).toEqual(batch.events[0]?.text);
  });

  test('a process that ended after half of a batch: another one sends the other half only', async () => {
    const topic = await makeTopic(4);
    const before = numberedBatch(0, 50);
    const first = openSink(topic);
    await first.send(before, { number: 1, mark: (await first.mark?.(never))! }, never);
    const batch = numberedBatch(50, 100);
    const mark = (await first.mark?.(never))!;
    // What the process got out before it ended: the first of each partition, as appends of a partition keep their order.
    await reader.append(topic, {
      headers: batchHeaders(batch),
      records: batch.events.slice(0, 41).map((event) => toKafkaRecord(event)),
    });
    const sent = await openSink(topic).send(batch, { number: 1, mark }, never);
    expect(sent).toEqual({
      outcome: 'delivered',
      answer: { text: '59 written, 41 were there from an earlier attempt' },
    });
    await expectOnceInOrder(topic, [before, batch]);
  });

  test('a batch that had arrived whole is not written again, nor taken for that of another subscription', async () => {
    const topic = await makeTopic(2);
    const sink = openSink(topic);
    const batch = numberedBatch(0, 20);
    const mark = (await sink.mark?.(never))!;
    await sink.send(batch, { number: 1, mark }, never);
    expect(await sink.send(batch, { number: 2, mark }, never)).toMatchObject({
      answer: { text: '0 written, 20 were there from an earlier attempt' },
    });
    await expectOnceInOrder(topic, [batch]);
    const other = { ...batch, subscription: 'sub-2' };
    expect(await openSink(topic).send(other, { number: 2, mark }, never)).toMatchObject({
      answer: { text: '20 written, 0 were there from an earlier attempt' },
    });
  });

  test.skipIf(kafka?.controllable === false)(
    'brokers that stop answering in the midst: what arrived all the same is not written again',
    async () => {
      const topic = await makeTopic(3);
      const sink = openSink(topic, { attemptMs: 1_500, settleMs: 1_000 });
      const before = numberedBatch(0, 10);
      await sink.send(before, { number: 1, mark: (await sink.mark?.(never))! }, never);
      const batch = numberedBatch(10, 300);
      const mark = (await sink.mark?.(never))!;
      await kafka?.pause();
      const lost = await sink.send(batch, { number: 1, mark }, never);
      expect(lost).toMatchObject({ outcome: 'failed', reason: expect.stringMatching(/in time|timed out/) });
      await expect(openSink(topic, { attemptMs: 500 }).mark?.(never)).rejects.toThrow(/\.$/);
      kafka?.resume();
      for (let number = 2; number < 20; number += 1)
        if ((await sink.send(batch, { number, mark }, never)).outcome === 'delivered') break;
      await expectOnceInOrder(topic, [before, batch]);
    },
  );

  test('other writers of the topic are read over, and not again at the next attempt', async () => {
    const topic = await makeTopic(1);
    const sink = openSink(topic);
    const batch = numberedBatch(0, 5);
    const mark = (await sink.mark?.(never))!;
    const noise = Array.from({ length: 2_000 }, (_, index) => ({
      key: `${index}`,
      value: Buffer.alloc(2_000, 'x'),
    }));
    await reader.append(topic, { records: noise });
    const stopped = new AbortController();
    stopped.abort();
    expect(await sink.send(batch, { number: 2, mark }, stopped.signal)).toMatchObject({ outcome: 'failed' });
    expect(await sink.send(batch, { number: 3, mark }, never)).toMatchObject({ outcome: 'delivered' });
    expect(await sink.send(batch, { number: 4, mark }, never)).toMatchObject({
      answer: { text: '0 written, 5 were there from an earlier attempt' },
    });
  });

  test('a topic that was deleted and made again is read from its beginning', async () => {
    const topic = await makeTopic(2);
    const batch = numberedBatch(0, 8);
    await reader.append(topic, {
      headers: batchHeaders(batch),
      records: batch.events.slice(0, 3).map((event) => toKafkaRecord(event)),
    });
    expect(await openSink(topic).send(batch, { number: 2, mark: 'zz,zz' }, never)).toMatchObject({
      answer: { text: '5 written, 3 were there from an earlier attempt' },
    });
    await expectOnceInOrder(topic, [batch]);
  });

  test('what is wrong is said in a sentence: no such topic, an event that is too large', async () => {
    const missing = openSink('audit-missing');
    await expect(missing.mark?.(never)).rejects.toThrow(/no topic "audit-missing"/);
    expect(await missing.send(numberedBatch(0, 1), { number: 1 }, never)).toMatchObject({
      outcome: 'failed',
      reason: expect.stringContaining('no topic "audit-missing"'),
    });
    const topic = await makeTopic(1);
    const huge = tailEvent(1, { name: 'x'.repeat(2.5 * 1024 * 1024) });
    expect(await openSink(topic).send(outgoingBatch([huge]), { number: 1 }, never)).toMatchObject({
      outcome: 'failed',
      reason: expect.stringContaining('max.message.bytes'),
    });
  });

  test('the guard decides about the brokers: none of this network unless the administrator allows it', async () => {
    const topic = await makeTopic(1);
    const guarded = openSink(topic, { rules: { ...rules, addresses: webhookRules(false) } });
    expect(await guarded.send(numberedBatch(0, 1), { number: 1 }, never)).toMatchObject({
      outcome: 'failed',
      reason: expect.stringContaining('CADF_WEBHOOK_ALLOW_PRIVATE'),
    });
    expect(await readAll(reader, topic)).toEqual([]);
  });

  test('on the pipeline’s own cluster only topics that the administrator set apart', async () => {
    await reader.createTopics([{ name: 'audit.acme.events', partitions: 1, cleanup: 'delete' }]);
    const own = (topic: string, ownCluster: KafkaSinkOptions['ownCluster']): Sink => {
      const sink = createKafkaSink({
        topic,
        ownCluster,
        rules: { ...rules, topicPrefix: 'audit.{tenant}.', tenants: ['acme'] },
      });
      onTestFinished(() => sink.close());
      return sink;
    };
    const batch = numberedBatch(0, 1);
    expect(await own('audit.acme.events', { brokers }).send(batch, { number: 1 }, never)).toMatchObject({
      outcome: 'delivered',
    });
    for (const [topic, ownCluster, reason] of [
      ['audit.other.events', { brokers }, /has to begin with/],
      ['cadf.events', { brokers }, /begin with "cadf\."/],
      ['audit.acme.events', undefined, /no Kafka cluster of its own/],
    ] as const)
      expect(await own(topic, ownCluster).send(batch, { number: 1 }, never)).toMatchObject({
        outcome: 'failed',
        reason: expect.stringMatching(reason),
      });
  });

  test('a sink that was closed sends nothing, and closing twice is no error', async () => {
    const sink = openSink(await makeTopic(1));
    await sink.close();
    await sink.close();
    expect(await sink.send(numberedBatch(0, 1), { number: 1 }, never)).toMatchObject({ outcome: 'failed' });
  });
});
