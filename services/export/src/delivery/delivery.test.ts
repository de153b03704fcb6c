/** Subscriptions over a real stream: what arrives, how often and in which order, whatever is killed or fails. */
import { firstOffsets } from '@cadf-pipeline/event-stream';
import type { EventStream } from '@cadf-pipeline/event-stream';
import { TailEnded } from '@cadf-pipeline/event-tail';
import { jsonRecord } from '@cadf-pipeline/shared-work';
import { Type } from 'typebox';
import type { Static } from 'typebox';
import { expect, test, vi } from 'vitest';
import type { SendResult } from '../sinks/sink.ts';
import { progressTopicSettings } from './delivery.ts';
import { testDelivery, testSubscription } from './delivery.test-support.ts';
import { ProgressRecord } from './progress-record.ts';
import { createRetrySchedule } from './retry-schedule.ts';

const WAIT = { timeout: 15_000, interval: 10 };
const TOPIC = progressTopicSettings.name;
/** As it is kept in the topic. */
const Stored = Type.Object({ ...ProgressRecord.properties, epoch: Type.Integer(), owner: Type.String() });
const stored = jsonRecord(Stored);
const soon = createRetrySchedule({ delaysMs: [20], totalMs: 60_000, random: () => 0.5 });
const failed: SendResult = {
  outcome: 'failed',
  reason: 'The receiver answered 500.',
  answer: { status: 500 },
};

test('events arrive in order, in batches no larger than asked for, each with a cursor', async () => {
  const { events, put, receiver, start } = await testDelivery();
  const before = events.add(4);
  const subscription = testSubscription();
  await put(subscription);
  const { delivery } = await start();
  const after = events.add(5);
  await vi.waitFor(() => expect(receiver.distinct()).toEqual([...before, ...after]), WAIT);
  expect(receiver.arrivals.every(({ events: { length } }) => length <= 3)).toBe(true);
  expect(new Set(receiver.arrivals.map(({ id }) => id)).size).toBe(receiver.arrivals.length);
  expect(receiver.arrivals.every(({ cursor }) => cursor.length > 20)).toBe(true);
  await vi.waitFor(
    () =>
      expect(delivery.status(subscription.id)).toMatchObject({
        delivered: 9,
        state: 'active',
        catchingUp: false,
        uptoMs: expect.any(Number),
        writtenMs: expect.any(Number),
      }),
    WAIT,
  );
  await vi.waitFor(
    () => expect(delivery.attempts(subscription.id, 100).length).toBe(receiver.arrivals.length),
    WAIT,
  );
  expect(delivery.attempts(subscription.id, 1)).toMatchObject([
    { attempt: 1, outcome: 'delivered', test: false, answer: { status: 200, text: 'ok' } },
  ]);
});

test('a subscription that is made while the process runs is delivered, and one that is deleted is not', async () => {
  const { events, put, receiver, remove, start } = await testDelivery();
  await start();
  const subscription = testSubscription();
  await put(subscription);
  const first = events.add(2);
  await vi.waitFor(() => expect(receiver.distinct()).toEqual(first), WAIT);
  await remove(subscription.id);
  await vi.waitFor(() => expect(events.readings).toBe(0), WAIT);
  events.add(2);
  const other = testSubscription({ start: { next: { 0: 2, 1: 2 } } });
  await put(other);
  const last = events.add(1);
  await vi.waitFor(() => expect(receiver.distinct(other.id)).toEqual(last), WAIT);
  expect(receiver.distinct(subscription.id)).toEqual(first);
});

