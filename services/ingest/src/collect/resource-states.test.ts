import { expect, test } from 'vitest';
import { cloud } from '../cimi/cimi-cloud.test-support.ts';
import { createNormalizer } from '../../sources/cimi/normalizer.ts';
import type { CimiClientOptions } from '../cimi/cimi-client.ts';
import type { CimiProvider, CimiProviderOptions } from '../../../../test/support/cimi-provider.ts';
import { rememberingPolls } from './poll-context.test-support.ts';
import type { RememberingPolls } from './poll-context.test-support.ts';
import { collectResourceStates } from './resource-states.ts';

const START_MS = Date.parse('2026-11-20T10:00:00Z');

interface Compared {
  readonly provider: CimiProvider;
  readonly polls: RememberingPolls;
  /** One poll, at so many seconds after the first; what it delivered, as events. */
  readonly look: (seconds: number) => Promise<string[]>;
}

async function compared(
  options: CimiProviderOptions = {},
  client: Partial<CimiClientOptions> = {},
): Promise<Compared> {
  const { provider, client: asked } = await cloud(options, client);
  const polls = rememberingPolls(asked, START_MS);
  return {
    provider,
    polls,
    async look(seconds) {
      const atMs = START_MS + seconds * 1000;
      const before = polls.documents.length;
      await polls.poll((context) => collectResourceStates(context, { now: () => atMs + 500 }), atMs);
      return polls.documents.slice(before).map(({ text }) => eventOf(text));
    },
  };
}

