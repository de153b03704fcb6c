/** Order over the partitions of a real broker, several tails at a time, and a topic that grows. */
import { createKafkaStream, EVENTS_TOPIC } from '@cadf-pipeline/event-stream';
import { createChdbStore } from '@cadf-pipeline/event-store';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { testEvent } from '../../../test/support/events.ts';
import { kafkaOrSkip } from '../../../test/support/kafka.ts';
import { idsOf, take, workOn } from './event-tail.test-support.ts';

const PARTITIONS = 4;
const kafka = await kafkaOrSkip();

test.skipIf(kafka === undefined)(
  'events submitted one batch after the other are given in that order, live and from the store',
  { timeout: 120_000 },
  async ({ onTestFinished }) => {
    const path = mkdtempSync(join(tmpdir(), 'cadf-tail-'));
    const stream = createKafkaStream({ brokers: kafka?.brokers ?? [], lingerMs: 0 });
    const store = createChdbStore({ path });
    onTestFinished(async () => {
      await stream.close();
      await store.close();
      await kafka?.stop();
      rmSync(path, { recursive: true, force: true });
    });
    await stream.createTopics([{ name: EVENTS_TOPIC, partitions: PARTITIONS, cleanup: 'delete' }]);
    await store.migrate();
    // A clock that stands still: what comes first is waited for, however slow the machine is.
    const work = workOn(stream, store, PARTITIONS, () => 5_000_000);
    const from = await work.tail.now();
    const live = take(work.tail, 300, { from });
    const ids: string[] = [];
    for (let batch = 0; batch < 30; batch++) {
      const events = Array.from({ length: 10 }, (_, index) => testEvent({ id: `e-${batch * 10 + index}` }));
      ids.push(...events.map(({ id }) => id));
      await work.submit({ events, receivedMs: 4_999_000 + batch });
      // One writer is behind the others now and then.
      if (batch % 7 === 3) await work.write([1, 2]);
      if (batch % 7 === 5) await work.write();
    }
    await work.write();
    expect(idsOf(await live)).toEqual(ids);
    const late = workOn(stream, store, PARTITIONS, () => 5_000_000);
    expect(idsOf(await take(late.tail, 300, { from }))).toEqual(ids);
    const upto = (await late.tail.now()).next;
    expect(idsOf(await take(late.tail, Infinity, { from, upto }))).toEqual(ids);
  },
);
