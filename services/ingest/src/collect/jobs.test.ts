/** Jobs of a simulated cloud over real sockets, without the engine around them. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { CimiProvider, CimiProviderOptions } from '../../../../test/support/cimi-provider.ts';
import { fold, textOf } from '../../sources/cimi/document.ts';
import { createNormalizer } from '../../sources/cimi/normalizer.ts';
import { cloud } from '../cimi/cimi-cloud.test-support.ts';
import { collectJobs } from './jobs.ts';
import { watchOpenJobs } from './open-jobs.ts';
import { rememberingPolls } from './poll-context.test-support.ts';
import type { RememberingPolls } from './poll-context.test-support.ts';

const START = Date.parse('2026-01-01T00:00:00Z');
const at = (second: number): string => new Date(START + second * 1000).toISOString();

interface Setup {
  readonly provider: CimiProvider;
  readonly polls: RememberingPolls;
  /** `jobs/1 RUNNING`, in the order of delivery. */
  readonly delivered: () => string[];
}

async function setUp(options: CimiProviderOptions = {}): Promise<Setup> {
  const { provider, client } = await cloud(options);
  const polls = rememberingPolls(client, START);
  return {
    provider,
    polls,
    delivered: () =>
      polls.documents.map(({ text, position }) => {
        const [outcome] = createNormalizer({ sourceName: 'cloud' }).push({ text, receivedMs: START });
        const state =
          outcome?.kind === 'event'
            ? outcome.event.tags?.find((tag) => tag.startsWith('//cimi/state?value='))?.slice(19)
            : outcome?.kind;
        return `${new URL(position).pathname.replace('/cimi/', '')} ${state}`;
      }),
  };
}

for (const capabilities of [[], ['FilterParameter', 'FirstParameter', 'OrderByParameter']])
  for (const items of ['full', 'references'] as const)
    for (const format of ['json', 'xml'] as const)
      test(`each change of a job is delivered once: ${format}, ${items}, ${capabilities.length > 0 ? 'filtered' : 'whole'}`, async () => {
        const { provider, polls, delivered } = await setUp({ capabilities, items, format });
        provider.put('Job', 'jobs/1', { state: 'QUEUED', timeOfStatusChange: at(0), action: 'start' });
        provider.put('Job', 'jobs/2', { state: 'SUCCESS', timeOfStatusChange: at(0), action: 'stop' });
        await polls.poll(collectJobs);
        await polls.poll(collectJobs);
        provider.change('jobs/1', { progress: 50 });
        await polls.poll(collectJobs);
        provider.change('jobs/1', { state: 'RUNNING', timeOfStatusChange: at(60) });
        await polls.poll(watchOpenJobs);
        await polls.poll(watchOpenJobs);
        provider.change('jobs/1', { state: 'FAILED', timeOfStatusChange: at(90), returnCode: 12 });
        // It appears and ends between two polls.
        provider.put('Job', 'jobs/3', { state: 'SUCCESS', timeOfStatusChange: at(91), action: 'start' });
        await polls.poll(collectJobs);
        await polls.poll(collectJobs);
        const ofJob = (job: string): string[] => delivered().filter((one) => one.startsWith(job));
        expect(ofJob('jobs/1')).toEqual(['jobs/1 QUEUED', 'jobs/1 RUNNING', 'jobs/1 FAILED']);
        expect([...ofJob('jobs/2'), ...ofJob('jobs/3')]).toEqual(['jobs/2 SUCCESS', 'jobs/3 SUCCESS']);
        expect(delivered()).toHaveLength(5);
        expect([...polls.marks.keys()].filter((key) => key.startsWith('open-job'))).toEqual([]);
        expect(polls.troubles).toEqual([]);
      });