test('a batch that fails is sent again as it was, under the same id, before anything else', async () => {
  const { events, put, receiver, start } = await testDelivery();
  const ids = events.add(5);
  let failures = 2;
  receiver.answer = () => (failures-- > 0 ? failed : { outcome: 'delivered' });
  const subscription = testSubscription();
  await put(subscription);
  const { delivery } = await start({ schedule: soon });
  await vi.waitFor(() => expect(receiver.distinct()).toEqual(ids), WAIT);
  const [first, second, third, next] = receiver.arrivals;
  expect([first, second, third].map((arrival) => [arrival?.id, arrival?.events, arrival?.attempt])).toEqual([
    [first?.id, ids.slice(0, 3), 1],
    [first?.id, ids.slice(0, 3), 2],
    [first?.id, ids.slice(0, 3), 3],
  ]);
  expect(next?.id).not.toBe(first?.id);
  await vi.waitFor(
    () =>
      expect(delivery.status(subscription.id)).toMatchObject({
        delivered: 5,
        lastFailure: { reason: failed.reason, answer: { status: 500 } },
      }),
    WAIT,
  );
  await vi.waitFor(() => expect(delivery.attempts(subscription.id, 100, 'failed')).toHaveLength(2), WAIT);
});

test('a batch of events that came out of turn is the same when it is sent again', async () => {
  const { events, put, receiver, start } = await testDelivery();
  const [late] = events.add(1, {}, 2000);
  const [early] = events.add(1, {}, 1000);
  let failures = 1;
  receiver.answer = () => (failures-- > 0 ? failed : { outcome: 'delivered' });
  await put(testSubscription());
  await start({ schedule: soon });
  await vi.waitFor(() => expect(receiver.arrivals).toHaveLength(2), WAIT);
  expect(receiver.arrivals.map((arrival) => arrival.events)).toEqual([
    [early, late],
    [early, late],
  ]);
});

test('after the schedule a subscription is parked, and a resume goes on where it stopped', async () => {
  const { events, put, receiver, start } = await testDelivery();
  const ids = events.add(4);
  receiver.answer = () => failed;
  const subscription = testSubscription();
  await put(subscription);
  const { delivery, registry } = await start({
    schedule: createRetrySchedule({ delaysMs: [5], totalMs: 40, random: () => 0.5 }),
  });
  await vi.waitFor(() => expect(delivery.status(subscription.id)?.state).toBe('parked'), WAIT);
  expect(await registry.metrics()).toContain('cadf_subscriptions{state="parked"} 1');
  const tried = receiver.arrivals.length;
  expect(new Set(receiver.arrivals.map(({ id }) => id)).size).toBe(1);
  receiver.answer = () => ({ outcome: 'delivered' });
  await put({ ...subscription, resumed: 1 });
  await vi.waitFor(() => expect(receiver.distinct()).toEqual(ids), WAIT);
  expect(receiver.arrivals[tried]?.id).toBe(receiver.arrivals[0]?.id);
});

test('a receiver that wants no more is left alone, also by the next process, until it is resumed', async () => {
  const { events, put, receiver, start } = await testDelivery();
  events.add(1);
  receiver.answer = () => ({ outcome: 'ended', reason: 'The receiver answered 410.' });
  const subscription = testSubscription();
  await put(subscription);
  const first = await start();
  await vi.waitFor(() => expect(first.delivery.status(subscription.id)?.state).toBe('ended'), WAIT);
  await first.stop();
  const { delivery } = await start();
  events.add(1);
  expect(delivery.status(subscription.id)).toMatchObject({ state: 'ended', lastFailure: { reason: /410/ } });
  receiver.answer = () => ({ outcome: 'delivered' });
  await put({ ...subscription, resumed: 1 });
  await vi.waitFor(() => expect(delivery.status(subscription.id)?.delivered).toBe(2), WAIT);
  expect(receiver.arrivals.map(({ attempt }) => attempt).slice(0, 2)).toEqual([1, 3]);
});

