/** Live events when something breaks: the service is killed or stopped, readers are slow or many. */
import { expect, onTestFinished, test } from 'vitest';
import { ndjson, testEvent } from '../support/events.ts';
import type { TestEvent } from '../support/events.ts';
import { startFlow } from '../support/flow.ts';
import { readLive } from '../support/live-reader.ts';
import type { LiveReader } from '../support/live-reader.ts';
import { startService, until } from '../support/service.ts';
import type { TestService } from '../support/service.ts';

async function start(env: Readonly<Record<string, string>> = {}, dataDir?: string): Promise<TestService> {
  const service = await startService({
    env: { CADF_LOG_LEVEL: 'error', ...env },
    ...(dataDir === undefined ? {} : { dataDir }),
  });
  onTestFinished(async () => {
    await service.kill();
    service.clean();
  });
  return service;
}

async function submit(service: TestService, events: readonly TestEvent[]): Promise<void> {
  const answer = await service.fetch('/cadf/v1/events', {
    method: 'POST',
    body: ndjson(events),
    headers: { 'content-type': 'application/x-ndjson' },
  });
  expect(answer.status, await answer.text()).toBe(202);
}

const idsOf = (events: readonly TestEvent[]): string[] => events.map(({ id }) => id);
const TENANT = '?tenant=flow';

test(
  'a service that is killed and started again goes on from the cursors it gave before',
  { timeout: 180_000 },
  async () => {
    let service = await start();
    let reader = await readLive(service, TENANT);
    await reader.until(() => reader.lastId !== '');
    const flow = startFlow({
      services: () => [service],
      tenant: 'flow',
      events: 6000,
      perBatch: 50,
      senders: 2,
      pauseMs: 5,
    });
    const given: string[] = [];
    for (const acknowledged of [1000, 3000]) {
      await until(() => Promise.resolve(flow.acknowledged() >= acknowledged), 60_000);
      await service.kill();
      const broken = reader;
      await broken.until(() => broken.closed);
      given.push(...broken.ids());
      service = await start({}, service.dataDir);
      reader = await readLive(service, TENANT, { headers: { 'last-event-id': broken.lastId } });
      expect(reader.status).toBe(200);
    }
    await flow.done;
    await until(
      () => Promise.resolve(given.length + reader.messages.length >= flow.sent.size),
      60_000,
      () => `${given.length} + ${reader.messages.length} of ${flow.sent.size}`,
    );
    given.push(...reader.ids());
    expect(new Set(given).size).toBe(given.length);
    expect(new Set(given)).toEqual(flow.sent);
    // In the order in which the query gives them that reads the same.
    const all = await readLive(service, `${TENANT}&from=2000-01-01T00:00:00Z`);
    await all.until(() => all.messages.length >= given.length);
    expect(given).toEqual(all.ids());
    all.drop();
    reader.drop();
  },
);

test(
  'a service that stops tells its readers so, and does not wait for them',
  { timeout: 120_000 },
  async () => {
    const service = await start();
    const readers = await Promise.all(Array.from({ length: 50 }, () => readLive(service)));
    const packed = await readLive(service, '', { headers: { 'accept-encoding': 'gzip' } });
    await Promise.all([...readers, packed].map((reader) => reader.until(() => reader.lastId !== '')));
    expect(await service.stop()).toBe(0);
    for (const reader of [...readers, packed]) {
      await reader.until(() => reader.closed);
      expect(reader.end).toMatchObject({ code: 'SHUTTING_DOWN', retryable: true });
    }
  },
);

test(
  'a slow reader gets everything at its pace; one that takes nothing is disconnected and goes on later',
  { timeout: 180_000 },
  async () => {
    const service = await start({ CADF_LIVE_STALL: '10s' });
    const slow = await readLive(service);
    const stalled = await readLive(service);
    for (const reader of [slow, stalled]) {
      await reader.until(() => reader.lastId !== '');
      reader.pause();
    }
    // More than sockets and the queue of a reading hold.
    const events = Array.from({ length: 2000 }, () => testEvent({ filler: 'x'.repeat(20_000) }));
    for (let at = 0; at < events.length; at += 100) {
      await submit(service, events.slice(at, at + 100));
      // It takes a little now and then.
      slow.resume();
      await new Promise((resume) => setTimeout(resume, 20));
      slow.pause();
    }
    const quick = await readLive(service, '?from=2000-01-01T00:00:00Z');
    await quick.until(() => quick.messages.length === events.length);
    slow.resume();
    await slow.until(() => slow.messages.length === events.length);
    expect(slow.ids()).toEqual(idsOf(events));
    // What is in the socket by then still comes.
    await new Promise((resume) => setTimeout(resume, 13_000));
    stalled.resume();
    await stalled.until(() => stalled.closed);
    expect(stalled.messages.length).toBeLessThan(events.length);
    const again = await readLive(service, '', { headers: { 'last-event-id': stalled.lastId } });
    await until(() => Promise.resolve(stalled.messages.length + again.messages.length >= events.length));
    expect([...stalled.ids(), ...again.ids()]).toEqual(idsOf(events));
    for (const reader of [slow, quick, again]) reader.drop();
  },
);

test('500 readers at once get all of it, each what it asked for', { timeout: 180_000 }, async () => {
  const service = await start();
  const actions = Array.from({ length: 10 }, (_, index) => `update/reader-${index}`);
  const readers: LiveReader[] = [];
  while (readers.length < 500) {
    readers.push(
      ...(await Promise.all(
        Array.from({ length: 50 }, (_, index) =>
          readLive(service, `?filter=${encodeURIComponent(`action = '${actions[index % 10]}'`)}`),
        ),
      )),
    );
  }
  await Promise.all(readers.map((reader) => reader.until(() => reader.lastId !== '')));
  const events = Array.from({ length: 500 }, (_, index) => testEvent({ action: actions[index % 10]! }));
  for (let at = 0; at < 500; at += 100) await submit(service, events.slice(at, at + 100));
  for (const [index, reader] of readers.entries()) {
    await reader.until(() => reader.messages.length >= 50, `reader ${index}`);
    expect(reader.ids()).toEqual(idsOf(events.filter(({ action }) => action === actions[index % 10])));
  }
  expect(await service.stop()).toBe(0);
});
