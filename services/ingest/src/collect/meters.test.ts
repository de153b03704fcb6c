import { expect, test } from 'vitest';
import type { CimiProvider, CimiProviderOptions } from '../../../../test/support/cimi-provider.ts';
import { createNormalizer } from '../../sources/cimi/normalizer.ts';
import type { CimiClientOptions } from '../cimi/cimi-client.ts';
import { cloud } from '../cimi/cimi-cloud.test-support.ts';
import { collectMeters } from './meters.ts';
import { rememberingPolls } from './poll-context.test-support.ts';
import type { RememberingPolls } from './poll-context.test-support.ts';

const START_MS = Date.parse('2026-11-20T10:00:00Z');
const ALL = ['FilterParameter', 'FirstParameter', 'ExpandParameter', 'OrderByParameter'];
const CPU = 'http://schemas.dmtf.org/cimi/2/aspect/cpu';

interface Meters {
  readonly provider: CimiProvider;
  readonly polls: RememberingPolls;
  /** One poll, 30 s after the one before; its samples as the source makes events of them. */
  readonly poll: () => Promise<string[]>;
  /** A meter of the machine's CPU, and a sample so many seconds after the start. */
  readonly meter: (id: string, rest?: Record<string, number | string>) => void;
  readonly sample: (id: string, seconds: number, value?: string) => void;
}

async function meters(
  options: CimiProviderOptions = {},
  client: Partial<CimiClientOptions> = {},
): Promise<Meters> {
  const { provider, client: asked } = await cloud(options, client);
  const polls = rememberingPolls(asked, START_MS);
  return {
    provider,
    polls,
    async poll() {
      const before = polls.documents.length;
      await polls.poll(collectMeters);
      return polls.documents.slice(before).flatMap(({ text }) => eventsOf(text, provider.baseUri));
    },
    meter(id, rest = {}) {
      const samples = { href: `${id}/samples` };
      const targetResource = { href: 'machines/1' };
      provider.put('Meter', id, { targetResource, aspect: CPU, units: 'percent', samples, ...rest });
    },
    sample(id, seconds, value = String(seconds)) {
      provider.addSample(id, { timestamp: new Date(START_MS + seconds * 1000).toISOString(), value });
    },
  };
}

/** `cpu 12.5 percent machines/1 10:00:00`. */
function eventsOf(text: string, baseUri: string): string[] {
  return createNormalizer({ sourceName: 'cloud' })
    .push({ text, receivedMs: START_MS, envelope: { baseUri } })
    .flatMap((outcome) => {
      if (outcome.kind === 'ignored') return [];
      if (outcome.kind === 'dead-letter') return [outcome.detail];
      const { measurements, target, eventTime } = outcome.event;
      const { metric, result } = measurements?.[0] ?? {};
      const where = target?.id?.replace(baseUri, '');
      return `${metric?.name} ${result} ${metric?.unit} ${where} ${eventTime.slice(11, 19)}`;
    });
}

const FORMS: readonly (readonly [string, CimiProviderOptions])[] = [
  ['JSON', {}],
  ['XML of version 1', { format: 'xml', version: '1' }],
  ['XML of version 2, all parameters', { format: 'xml', capabilities: ALL }],
  ['JSON, references only', { items: 'references' }],
  ['JSON, references only, all parameters', { items: 'references', capabilities: ALL }],
  ['keys with dashes', { dialect: 'kebab-case' }],
  ['references as texts', { dialect: 'plain-references' }],
  ['entries', { dialect: 'entries' }],
  ['Sirocco', { dialect: 'sirocco' }],
  ['Sirocco in XML', { dialect: 'sirocco', format: 'xml' }],
];

test.each(FORMS)(
  'Each sample is delivered once, with its aspect, unit and machine: %s',
  async (_form, options) => {
    const { poll, meter, sample, polls } = await meters(options);
    meter('meters/1');
    sample('meters/1', -7200, '12.5');
    sample('meters/1', -60);
    expect(await poll()).toEqual([
      'cpu 12.5 percent machines/1 08:00:00',
      'cpu -60 percent machines/1 09:59:00',
    ]);
    expect(await poll()).toEqual([]);
    sample('meters/1', 40);
    sample('meters/1', -90);
    expect(await poll()).toEqual([
      'cpu -90 percent machines/1 09:58:30',
      'cpu 40 percent machines/1 10:00:40',
    ]);
    expect(await poll()).toEqual([]);
    expect(polls.troubles).toEqual([]);
  },
);

test('Samples of one time are all delivered, once', async () => {
  const { poll, meter, sample } = await meters();
  meter('meters/1');
  sample('meters/1', 0, '1');
  sample('meters/1', 0, '2');
  expect(await poll()).toHaveLength(2);
  expect(await poll()).toEqual([]);
});

test('A sample keeps the digits it was written with', async () => {
  const { poll, meter, provider, polls } = await meters();
  meter('meters/1');
  const body =
    '{"id":"meters/1/samples","count":1,"samples":[{"timestamp":"2026-11-20T09:00:00Z","value":0.50}]}';
  provider.fail('meters/1/samples', { kind: 'body', contentType: 'application/json', body });
  await poll();
  expect(polls.documents[0]?.text).toContain('"value":0.50');
});