test('a process killed after a batch was recorded and before it was sent: the next one sends that batch', async () => {
  const { events, put, receiver, start } = await testDelivery();
  const ids = events.add(4);
  const subscription = testSubscription();
  await put(subscription);
  let recorded: string | undefined;
  const first = await start();
  const killed = new Promise<void>((resolve) => {
    receiver.before = ({ id }) => {
      recorded ??= id;
      if (recorded === id) void first.kill().then(resolve);
    };
  });
  await killed;
  expect(receiver.arrivals).toEqual([]);
  receiver.before = () => undefined;
  await start();
  await vi.waitFor(() => expect(receiver.distinct()).toEqual(ids), WAIT);
  expect(receiver.arrivals[0]).toMatchObject({ id: recorded, attempt: 2, events: ids.slice(0, 3) });
});

test('a process killed after a batch was sent and before that was recorded: it is repeated under its id', async () => {
  const { events, put, receiver, start } = await testDelivery();
  const ids = events.add(4);
  const subscription = testSubscription();
  await put(subscription);
  const first = await start();
  const killed = new Promise<void>((resolve) => {
    receiver.answer = () => {
      void first.kill().then(resolve);
      return { outcome: 'delivered' };
    };
  });
  await killed;
  receiver.answer = () => ({ outcome: 'delivered' });
  await start();
  await vi.waitFor(() => expect(receiver.distinct()).toEqual(ids), WAIT);
  const [sent, again] = receiver.arrivals;
  expect(again).toMatchObject({ id: sent?.id, events: sent?.events, attempt: 2 });
});

test('a process that stops records what it delivered: nothing is repeated', async () => {
  const { events, put, receiver, start } = await testDelivery();
  const subscription = testSubscription();
  await put(subscription);
  const sent: string[] = [];
  for (let round = 0; round < 3; round++) {
    const process = await start();
    sent.push(...events.add(4));
    await vi.waitFor(() => expect(receiver.distinct()).toEqual(sent), WAIT);
    await process.stop();
  }
  expect(receiver.arrivals.flatMap((arrival) => arrival.events)).toEqual(sent);
});

test('a slow receiver delays no other', async () => {
  const { events, put, receiver, start } = await testDelivery();
  const [slow, quick] = [testSubscription(), testSubscription()];
  receiver.answer = ({ subscription }, signal) =>
    subscription === slow.id
      ? new Promise((resolve) => signal.addEventListener('abort', () => resolve(failed), { once: true }))
      : { outcome: 'delivered' };
  await put(slow);
  await put(quick);
  await start();
  const ids = events.add(10);
  await vi.waitFor(() => expect(receiver.distinct(quick.id)).toEqual(ids), WAIT);
  expect(receiver.distinct(slow.id).length).toBeLessThanOrEqual(3);
});

test('paused, nothing arrives; afterwards it goes on where it was', async () => {
  const { events, put, receiver, start } = await testDelivery();
  const subscription = testSubscription();
  await put(subscription);
  await start();
  const before = events.add(2);
  await vi.waitFor(() => expect(receiver.distinct()).toEqual(before), WAIT);
  await put({ ...subscription, paused: true });
  await vi.waitFor(() => expect(events.readings).toBe(0), WAIT);
  const meanwhile = events.add(4);
  await put(subscription);
  await vi.waitFor(() => expect(receiver.distinct()).toEqual([...before, ...meanwhile]), WAIT);
});

test('a replay begins where it is told to, and counts anew', async () => {
  const { events, put, receiver, start } = await testDelivery();
  const subscription = testSubscription();
  await put(subscription);
  const { delivery } = await start();
  const ids = events.add(4);
  await vi.waitFor(() => expect(delivery.status(subscription.id)?.delivered).toBe(4), WAIT);
  await put({ ...subscription, generation: 2, start: { next: { 0: 1, 1: 1 } } });
  await vi.waitFor(() => expect(receiver.distinct()).toEqual([...ids, ...ids.slice(2)]), WAIT);
  await vi.waitFor(
    () => expect(delivery.status(subscription.id)).toMatchObject({ generation: 2, delivered: 2 }),
    WAIT,
  );
});

