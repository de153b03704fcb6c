import { expect, test } from 'vitest';
import type { CimiProvider } from '../../../../test/support/cimi-provider.ts';
import { fold, referenceOf } from '../../sources/cimi/document.ts';
import type { CimiClient } from './cimi-client.ts';
import { cloud } from './cimi-cloud.test-support.ts';
import type { CimiPage, PagesQuery } from './pages.ts';

const ALL = ['FilterParameter', 'FirstParameter', 'ExpandParameter', 'OrderByParameter'];
const JOBS: PagesQuery = { plural: 'jobs', required: ['state'] };

function putJobs(provider: CimiProvider, count: number): void {
  for (let job = 1; job <= count; job++)
    provider.put('Job', `jobs/${job}`, {
      state: 'SUCCESS',
      timeOfStatusChange: `2026-01-01T00:00:${String(job).padStart(2, '0')}Z`,
      affectedResources: [{ href: 'machines/1' }, { href: 'machines/2' }],
    });
}

async function jobPages(client: CimiClient, query: PagesQuery = JOBS): Promise<CimiPage[]> {
  const discovery = await client.discover();
  const jobs = discovery.collections.get('jobs')!;
  return pagesIn(client.pages(jobs, query, discovery));
}

async function pagesIn(pages: AsyncIterable<CimiPage>): Promise<CimiPage[]> {
  const found: CimiPage[] = [];
  for await (const page of pages) found.push(page);
  return found;
}

const paths = (pages: readonly CimiPage[]): (string | undefined)[] =>
  pages.flatMap(({ items }) => items.map(({ url }) => url?.pathname));

for (const version of ['1', '2'] as const)
  for (const format of ['json', 'xml'] as const)
    for (const items of ['full', 'references'] as const)
      test(`Jobs of version ${version} in ${format}, listed as ${items}, are read whole`, async () => {
        const { provider, client } = await cloud({ version, format, items });
        putJobs(provider, 2);
        const pages = await jobPages(client);
        expect(paths(pages)).toEqual(['/cimi/jobs/1', '/cimi/jobs/2']);
        expect(pages).toMatchObject([{ count: 2, refused: [] }]);
        const members = fold(pages[0]?.items[1]?.value);
        expect(members.get('state')).toBe('SUCCESS');
        const affected = members.get('affectedresources') ?? members.get('affectedresource');
        expect((affected as unknown[]).map((one) => referenceOf(one))).toEqual(['machines/1', 'machines/2']);
        // Entry point, metadata, jobs; then the metadata's one item and each job by itself.
        expect(provider.requests).toHaveLength(items === 'full' ? 3 : 6);
      });

test('Nothing is asked for that the provider does not advertise', async () => {
  const { provider, client } = await cloud();
  putJobs(provider, 3);
  const since = { attribute: 'timeOfStatusChange', time: new Date('2026-01-01T00:00:03Z') };
  expect(paths(await jobPages(client, { ...JOBS, since }))).toHaveLength(3);
  expect(provider.requests).toEqual(['/cimi/', '/cimi/resourceMetadata', '/cimi/jobs']);
});

test('What is advertised is used: filter, order, expansion and pages', async () => {
  const { provider, client } = await cloud(
    { capabilities: ALL, items: 'references' },
    { limits: { pageSize: 2 } },
  );
  putJobs(provider, 5);
  const since = { attribute: 'timeOfStatusChange', time: new Date('2026-01-01T00:00:03Z') };
  const pages = await jobPages(client, { ...JOBS, since });
  expect(paths(pages)).toEqual(['/cimi/jobs/3', '/cimi/jobs/4', '/cimi/jobs/5']);
  const query =
    '/cimi/jobs?$filter=timeOfStatusChange>=2026-01-01T00:00:03.000Z&$orderby=timeOfStatusChange:asc&$expand=jobs';
  expect(
    provider.requests.slice(3).map((path) => path.replaceAll('%3A', ':').replaceAll('%3E%3D', '>=')),
  ).toEqual([`${query}&$first=1&$last=2`, `${query}&$first=3&$last=4`]);
});

test('A provider that lists fewer than was asked for is read on from where it ended', async () => {
  const { provider, client } = await cloud({ capabilities: ['FirstParameter'], maxItems: 2 });
  putJobs(provider, 5);
  const pages = await jobPages(client);
  expect(paths(pages)).toHaveLength(5);
  expect(pages.map(({ cut }) => cut)).toEqual([undefined, undefined, undefined]);
});

