import { expect, test } from 'vitest';
import type { CimiProvider, CimiProviderOptions } from '../../../../test/support/cimi-provider.ts';
import { createNormalizer } from '../../sources/cimi/normalizer.ts';
import type { CimiClientOptions } from '../cimi/cimi-client.ts';
import { cloud } from '../cimi/cimi-cloud.test-support.ts';
import { readLog } from './event-logs-read.ts';
import { collectEventLogs } from './event-logs.ts';
import { rememberingPolls } from './poll-context.test-support.ts';
import type { RememberingPolls } from './poll-context.test-support.ts';

const START_MS = Date.parse('2026-11-20T10:00:00Z');
const ALL = ['FilterParameter', 'FirstParameter', 'ExpandParameter', 'OrderByParameter'];
const LOG = 'eventLogs/1';

interface Logs {
  readonly provider: CimiProvider;
  readonly polls: RememberingPolls;
  /** One poll, 30 s after the one before unless told; the positions of what it delivered, below the base. */
  readonly poll: (seconds?: number) => Promise<string[]>;
  /** An event so many seconds after the start. */
  readonly add: (seconds: number, rest?: Record<string, string>, log?: string) => void;
  /** Name and reason of each event that was told. */
  readonly told: () => string[];
}

async function logs(
  options: CimiProviderOptions = {},
  client: Partial<CimiClientOptions> = {},
): Promise<Logs> {
  const { provider, client: asked } = await cloud(options, client);
  const polls = rememberingPolls(asked, START_MS);
  return {
    provider,
    polls,
    async poll(seconds) {
      const before = polls.documents.length;
      await polls.poll(collectEventLogs, seconds === undefined ? undefined : START_MS + seconds * 1000);
      return polls.documents.slice(before).map(({ position }) => position.replace(/^.*\/cimi\//, ''));
    },
    add(seconds, rest = {}, log = LOG) {
      provider.addEvent(log, {
        timestamp: new Date(START_MS + seconds * 1000).toISOString(),
        type: 'http://schemas.dmtf.org/cimi/1/event/alarm',
        content: { resource: { href: 'machines/1' }, code: `C${seconds}` },
        outcome: 'Failure',
        severity: 'low',
        ...rest,
      });
    },
    told: () => polls.told.map(({ name, reason }) => `${name ?? ''}: ${reason?.reasonCode ?? ''}`),
  };
}

const FORMS: readonly (readonly [string, CimiProviderOptions])[] = [
  ['JSON', {}],
  ['XML of version 1', { format: 'xml', version: '1' }],
  ['XML of version 2, all parameters', { format: 'xml', capabilities: ALL }],
  ['JSON, references only', { items: 'references' }],
  ['JSON, references only, all parameters', { items: 'references', capabilities: ALL }],
  ['keys with dashes', { dialect: 'kebab-case' }],
];

test.each(FORMS)(
  'Each event of a log is delivered once, as a record that makes its event: %s',
  async (_form, options) => {
    const { poll, add, polls, told } = await logs(options);
    add(-7200);
    add(-60, { severity: 'high' });
    expect(await poll()).toEqual([`${LOG}/events/1`, `${LOG}/events/2`]);
    expect(await poll()).toEqual([]);
    add(40);
    expect(await poll()).toEqual([`${LOG}/events/3`]);
    expect(await poll()).toEqual([]);
    const codes = polls.documents.flatMap(({ text }) =>
      createNormalizer({ sourceName: 'cloud' })
        .push({ text, receivedMs: START_MS })
        .map((outcome) => outcome.kind === 'event' && outcome.event.reason?.reasonCode),
    );
    expect(codes).toEqual(['C-7200', 'C-60', 'C40']);
    expect([told(), polls.troubles]).toEqual([[], []]);
  },
);

test('Events come in the order of their times, accesses before what they caused', async () => {
  const { poll, add } = await logs();
  add(-10);
  add(-30);
  add(-10, { type: 'http://schemas.dmtf.org/cimi/1/event/access' });
  add(-20);
  expect(await poll()).toEqual([4, 2, 3, 1].map((n) => `${LOG}/events/${[0, 1, 4, 3, 2][n]}`));
});

test('Where the provider filters, it is asked for the time since the last event, and the overlap', async () => {
  const { poll, add, provider, polls } = await logs({ capabilities: ['FilterParameter'] });
  for (let minute = -60; minute <= 0; minute += 10) add(minute * 60);
  expect(await poll()).toHaveLength(7);
  expect([...polls.marks.keys()].filter((key) => key.startsWith('log-event'))).toHaveLength(2);
  add(10);
  add(-300);
  expect(await poll()).toEqual([`${LOG}/events/9`, `${LOG}/events/8`]);
  const asked = provider.requests.filter((path) => path.includes('$filter')).map(decodeURIComponent);
  expect(asked).toEqual([`/cimi/${LOG}/events?$filter=timestamp>=2026-11-20T09:50:00.000Z`]);
});

test('A filter that is advertised and refused is not asked for again, and nothing is taken twice', async () => {
  const { poll, add, provider, polls } = await logs({ capabilities: ['FilterParameter'] });
  add(-3600);
  add(-5);
  await poll();
  add(10);
  provider.fail(`${LOG}/events`, { kind: 'status', status: 400 }, 1);
  expect(await poll()).toEqual([`${LOG}/events/3`]);
  add(20);
  expect(await poll()).toEqual([`${LOG}/events/4`]);
  expect(polls.troubles).toEqual([]);
  expect(provider.requests.filter((path) => path.includes('$filter'))).toHaveLength(1);
});

for (const capabilities of [[], ALL])
  test(`An event that is counted and not listed is told once, with numbers (parameters: ${capabilities.length})`, async () => {
    const { poll, add, provider, polls, told } = await logs({ capabilities });
    add(-60);
    await poll();
    add(5);
    add(6, { severity: 'high' });
    provider.remove(`${LOG}/events/3`);
    expect(await poll()).toEqual([`${LOG}/events/2`]);
    expect(told()).toEqual(['event log gap: missing high 1; counted low 2, high 1; read low 2']);
    expect(polls.told[0]).toMatchObject({ outcome: 'failure', eventTime: '2026-11-20T10:00:30.000+00:00' });
    await poll();
    await poll();
    expect(told()).toHaveLength(1);
  });

test('An event that is told later than the overlap is missed by the filter, found by the summary, and is no gap', async () => {
  const { poll, add, told, provider } = await logs({ capabilities: ALL });
  for (let minute = -60; minute <= 0; minute += 20) add(minute * 60);
  expect(await poll()).toHaveLength(4);
  add(-3000);
  expect(await poll()).toContain(`${LOG}/events/5`);
  expect(await poll()).toEqual([]);
  // At most once an hour: then it is a gap.
  add(-3100);
  expect(await poll()).toEqual([]);
  expect(told()).toEqual(['event log gap: missing low 1; counted low 6; read low 5']);
  add(60);
  expect(await poll()).toEqual([`${LOG}/events/7`]);
  expect(told()).toHaveLength(1);
  const whole = provider.requests.filter((path) => path.includes('/events?') && !path.includes('$filter'));
  expect(whole).toHaveLength(2);
});

test('A gap that grows is told again, and one that was filled and comes again too', async () => {
  const { poll, add, provider, told } = await logs();
  add(-60);
  add(-50);
  const set = (low: number): void => provider.change(LOG, { summary: { low } });
  set(3);
  await poll();
  set(4);
  await poll();
  set(2);
  await poll();
  set(3);
  await poll();
  expect(told()).toEqual([
    'event log gap: missing low 1; counted low 3; read low 2',
    'event log gap: missing low 2; counted low 4; read low 2',
    'event log gap: missing low 1; counted low 3; read low 2',
  ]);
});

for (const capabilities of [[], ALL])
  test(`A log that was purged has no gap (parameters: ${capabilities.length})`, async () => {
    const { poll, add, provider, polls, told } = await logs({ capabilities });
    for (let second = -20; second < 0; second++) add(second);
    await poll();
    provider.purge(LOG, new Date(START_MS - 5000));
    expect(await poll()).toEqual([]);
    add(40);
    expect(await poll()).toEqual([`${LOG}/events/21`]);
    expect([told(), polls.troubles]).toEqual([[], []]);
    add(50);
    provider.remove(`${LOG}/events/22`);
    await poll();
    expect(told()).toEqual(['event log gap: missing low 1; counted low 7; read low 6']);
  });

test('A gap that was found and not told before the process ended is told as it was found', async () => {
  const { add, polls, provider, poll, told } = await logs();
  add(-60);
  provider.change(LOG, { summary: { low: 2 } });
  const failing = polls.poll((context) =>
    collectEventLogs({ ...context, tell: () => Promise.reject(new Error('killed')) }),
  );
  await expect(failing).rejects.toThrow('killed');
  provider.change(LOG, { summary: { low: 1 } });
  await poll(90);
  expect(told()).toEqual(['event log gap: missing low 1; counted low 2; read low 1']);
  expect(polls.told[0]?.eventTime).toBe('2026-11-20T10:00:00.000+00:00');
});

test('A summary that changes while the log is read says nothing', async () => {
  const { add, poll, provider, told } = await logs({ items: 'references' });
  add(-60);
  provider.change(LOG, { summary: { low: 2 } });
  provider.fail(LOG, { kind: 'body', contentType: 'application/json', body: summaryOf(1) }, 1);
  await poll();
  expect(told()).toEqual([]);
});

function summaryOf(low: number): string {
  return JSON.stringify({ id: LOG, events: { href: `${LOG}/events` }, summary: { low } });
}

test('A log that only a machine names is read, and forgotten when it is deleted', async () => {
  const { add, poll, provider, polls } = await logs();
  provider.put('Machine', 'machines/1', { state: 'STARTED', eventLog: { href: 'machines/1/eventLog' } });
  add(-5, {}, 'machines/1/eventLog');
  expect(await poll()).toEqual(['machines/1/eventLog/events/1']);
  add(5, {}, 'machines/1/eventLog');
  expect(await poll()).toEqual(['machines/1/eventLog/events/2']);
  for (const id of ['', '/events/1', '/events/2']) provider.remove(`machines/1/eventLog${id}`);
  provider.remove('machines/1');
  expect(await poll()).toEqual([]);
  expect([...polls.marks.keys()].filter((key) => key.startsWith('log'))).toEqual(['log-poll\nlast']);
  expect(polls.troubles).toEqual([]);
});

test('A log elsewhere is reported, and not asked', async () => {
  const { add, poll, provider, polls } = await logs();
  const elsewhere = { href: 'http://169.254.169.254/latest' };
  provider.put('Machine', 'machines/1', { state: 'STARTED', eventLog: elsewhere });
  provider.put('Machine', 'machines/2', { state: 'STARTED', eventLog: { href: 'machines/2/eventLog' } });
  provider.put('EventLog', 'eventLogs/2', { events: elsewhere, summary: { low: 1 } });
  add(-5, {}, 'machines/2/eventLog');
  expect(await poll()).toEqual(['machines/2/eventLog/events/1']);
  expect(polls.troubles.map(({ code }) => code)).toEqual(['CIMI_OTHER_ORIGIN', 'CIMI_OTHER_ORIGIN']);
});

const WITH_LOGS = ['plain-references', 'kebab-case', 'entries', 'sirocco', 'vendor'] as const;
const WITH_EVENTS = ['stratuslab', 'slipstream', 'nuvla'] as const;

for (const dialect of [...WITH_LOGS, ...WITH_EVENTS])
  for (const capabilities of [[], ALL])
    test(`Events of a server with its own ways are delivered once: ${dialect} (parameters: ${capabilities.length})`, async () => {
      const { add, poll, polls, told } = await logs({ dialect, capabilities });
      add(-3600);
      add(-5);
      expect(await poll()).toHaveLength(2);
      expect(await poll()).toEqual([]);
      add(40);
      expect(await poll()).toHaveLength(1);
      expect([polls.troubles, told()]).toEqual([[], []]);
    });

test('A log that cannot be read does not keep the others from being read, and its events are read later', async () => {
  const { add, poll, provider, polls } = await logs();
  add(-5);
  add(-5, {}, 'eventLogs/2');
  provider.fail(`${LOG}/events`, { kind: 'status', status: 403 }, 1);
  expect(await poll()).toEqual(['eventLogs/2/events/1']);
  expect(polls.troubles.map(({ code }) => code)).toEqual(['CIMI_NOT_ALLOWED']);
  expect(await poll()).toEqual([`${LOG}/events/1`]);
});

test('A provider that is down is left after three logs', async () => {
  const { add, poll, provider, polls } = await logs({}, { maxAttempts: 1 });
  for (let log = 1; log <= 9; log++) {
    add(-5, {}, `eventLogs/${log}`);
    provider.fail(`eventLogs/${log}/events`, { kind: 'status', status: 503 });
  }
  await expect(poll()).rejects.toMatchObject({ code: 'CIMI_STATUS', status: 503 });
  expect(polls.troubles).toHaveLength(2);
});

test('Events without end are bounded and reported, and no gap is told of what was not read', async () => {
  const { add, poll, provider, polls, told } = await logs(
    { capabilities: ['FirstParameter'] },
    { limits: { pageSize: 10, maxPages: 3 } },
  );
  add(-5);
  provider.change(LOG, { summary: { low: 1_000_000 } });
  provider.makeEndless(`${LOG}/events`);
  expect(await poll()).toHaveLength(30);
  expect(await poll()).toHaveLength(0);
  expect(polls.troubles.map(({ code }) => code)).toEqual(['CIMI_LISTING_CUT', 'CIMI_LISTING_CUT']);
  expect(told()).toEqual([]);
});

test('Events that may have gone between two polls are told of once', async () => {
  const { add, poll, provider, told } = await logs();
  add(-5);
  provider.change(LOG, { persistence: 'HOURLY' });
  await poll(0);
  await poll(3600);
  await poll(7201);
  await poll(20_000);
  expect(told()).toEqual([
    'event log persistence: events are kept HOURLY, 3600 s, and were read after 3601 s',
  ]);
});

test('An id that is given to another event after a purge is another event', async () => {
  const { add, poll, provider } = await logs();
  add(-5);
  await poll();
  provider.put('Event', `${LOG}/events/1`, { timestamp: '2026-11-20T10:00:10Z', severity: 'low' });
  expect(await poll()).toEqual([`${LOG}/events/1`]);
});

test('Of very many events the newest are remembered, and those of the overlap; none is delivered again', async () => {
  const { provider, client } = await cloud();
  const remembering = rememberingPolls(client, START_MS);
  const events = new URL(`${provider.baseUri}${LOG}/events`);
  const url = new URL(`${provider.baseUri}${LOG}`);
  const add = (seconds: number): void =>
    void provider.addEvent(LOG, {
      timestamp: new Date(START_MS + seconds * 1000).toISOString(),
      severity: 'low',
    });
  const poll = async (): Promise<number> => {
    const before = remembering.documents.length;
    const log = { url, events, counts: undefined };
    await remembering.poll(
      async (context) => void (await readLog(context, log, { maxFresh: 1000, maxMarks: 10 })),
    );
    return remembering.documents.length - before;
  };
  for (let minute = -100; minute <= 0; minute++) add(minute * 60);
  expect(await poll()).toBe(101);
  expect([...remembering.marks.keys()].filter((key) => key.startsWith('log-event'))).toHaveLength(11);
  add(-500);
  add(20);
  expect(await poll()).toBe(2);
  expect(await poll()).toBe(0);
});