test('without rights of the owner nothing is delivered; what was kept back comes when they are there again', async () => {
  const { events, put, receiver, start, state } = await testDelivery();
  const key = {
    id: 'k-1',
    name: 'owner',
    hash: 'a'.repeat(64),
    roles: ['query' as const],
    tenants: ['a'],
    created: '2026-01-01T00:00:00Z',
  };
  const made = await state.change('key', key.id, key, { by: 'test', ifVersion: 0 });
  const owner = { kind: 'key' as const, id: key.id, name: key.name, since: key.created };
  const subscription = testSubscription({ owner });
  await put(subscription);
  const { registry } = await start();
  const before = events.add(1);
  await vi.waitFor(() => expect(receiver.distinct()).toEqual(before), WAIT);
  const without = await state.change(
    'key',
    key.id,
    { ...key, roles: [] },
    { by: 'test', ifVersion: made?.version ?? 0 },
  );
  const meanwhile = events.add(2);
  await vi.waitFor(
    async () => expect(await registry.metrics()).toContain('cadf_subscriptions{state="waiting"} 1'),
    WAIT,
  );
  expect(receiver.distinct()).toEqual(before);
  await state.change('key', key.id, key, { by: 'test', ifVersion: without?.version ?? 0 });
  await vi.waitFor(() => expect(receiver.distinct()).toEqual([...before, ...meanwhile]), WAIT);
});

test('a changed filter makes the batch that is being retried anew; another address does not', async () => {
  const { events, put, receiver, start } = await testDelivery();
  const ids = events.add(2);
  receiver.answer = () => failed;
  const subscription = testSubscription();
  await put(subscription);
  const { delivery } = await start({ schedule: createRetrySchedule({ delaysMs: [3_600_000] }) });
  const failures = (count: number) =>
    vi.waitFor(() => {
      expect(delivery.status(subscription.id)?.nextAttemptMs).toBeGreaterThan(Date.now());
      expect(receiver.arrivals).toHaveLength(count);
    }, WAIT);
  await failures(1);
  // Another address is tried at once.
  const elsewhere = {
    ...subscription,
    sink: { ...subscription.sink, url: 'https://other.example/' } as const,
  };
  await put(elsewhere as typeof subscription);
  await failures(2);
  expect(receiver.arrivals[1]).toMatchObject({ id: receiver.arrivals[0]?.id, attempt: 3 });
  await put({ ...(elsewhere as typeof subscription), source: 'nova' });
  await failures(3);
  expect(receiver.arrivals[2]?.id).not.toBe(receiver.arrivals[0]?.id);
  expect(receiver.arrivals[2]).toMatchObject({ attempt: 1, events: ids });
});

test('a mark is asked for before a batch is sent for the first time, and is the same in all attempts', async () => {
  const { events, put, receiver, start } = await testDelivery();
  events.add(1);
  let marks = 0;
  receiver.marks = async () => {
    if (marks++ === 0) throw new Error('no broker answers');
    return `end ${marks}`;
  };
  let failures = 2;
  receiver.answer = () => (failures-- > 0 ? failed : { outcome: 'delivered' });
  const subscription = testSubscription();
  await put(subscription);
  const { delivery } = await start({ schedule: soon });
  await vi.waitFor(() => expect(delivery.status(subscription.id)?.delivered).toBe(1), WAIT);
  expect(receiver.arrivals.map(({ attempt, mark }) => [attempt, mark])).toEqual([
    [2, 'end 2'],
    [3, 'end 2'],
    [4, 'end 2'],
  ]);
});