test('a provider that filters is asked for what changed since, with an overlap, and for all now and then', async () => {
  const { provider, polls, delivered } = await setUp({ capabilities: ['FilterParameter'] });
  provider.put('Job', 'jobs/1', { state: 'SUCCESS', timeOfStatusChange: at(0) });
  await polls.poll(collectJobs, START + 1000);
  await polls.poll(collectJobs, START + 60_000);
  await polls.poll(collectJobs, START + 1_000_000);
  const listings = provider.requests.filter((path) => path.startsWith('/cimi/jobs'));
  expect(listings.map((path) => decodeURIComponent(path))).toEqual([
    '/cimi/jobs',
    '/cimi/jobs?$filter=timeOfStatusChange>=2025-12-31T23:50:00.000Z',
    '/cimi/jobs',
  ]);
  expect(delivered()).toEqual(['jobs/1 SUCCESS']);
});

test('jobs that tell no time of change are found at a provider that filters by it', async () => {
  const { provider, polls, delivered } = await setUp({ capabilities: ['FilterParameter'] });
  provider.put('Job', 'jobs/1', { state: 'SUCCESS' });
  await polls.poll(collectJobs);
  provider.put('Job', 'jobs/2', { state: 'FAILED' });
  await polls.poll(collectJobs);
  expect(delivered()).toEqual(['jobs/1 SUCCESS', 'jobs/2 FAILED']);
});

test('an open job that is gone is told of once, when the provider answers about its jobs', async () => {
  const { provider, polls } = await setUp();
  provider.put('Job', 'jobs/1', { state: 'RUNNING', timeOfStatusChange: at(0) });
  await polls.poll(collectJobs);
  provider.remove('jobs/1');
  await polls.poll(watchOpenJobs);
  expect(polls.told).toEqual([]);
  // A proxy that has lost what is behind it answers the same about everything.
  provider.fail('jobs', { kind: 'status', status: 404 }, 1);
  await expect(polls.poll(collectJobs)).rejects.toMatchObject({ code: 'CIMI_GONE' });
  expect(polls.told).toEqual([]);
  await polls.poll(collectJobs);
  await polls.poll(collectJobs);
  expect(polls.told).toMatchObject([
    {
      eventType: 'monitor',
      outcome: 'unknown',
      target: { id: `${provider.url}jobs/1`, typeURI: 'data/workload/job' },
      reason: { reasonCode: 'last seen RUNNING' },
    },
  ]);
  expect([...polls.marks.keys()]).toEqual(['jobs-cursor\n']);
});

test('a job gone is told with the same words again where telling it was interrupted', async () => {
  const { provider, polls } = await setUp();
  provider.put('Job', 'jobs/1', { state: 'RUNNING', timeOfStatusChange: at(0) });
  await polls.poll(collectJobs);
  provider.remove('jobs/1');
  const isMark = ([key]: readonly [string, string]): boolean => key.startsWith('open-job');
  await polls.poll(async (context) => {
    let count = 0;
    await expect(
      collectJobs({
        ...context,
        async deliver(documents, marks) {
          if (marks.some(({ value, key }) => value === null && key.startsWith('open-job')) && count++ === 0)
            throw new Error('killed');
          return context.deliver(documents, marks);
        },
      }),
    ).rejects.toThrow('killed');
  });
  expect([...polls.marks].filter(isMark)).toHaveLength(1);
  await polls.poll(collectJobs);
  expect(polls.told).toHaveLength(2);
  expect(polls.told[1]).toEqual(polls.told[0]);
  expect([...polls.marks].filter(isMark)).toEqual([]);
});

test('parts of jobs are jobs of their own, also those that no list has', async () => {
  const { provider, polls, delivered } = await setUp();
  const nested = [{ href: 'parts/1' }, { href: 'http://10.0.0.1/jobs/9' }];
  provider.put('Job', 'jobs/1', { state: 'RUNNING', timeOfStatusChange: at(0), nestedJobs: nested });
  provider.put('Job', 'parts/1', { state: 'RUNNING', nestedJobs: [{ href: 'parts/2' }] });
  provider.put('Job', 'parts/2', { state: 'SUCCESS', nestedJobs: [{ href: 'jobs/1' }] });
  await polls.poll(collectJobs);
  await polls.poll(collectJobs);
  provider.change('parts/1', { state: 'SUCCESS' });
  await polls.poll(watchOpenJobs);
  provider.change('jobs/1', { state: 'SUCCESS', timeOfStatusChange: at(9) });
  await polls.poll(collectJobs);
  await polls.poll(collectJobs);
  expect(delivered()).toEqual([
    'jobs/1 RUNNING',
    'parts/1 RUNNING',
    'parts/2 SUCCESS',
    'parts/1 SUCCESS',
    'jobs/1 SUCCESS',
  ]);
});