test('Samples of 1.0, in an element of their own, are read', async () => {
  const { poll, meter, provider } = await meters({ format: 'xml', version: '1' });
  meter('meters/1');
  const one = '<Sample><sample timestamp="2026-11-20T09:00:00Z" value="7"/></Sample>';
  const two = '<Sample><sample timestamp="2026-11-20T09:01:00Z"/></Sample>';
  const body = `<Collection xmlns="http://schemas.dmtf.org/cimi/1" resourceURI="http://schemas.dmtf.org/cimi/1/SampleCollection"><id>meters/1/samples</id><count>2</count>${one}${two}</Collection>`;
  provider.fail('meters/1/samples', { kind: 'body', contentType: 'application/xml', body });
  expect(await poll()).toEqual(['cpu 7 percent machines/1 09:00:00', 'cpu  percent machines/1 09:01:00']);
});

test('Meters that only a machine names are read, and forgotten when they are deleted', async () => {
  const { poll, meter, sample, provider, polls } = await meters();
  provider.put('Machine', 'machines/1', {
    state: 'STARTED',
    meters: [{ href: 'machines/1/meters/a' }, { href: 'machines/1/meters/b' }],
  });
  meter('machines/1/meters/a');
  meter('machines/1/meters/b');
  sample('machines/1/meters/a', -5);
  expect(await poll()).toEqual(['cpu -5 percent machines/1 09:59:55']);
  sample('machines/1/meters/b', 5);
  expect(await poll()).toEqual(['cpu 5 percent machines/1 10:00:05']);
  provider.remove('machines/1/meters/a');
  provider.remove('machines/1/meters/b');
  expect(await poll()).toEqual([]);
  expect([...polls.marks.keys()].filter((key) => key.startsWith('meter'))).toEqual([]);
  expect(polls.troubles).toEqual([]);
});

test('A meter is not asked before its next sample is due', async () => {
  const { poll, meter, sample, provider } = await meters();
  meter('meters/1', { sampleInterval: 60 });
  sample('meters/1', 0);
  expect(await poll()).toHaveLength(1);
  sample('meters/1', 60);
  expect(await poll()).toEqual([]);
  expect(await poll()).toEqual(['cpu 60 percent machines/1 10:01:00']);
  expect(provider.requests.filter((path) => path.includes('samples'))).toHaveLength(2);
});

test('Where the provider filters, it is asked for the time since the last sample, and the overlap', async () => {
  const { poll, meter, sample, provider } = await meters({ capabilities: ['FilterParameter'] });
  meter('meters/1');
  sample('meters/1', -5);
  await poll();
  await poll();
  const asked = provider.requests.filter((path) => path.includes('$filter')).map(decodeURIComponent);
  expect(asked).toEqual(['/cimi/meters/1/samples?$filter=timestamp>=2026-11-20T09:49:55.000Z']);
});

test('A long history is delivered once, and only its end is remembered', async () => {
  const { poll, meter, sample, polls } = await meters();
  meter('meters/1');
  for (let second = -1200; second < 0; second++) sample('meters/1', second);
  expect(await poll()).toHaveLength(1200);
  sample('meters/1', 1);
  expect(await poll()).toHaveLength(1);
  expect(
    polls.marks.get([...polls.marks.keys()].find((key) => key.startsWith('meter'))!)?.length,
  ).toBeLessThan(3000);
});

test('A sample that is ahead of its time is reported, and delivered when that has come', async () => {
  const { poll, meter, sample, polls } = await meters();
  meter('meters/1');
  sample('meters/1', 640);
  sample('meters/1', -5);
  expect(await poll()).toEqual(['cpu -5 percent machines/1 09:59:55']);
  expect(polls.troubles.map(({ code }) => code)).toEqual(['CIMI_DOCUMENT']);
  await poll();
  expect(await poll()).toEqual(['cpu 640 percent machines/1 10:10:40']);
});

test('Samples without end are bounded and reported', async () => {
  const { poll, meter, provider, polls } = await meters(
    { capabilities: ['FirstParameter'] },
    { limits: { pageSize: 10, maxPages: 3 } },
  );
  meter('meters/1');
  provider.makeEndless('meters/1/samples');
  await poll();
  expect(polls.troubles.map(({ code }) => code)).toEqual(['CIMI_LISTING_CUT']);
});

test('A meter that cannot be read does not keep the others from being read', async () => {
  const { poll, meter, sample, provider, polls } = await meters();
  for (const id of ['meters/1', 'meters/2', 'meters/3']) {
    meter(id);
    sample(id, -5);
  }
  provider.fail('meters/1/samples', { kind: 'status', status: 403 }, 1);
  provider.fail('meters/2/samples', { kind: 'status', status: 404 }, 1);
  expect(await poll()).toHaveLength(1);
  expect(polls.troubles.map(({ code }) => code)).toEqual(['CIMI_NOT_ALLOWED', 'CIMI_GONE']);
  expect(await poll()).toHaveLength(2);
});

test('A poll that is killed before it remembers delivers the same samples again', async () => {
  const { poll, meter, sample, polls } = await meters();
  meter('meters/1');
  sample('meters/1', -5);
  polls.killNext();
  await expect(poll()).rejects.toThrow('killed');
  expect(await poll()).toEqual(['cpu -5 percent machines/1 09:59:55']);
  expect(polls.documents[0]).toEqual(polls.documents[1]);
});
