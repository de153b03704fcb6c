/** Polls that end early: what was read is not lost, and the next one goes on. */
import { expect, test } from 'vitest';
import { cloud } from '../cimi/cimi-cloud.test-support.ts';
import { collectEventLogs } from './event-logs.ts';
import { failingPages } from './failing-pages.test-support.ts';
import { collectMeters } from './meters.ts';
import { rememberingPolls } from './poll-context.test-support.ts';
import type { RememberingPolls } from './poll-context.test-support.ts';
import { collectResourceStates } from './resource-states.ts';

const START_MS = Date.parse('2026-11-20T10:00:00Z');
const at = (seconds: number): string => new Date(START_MS + seconds * 1000).toISOString();
const PAGED = { capabilities: ['FirstParameter'] };
const SMALL = { limits: { pageSize: 2 } };

function delivered({ documents }: RememberingPolls): string[] {
  return documents.map(({ position }) => position.replace(/^.*\/cimi\//, ''));
}

test('Events that were read before a poll ended are delivered, and not again', async () => {
  const { provider, client } = await cloud(PAGED, SMALL);
  for (let event = 1; event <= 5; event++)
    provider.addEvent('eventLogs/1', { timestamp: at(-event), severity: 'low' });
  const failing = failingPages(client);
  const polls = rememberingPolls(failing.client, START_MS);
  failing.failAt('/events');
  await expect(polls.poll(collectEventLogs)).rejects.toThrow('the time is over');
  expect(delivered(polls)).toEqual(['eventLogs/1/events/2', 'eventLogs/1/events/1']);
  failing.failAt(undefined);
  await polls.poll(collectEventLogs);
  expect(delivered(polls).slice(2)).toEqual([5, 4, 3].map((event) => `eventLogs/1/events/${event}`));
  expect(polls.told).toEqual([]);
});

test('A poll goes on with the log that the one before ended at', async () => {
  const { provider, client } = await cloud();
  for (let log = 1; log <= 4; log++)
    provider.addEvent(`eventLogs/${log}`, { timestamp: at(-log), severity: 'low' });
  const failing = failingPages(client);
  const polls = rememberingPolls(failing.client, START_MS);
  await polls.poll(collectEventLogs);
  failing.failAt('eventLogs/3/events');
  await expect(polls.poll(collectEventLogs)).rejects.toThrow('the time is over');
  failing.failAt(undefined);
  const before = provider.requests.length;
  await polls.poll(collectEventLogs);
  const listed = provider.requests.slice(before).filter((path) => path.endsWith('/events'));
  expect(listed).toEqual([3, 4, 1, 2].map((log) => `/cimi/eventLogs/${log}/events`));
  expect([...polls.marks.keys()]).not.toContain('visit\nlogs');
});

for (const order of ['ascending', 'descending'] as const)
  test(`No sample is lost when a poll ends while they are listed (${order})`, async () => {
    const { provider, client } = await cloud(PAGED, SMALL);
    const samples = [1, 2, 3, 4, 5].map((sample) => (order === 'ascending' ? sample : -sample));
    for (const sample of samples)
      provider.addSample('meters/1', { timestamp: at(sample * 600), value: String(sample) });
    const failing = failingPages(client);
    const polls = rememberingPolls(failing.client, START_MS + 3_600_000);
    failing.failAt('/samples');
    await expect(polls.poll(collectMeters)).rejects.toThrow('the time is over');
    expect(polls.documents).toHaveLength(order === 'ascending' ? 2 : 0);
    failing.failAt(undefined);
    await polls.poll(collectMeters);
    const values = polls.documents.map(({ text }) => Number(/"value":"(-?\d)"/.exec(text)?.[1]));
    expect(values).toEqual(samples.toSorted((a, b) => a - b));
  });

test('Changes of state that were found before a poll ended are delivered, and not again', async () => {
  const { provider, client } = await cloud(PAGED, SMALL);
  for (let machine = 1; machine <= 4; machine++)
    provider.put('Machine', `machines/${machine}`, { state: 'STARTED' });
  const failing = failingPages(client);
  const polls = rememberingPolls(failing.client, START_MS);
  await polls.poll(collectResourceStates);
  for (let machine = 1; machine <= 4; machine++) provider.change(`machines/${machine}`, { state: 'STOPPED' });
  failing.failAt('/machines');
  await expect(polls.poll(collectResourceStates)).rejects.toThrow('the time is over');
  expect(delivered(polls)).toEqual(['machines/1', 'machines/2']);
  failing.failAt(undefined);
  await polls.poll(collectResourceStates);
  expect(delivered(polls)).toEqual([1, 2, 3, 4].map((machine) => `machines/${machine}`));
});