test('jobs without ids are delivered once for each of their states, and missed when they are gone', async () => {
  const { provider, polls } = await setUp();
  const list = (...jobs: readonly object[]): void =>
    provider.fail('jobs', {
      kind: 'body',
      contentType: 'application/json',
      body: JSON.stringify({ resourceURI: 'http://schemas.dmtf.org/cimi/1/JobCollection', jobs }),
    });
  const job = { action: 'start', targetResource: 'machines/1', created: at(0) };
  list({ ...job, state: 'RUNNING' });
  await polls.poll(collectJobs);
  await polls.poll(collectJobs);
  list({ ...job, state: 'FAILED' }, { ...job, created: at(5), state: 'RUNNING' });
  await polls.poll(collectJobs);
  await polls.poll(collectJobs);
  expect(polls.told).toEqual([]);
  list({ ...job, state: 'FAILED' });
  await polls.poll(collectJobs);
  await polls.poll(collectJobs);
  const states = polls.documents.map(({ text }) => /"state":"(\w+)"/.exec(text)?.[1]);
  expect(states).toEqual(['RUNNING', 'FAILED', 'RUNNING']);
  expect(polls.told).toMatchObject([{ outcome: 'unknown', reason: { reasonCode: 'last seen RUNNING' } }]);
});

for (const dialect of ['plain-references', 'kebab-case', 'entries'] as const)
  test(`jobs are watched in the dialect ${dialect}`, async () => {
    const { provider, polls, delivered } = await setUp({ dialect });
    provider.put('Job', 'jobs/1', { state: 'RUNNING', timeOfStatusChange: at(0), action: 'start' });
    await polls.poll(collectJobs);
    provider.change('jobs/1', { state: 'SUCCESS', timeOfStatusChange: at(1) });
    await polls.poll(watchOpenJobs);
    await polls.poll(collectJobs);
    expect(delivered()).toEqual(['jobs/1 RUNNING', 'jobs/1 SUCCESS']);
  });

test('a job with an endless id is delivered once, and remembered by what it is', async () => {
  const { provider, polls, delivered } = await setUp();
  provider.put('Job', `jobs/${'x'.repeat(2000)}`, { state: 'SUCCESS', timeOfStatusChange: at(0) });
  await polls.poll(collectJobs);
  await polls.poll(collectJobs);
  expect(delivered()).toHaveLength(1);
  expect(Math.max(...[...polls.marks.keys()].map((key) => key.length))).toBeLessThan(100);
});

test('one job that cannot be read does not keep the others from being watched', async () => {
  const { provider, polls, delivered } = await setUp();
  for (const job of ['jobs/1', 'jobs/2'])
    provider.put('Job', job, { state: 'RUNNING', timeOfStatusChange: at(0) });
  await polls.poll(collectJobs);
  provider.fail('jobs/1', { kind: 'status', status: 403 });
  provider.change('jobs/2', { state: 'SUCCESS' });
  await polls.poll(watchOpenJobs);
  expect(delivered().slice(2)).toEqual(['jobs/2 SUCCESS']);
  expect(polls.troubles).toMatchObject([{ code: 'CIMI_NOT_ALLOWED' }]);
  provider.fail('jobs/1', { kind: 'status', status: 503 });
  await expect(polls.poll(watchOpenJobs)).rejects.toMatchObject({ code: 'CIMI_STATUS', status: 503 });
});