test('A provider that lists fewer than it counts, and cannot page, is told of', async () => {
  const { provider, client } = await cloud({ maxItems: 2 });
  putJobs(provider, 5);
  expect(await jobPages(client)).toMatchObject([{ count: 5, cut: 'short' }]);
});

test('A provider that counts fewer than it lists is read on until nothing new comes', async () => {
  const { provider, client } = await cloud({ capabilities: ['FirstParameter'], maxItems: 2 });
  putJobs(provider, 7);
  provider.deceive('jobs', 'counts-less');
  const pages = await jobPages(client);
  expect([paths(pages).length, pages.at(-1)?.cut]).toEqual([7, undefined]);
});

test('A provider that shows the same page again and again is left', async () => {
  const { provider, client } = await cloud({ capabilities: ['FirstParameter'] });
  const body = JSON.stringify({ count: 50, jobs: [{ id: 'jobs/1', state: 'RUNNING' }] });
  provider.fail('jobs', { kind: 'body', contentType: 'application/json', body });
  const pages = await jobPages(client);
  expect(paths(pages)).toEqual(['/cimi/jobs/1']);
  expect(pages.at(-1)).toMatchObject({ cut: 'short' });
});

test('Pages without end are bounded by their number and by their items', async () => {
  const { provider, client } = await cloud(
    { capabilities: ['FirstParameter'] },
    { limits: { pageSize: 5, maxPages: 3 } },
  );
  provider.makeEndless('jobs');
  const pages = await jobPages(client);
  expect([pages.length, paths(pages).length, pages.at(-1)?.cut]).toEqual([3, 15, 'endless']);
  const other = await cloud({ capabilities: ['FirstParameter'] }, { limits: { pageSize: 5, maxItems: 7 } });
  other.provider.makeEndless('jobs');
  const few = await jobPages(other.client);
  expect([paths(few).length, few.at(-1)?.cut]).toEqual([7, 'endless']);
});

test('An item that is gone when it is asked for is told of, and the others are read', async () => {
  const { provider, client } = await cloud({ items: 'references' });
  putJobs(provider, 2);
  provider.fail('jobs/1', { kind: 'status', status: 404 });
  const pages = await jobPages(client);
  expect(paths(pages)).toEqual(['/cimi/jobs/2']);
  expect(pages[0]?.refused).toMatchObject([{ code: 'CIMI_GONE', status: 404 }]);
});

test('An item elsewhere is not asked for', async () => {
  const { provider, client } = await cloud({ items: 'references' });
  const body = JSON.stringify({ jobs: [{ href: 'http://169.254.169.254/latest/meta-data' }] });
  provider.fail('jobs', { kind: 'body', contentType: 'application/json', body });
  expect(await jobPages(client)).toMatchObject([{ items: [], refused: [{ code: 'CIMI_OTHER_ORIGIN' }] }]);
});

for (const dialect of ['plain-references', 'kebab-case', 'entries'] as const)
  for (const items of ['full', 'references'] as const)
    test(`Lists and references as some servers write them are read: ${dialect}, ${items}`, async () => {
      const { provider, client } = await cloud({ dialect, items, capabilities: ['FirstParameter'] });
      putJobs(provider, 2);
      const pages = await jobPages(client);
      expect(paths(pages)).toEqual(['/cimi/jobs/1', '/cimi/jobs/2']);
      expect(fold(pages[0]?.items[0]?.value).get('state')).toBe('SUCCESS');
    });

test('Logs, their events, meters and their samples are reached from the entry point', async () => {
  const { provider, client } = await cloud({ format: 'xml', version: '1' });
  provider.addEvent('eventLogs/1', { timestamp: '2026-01-01T00:00:00Z', severity: 'low' });
  const discovery = await client.discover();
  const logs = { plural: 'eventLogs', required: ['events'] };
  const [page] = await pagesIn(client.pages(discovery.collections.get('eventlogs')!, logs, discovery));
  const href = referenceOf(fold(page?.items[0]?.value).get('events'))!;
  const events = await client.get(href, discovery);
  expect(events.rootName).toBe('Collection');
  expect(fold(events.value).get('count')).toBe('1');
});