/** As the source makes it: action, target, time, what it tells. */
function eventOf(text: string): string {
  const [outcome] = createNormalizer({ sourceName: 'cloud' }).push({ text, receivedMs: START_MS });
  if (outcome?.kind !== 'event') return JSON.stringify(outcome);
  const { action, target, eventTime, name, tags } = outcome.event;
  const previous = tags?.find((tag) => tag.includes('previous-state'))?.split('=')[1];
  return [
    action,
    target?.id?.replace(/^.*\/cimi\//, ''),
    eventTime.slice(11, 23),
    name,
    ...(previous === undefined ? [] : [`was ${previous}`]),
  ].join(' ');
}

for (const format of ['json', 'xml'] as const)
  for (const items of ['full', 'references'] as const)
    test(`A state that changed between two looks is told once, with the one before it (${format}, ${items})`, async () => {
      const { provider, polls, look } = await compared({ format, items });
      provider.put('Machine', 'machines/1', { state: 'STARTED', name: 'web' });
      provider.put('Machine', 'machines/2', { state: 'STARTED' });
      expect(await look(0)).toEqual([]);
      expect(await look(30)).toEqual([]);
      provider.change('machines/1', { state: 'STOPPED' });
      expect(await look(60)).toEqual(['monitor machines/1 10:01:00.500 state STOPPED was STARTED']);
      expect(JSON.parse(polls.documents[0]!.text)).toMatchObject({
        change: 'state',
        collection: 'machines',
        seen: '2026-11-20T10:01:00.500Z',
        previous: {
          state: 'STARTED',
          since: '2026-11-20T10:00:00.500Z',
          seen: '2026-11-20T10:00:30.000Z',
        },
        resource: { name: 'web', state: 'STOPPED' },
      });
      expect(await look(90)).toEqual([]);
    });

const SERVERS = ['deltacloud', 'osaddon', 'sirocco', 'stratuslab', 'entries', 'vendor'] as const;

test.each(SERVERS)('A state that changed at a server with its own ways is told: %s', async (dialect) => {
  const { provider, polls, look } = await compared({ dialect });
  provider.put('Machine', 'machines/1', { state: 'STARTED', name: 'web' });
  expect(await look(0)).toEqual([]);
  provider.change('machines/1', { state: 'STOPPED' });
  provider.put('Machine', 'machines/2', { state: 'STARTED' });
  expect((await look(30)).map((event) => event.replace(/ \S+\.500/, ''))).toEqual([
    expect.stringMatching(/^monitor .*achine.*1 state STOPPED was STARTED$/),
    expect.stringMatching(/^monitor .*achine.*2 state STARTED$/),
  ]);
  provider.remove('machines/1');
  expect(await look(60)).toEqual([expect.stringMatching(/^delete .*achine.*1 .* was STOPPED$/)]);
  expect(await look(90)).toEqual([]);
  expect(polls.troubles).toEqual([]);
});

test('What was made since the last look is told for when the provider made it', async () => {
  const { provider, look } = await compared();
  provider.put('Machine', 'machines/1', { state: 'STARTED', created: '2026-11-20T09:59:00Z' });
  expect(await look(0)).toEqual([]);
  provider.put('Machine', 'machines/2', { state: 'CREATING', created: '2026-11-20T10:00:12Z' });
  provider.put('Machine', 'machines/3', { state: 'STOPPED', created: '2020-01-01T00:00:00Z' });
  provider.put('Machine', 'machines/4', { state: 'STOPPED' });
  expect(await look(30)).toEqual([
    'create machines/2 10:00:12.000 create',
    'monitor machines/3 10:00:30.500 state STOPPED',
    'monitor machines/4 10:00:30.500 state STOPPED',
  ]);
  expect(await look(60)).toEqual([]);
});

test('What is not listed any more is told as deleted only when it answers that it is gone', async () => {
  const { provider, polls, look } = await compared({ capabilities: ['FirstParameter'] });
  for (const id of [1, 2, 3]) provider.put('Machine', `machines/${id}`, { state: 'STARTED', name: `m${id}` });
  await look(0);
  provider.remove('machines/1');
  provider.fail('machines', {
    kind: 'body',
    contentType: 'application/json',
    body: '{"id":"machines","count":0}',
  });
  provider.fail('machines/3', { kind: 'status', status: 403 });
  expect(await look(30)).toEqual(['delete machines/1 10:00:30.500 delete was STARTED']);
  expect(polls.troubles.map(({ code }) => code)).toEqual(['CIMI_NOT_ALLOWED']);
  provider.change('machines/2', { state: 'STOPPED' });
  expect(await look(60)).toEqual(['monitor machines/2 10:01:00.500 state STOPPED was STARTED']);
});

test('A listing that is cut tells of nothing that is missing or new', async () => {
  const { provider, polls, look } = await compared({ maxItems: 2 });
  for (const id of [1, 2, 3]) provider.put('Machine', `machines/${id}`, { state: 'STARTED' });
  expect(await look(0)).toEqual([]);
  provider.remove('machines/1');
  provider.change('machines/2', { state: 'STOPPED' });
  provider.put('Machine', 'machines/4', { state: 'STARTED' });
  expect(await look(30)).toEqual(['monitor machines/2 10:00:30.500 state STOPPED was STARTED']);
  expect(polls.troubles.map(({ code }) => code)).toEqual(['CIMI_LISTING_CUT', 'CIMI_LISTING_CUT']);
});

test('A listing without end is left, and is reported', async () => {
  const { provider, polls, look } = await compared(
    { capabilities: ['FirstParameter'] },
    { limits: { pageSize: 10, maxPages: 3 } },
  );
  provider.makeEndless('machines');
  expect(await look(0)).toEqual([]);
  expect(polls.troubles.map(({ code }) => code)).toEqual(['CIMI_LISTING_CUT']);
  expect([...polls.marks.keys()].filter((key) => key.startsWith('state\n'))).toHaveLength(30);
});

test('A poll that is killed before it remembers tells the same again, as the same events', async () => {
  const { provider, polls, look } = await compared();
  for (const id of [1, 2]) provider.put('Machine', `machines/${id}`, { state: 'STARTED' });
  await look(0);
  provider.change('machines/1', { state: 'STOPPED' });
  provider.remove('machines/2');
  provider.put('Machine', 'machines/3', { state: 'STARTED' });
  polls.killNext();
  await expect(look(30)).rejects.toThrow('killed');
  await look(60);
  const ids = polls.documents.map(({ text }) => {
    const [outcome] = createNormalizer({ sourceName: 'cloud' }).push({ text, receivedMs: START_MS });
    return outcome?.kind === 'event' ? outcome.event.id : '';
  });
  expect(ids).toHaveLength(6);
  expect(ids.slice(3)).toEqual(ids.slice(0, 3));
  expect(new Set(ids).size).toBe(3);
});

test('A collection that cannot be read does not keep the others from being compared', async () => {
  const { client, provider } = await cloud();
  provider.put('Machine', 'machines/1', { state: 'STARTED' });
  provider.fail('jobs', { kind: 'status', status: 403 });
  const polls = rememberingPolls(client, START_MS);
  const collections = ['jobs', 'machines', 'none'];
  const look = polls.poll((context) => collectResourceStates(context, { collections }));
  await expect(look).rejects.toMatchObject({ code: 'CIMI_NOT_ALLOWED' });
  expect([...polls.marks.keys()].map((key) => key.split('\n').slice(0, 2).join(' '))).toEqual([
    'state machines',
    'look machines',
  ]);
});

test('A resource that is too large to be kept whole is told with what says which one it is', async () => {
  const { provider, polls, look } = await compared();
  provider.put('Machine', 'machines/1', { state: 'STARTED', name: 'web', description: 'x'.repeat(300_000) });
  await look(0);
  provider.change('machines/1', { state: 'ERROR' });
  expect(await look(30)).toEqual(['monitor machines/1 10:00:30.500 state ERROR was STARTED']);
  expect(JSON.parse(polls.documents[0]!.text)).toMatchObject({
    resource: { id: 'machines/1', name: 'web', state: 'ERROR' },
  });
  expect(polls.documents[0]!.text.length).toBeLessThan(2000);
});