test('a test delivery is sent at once, says that it is one, and moves nothing', async () => {
  const { put, receiver, start } = await testDelivery();
  const subscription = testSubscription({ paused: true });
  await put(subscription);
  const { delivery } = await start();
  const { result } = await delivery.test(subscription, AbortSignal.timeout(5000));
  expect(result).toMatchObject({ outcome: 'delivered', answer: { status: 200 } });
  expect(receiver.arrivals).toHaveLength(1);
  await vi.waitFor(() => expect(delivery.attempts(subscription.id, 9)).toMatchObject([{ test: true }]), WAIT);
  expect(delivery.status(subscription.id)).toBeUndefined();
});

test('receivers that are slow at the same time hold no more in memory than is allowed; all arrives', async () => {
  const { events, put, receiver, start } = await testDelivery();
  const subscriptions = Array.from({ length: 5 }, () => testSubscription());
  let [sending, most] = [0, 0];
  receiver.answer = async () => {
    most = Math.max(most, ++sending);
    await new Promise((resolve) => setTimeout(resolve, 5));
    sending--;
    return { outcome: 'delivered' };
  };
  for (const subscription of subscriptions) await put(subscription);
  const ids = events.add(7);
  await start({ maxBytesSent: 10 });
  for (const { id } of subscriptions)
    await vi.waitFor(() => expect(receiver.distinct(id)).toEqual(ids), WAIT);
  expect(most).toBe(1);
  expect(receiver.arrivals.flatMap((arrival) => arrival.events)).toHaveLength(35);
});

test('what an earlier version wrote is gone on from', async () => {
  const { events, put, receiver, start, stream } = await testDelivery();
  const subscription = testSubscription({ resumed: 2 });
  await put(subscription);
  const ids = events.add(6);
  const inFlight = `{"id":"msg_7","upto":{"next":{"0":2,"1":2}},"question":"q","target":"t","attempt":4,"failures":3,"firstAttemptMs":1,"nextAttemptMs":2,"events":2,"bytes":9,"oldestMs":4,"newestMs":5}`;
  const text = `{"generation":1,"epoch":8,"owner":"b6c1","place":{"next":{"0":1,"1":1}},"state":"active","resumed":2,"delivered":40,"lastDeliveredMs":6,"uptoMs":7,"catchingUp":true,"writtenMs":8,"lastFailure":{"atMs":9,"reason":"The receiver answered 500.","answer":{"status":500}},"inFlight":${inFlight}}`;
  await stream.createTopics([progressTopicSettings]);
  await stream.append(TOPIC, { records: [{ key: subscription.id, value: Buffer.from(text) }] });
  const { delivery } = await start();
  await vi.waitFor(() => expect(receiver.distinct()).toEqual(ids.slice(2)), WAIT);
  await vi.waitFor(() => expect(delivery.status(subscription.id)?.delivered).toBe(44), WAIT);
  expect(delivery.status(subscription.id)).toMatchObject({ lastFailure: { answer: { status: 500 } } });
  expect(await newest(stream, subscription.id)).toMatchObject({ epoch: 9, resumed: 2, delivered: 44 });
});

test('who was superseded sends nothing more of what it had prepared, and goes on from what the other one wrote', async () => {
  const { events, put, receiver, start, stream } = await testDelivery();
  const subscription = testSubscription();
  await put(subscription);
  const { delivery } = await start();
  const before = events.add(2);
  await vi.waitFor(() => expect(delivery.status(subscription.id)?.delivered).toBe(2), WAIT);
  const record = await newest(stream, subscription.id);
  const other = { ...record, epoch: record.epoch + 1, owner: 'other', place: { next: { 0: 2, 1: 2 } } };
  await stream.append(TOPIC, { records: [{ key: subscription.id, value: stored.encode(other) }] });
  // The other one has delivered these.
  events.add(2);
  const after = events.add(1);
  await vi.waitFor(() => expect(receiver.distinct()).toEqual([...before, ...after]), WAIT);
});