test('a list that is not whole is told of, and what it leaves out is not forgotten', async () => {
  const { provider, polls, delivered } = await setUp({ maxItems: 2 });
  const put = (job: number): void => provider.put('Job', `jobs/${job}`, { state: 'SUCCESS' });
  for (const job of [1, 2, 3, 4]) put(job);
  await polls.poll(collectJobs);
  expect(polls.troubles).toMatchObject([{ code: 'CIMI_LISTING_CUT' }]);
  provider.remove('jobs/1');
  await polls.poll(collectJobs);
  provider.remove('jobs/2');
  put(1);
  await polls.poll(collectJobs);
  provider.remove('jobs/3');
  provider.remove('jobs/4');
  await polls.poll(collectJobs);
  expect(delivered().filter((one) => one.startsWith('jobs/1'))).toHaveLength(1);
});

test('killed between its documents and its marks, a poll delivers the same once more', async () => {
  const { provider, polls } = await setUp();
  provider.put('Job', 'jobs/1', { state: 'RUNNING', timeOfStatusChange: at(0) });
  polls.killNext();
  await expect(polls.poll(collectJobs)).rejects.toThrow('killed');
  await polls.poll(collectJobs);
  expect(polls.documents).toHaveLength(2);
  expect(polls.documents[1]).toEqual(polls.documents[0]);
});

type Step =
  | { readonly kind: 'poll' | 'watch' }
  | { readonly kind: 'change'; readonly job: number; readonly state: string }
  | { readonly kind: 'remove'; readonly job: number };
const STATES = ['QUEUED', 'RUNNING', 'STOPPING', 'SUCCESS', 'FAILED', 'STOPPED', 'WAITING'];
const steps = fc.array(
  fc.oneof(
    { arbitrary: fc.constantFrom<Step>({ kind: 'poll' }, { kind: 'watch' }), weight: 3 },
    {
      arbitrary: fc
        .tuple(fc.integer({ min: 1, max: 4 }), fc.constantFrom(...STATES))
        .map(([job, state]): Step => ({ kind: 'change', job, state })),
      weight: 4,
    },
    { arbitrary: fc.integer({ min: 1, max: 4 }).map((job): Step => ({ kind: 'remove', job })), weight: 1 },
  ),
  { maxLength: 24 },
);

for (const capabilities of [[], ['FilterParameter']])
  test(`whatever changes and whenever it is looked at, each state that was visible at a poll is delivered once (${capabilities.join() || 'whole'})`, async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (run) => {
        const { provider, polls } = await setUp({ capabilities });
        /** What the provider has, and what a poll could see: the times of the changes name them. */
        const there = new Map<string, string>();
        const visible = new Set<string>();
        let second = 0;
        for (const step of [...run, { kind: 'poll' } as const]) {
          second += 7;
          if (step.kind === 'change') {
            const id = `jobs/${step.job}`;
            provider.put('Job', id, { state: step.state, timeOfStatusChange: at(second) });
            there.set(id, `${id} ${step.state} ${at(second)}`);
          } else if (step.kind === 'remove') {
            provider.remove(`jobs/${step.job}`);
            there.delete(`jobs/${step.job}`);
          } else if (step.kind === 'poll') {
            for (const state of there.values()) visible.add(state);
            await polls.poll(collectJobs, START + second * 1000);
          } else {
            await polls.poll(watchOpenJobs, START + second * 1000);
          }
        }
        const delivered = polls.documents.map(({ text, position }) => {
          const value: unknown = JSON.parse(text);
          const [item = value] = (fold(value).get('jobs') ?? []) as unknown[];
          const members = fold(item);
          return `${new URL(position).pathname.slice(6)} ${textOf(members.get('state'))} ${textOf(members.get('timeofstatuschange'))}`;
        });
        expect(new Set(delivered).size).toBe(delivered.length);
        expect(delivered).toEqual(expect.arrayContaining([...visible]));
        await provider.close();
      }),
      { numRuns: 40 },
    );
  });