async function newest(stream: EventStream, id: string): Promise<Static<typeof Stored>> {
  let found: Static<typeof Stored> | undefined;
  const from = await firstOffsets(stream, TOPIC);
  for await (const { records } of stream.read(TOPIC, { from, follow: false }))
    for (const { key, value } of records)
      if (key === id && value !== null) found = stored.decode(value) ?? found;
  if (found === undefined) throw new Error('nothing is remembered');
  return found;
}

test('a process that is not certainly a member of the group takes nothing over and sends nothing', async () => {
  const { events, put, receiver, start, stream } = await testDelivery();
  const subscription = testSubscription();
  let ageMs = Infinity;
  await put(subscription);
  const { delivery } = await start({ stream: { ...stream, membershipAgeMs: () => ageMs } });
  const before = events.add(2);
  // Long enough for a delivery, were it allowed.
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(receiver.arrivals).toEqual([]);
  expect(delivery.status(subscription.id)).toBeUndefined();
  ageMs = 0;
  await vi.waitFor(() => expect(receiver.distinct()).toEqual(before), WAIT);
  ageMs = 15_001;
  const after = events.add(2);
  await vi.waitFor(async () => expect((await newest(stream, subscription.id)).inFlight).toBeDefined(), WAIT);
  expect(receiver.distinct()).toEqual(before);
  ageMs = 14_000;
  await vi.waitFor(() => expect(receiver.distinct()).toEqual([...before, ...after]), WAIT);
});

test('what is remembered of a deleted subscription is forgotten', async () => {
  const { events, put, remove, start } = await testDelivery();
  const [subscription, other] = [testSubscription(), testSubscription()];
  await put(subscription);
  await put(other);
  const { delivery } = await start({ sweepEveryMs: 20 });
  events.add(1);
  await vi.waitFor(() => expect(delivery.status(subscription.id)?.delivered).toBe(1), WAIT);
  await remove(subscription.id);
  await vi.waitFor(() => expect(delivery.status(subscription.id)).toBeUndefined(), WAIT);
  expect(delivery.status(other.id)).toBeDefined();
});

test('a subscription whose filter is of a version that reads more is left until then, others are not', async () => {
  const { events, logged, put, receiver, start } = await testDelivery();
  const [later, other] = [testSubscription({ filter: 'outcome ~~ 1' }), testSubscription()];
  await put(later);
  await put(other);
  const { delivery, registry } = await start();
  const ids = events.add(1);
  await vi.waitFor(() => expect(receiver.distinct(other.id)).toEqual(ids), WAIT);
  expect(await registry.metrics()).toContain('cadf_subscriptions{state="waiting"} 1');
  const stop = new AbortController();
  expect(await delivery.test(later, stop.signal)).toMatchObject({ result: { outcome: 'delivered' } });
  await put({ ...later, filter: "outcome = 'success'" });
  await vi.waitFor(() => expect(delivery.status(later.id)).toBeDefined(), WAIT);
  expect(logged.filter((line) => line.includes('broke off'))).toEqual([]);
});

test('a subscription that the store refuses to read for says so, and does not hold up others', async () => {
  const { events, put, receiver, start } = await testDelivery();
  const [dear, other] = [testSubscription({ source: 'dear' }), testSubscription()];
  await put(dear);
  await put(other);
  const refusing = {
    follow: (options: Parameters<typeof events.follow>[0]) => {
      if (options.source === 'dear') throw new TailEnded('refused', 'It reads more rows than a query may.');
      return events.follow(options);
    },
  };
  const { delivery, registry } = await start({ tail: refusing });
  const ids = events.add(2);
  await vi.waitFor(() => expect(receiver.distinct(other.id)).toEqual(ids), WAIT);
  await vi.waitFor(() => expect(delivery.status(dear.id)?.refused).toBeDefined(), WAIT);
  expect(delivery.status(dear.id)?.refused).toMatchObject({ reason: 'It reads more rows than a query may.' });
  expect(await registry.metrics()).toContain('cadf_subscriptions{state="waiting"} 1');
  expect(delivery.trouble()).toBeUndefined();
});
