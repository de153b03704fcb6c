import { decodeXml } from '@cadf-pipeline/cadf-model';
import { SaxesParser } from 'saxes';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { record } from '../../../../test/contract/store-suite.ts';
import { testEvent } from '../../../../test/support/events.ts';
import { startQueryApp } from '../query-app.test-support.ts';
import type { QueryApp } from '../query-app.test-support.ts';

let cimi: QueryApp;
const ODD = 'a\u0001b <&> "c" ]]> ä😀';
const EVENT = {
  ...testEvent({ name: ODD, severity: 'HIGH', deep: { list: [1, { a: '\u0002' }] } }),
  id: `i d/"<&`,
};

/** Written as no program of ours would. */
const RAW =
  '{ "id" : "raw", "typeURI":"x",\n\t"eventTime":"2025-01-01T00:00:00Z", "n": 1.0e0, "big": 12345678901234567890, "u":"\\u0041\\/", "a": [ ] }';

beforeAll(async () => {
  cimi = await startQueryApp(
    { root: {} },
    { sources: { 'cloud-1': ['a'] }, now: () => Date.UTC(2026, 10, 2) },
  );
  await cimi.store.insert([
    record(0, EVENT, { source: 'cloud-1', tenants: ['a', 'te nant/ü'] }),
    record(1, testEvent({ eventTime: '2026-10-01T00:00:00Z' }), { source: 'cloud-1', tenants: ['a'] }),
    record(2, RAW, { source: 'raw', tenants: ['raw'] }),
  ]);
});
afterAll(() => cimi.close());

async function ask(
  url: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<{ status: number; text: string; headers: Readonly<Record<string, unknown>> }> {
  const answer = await cimi.app.inject({ url, headers: { authorization: 'Bearer root', ...headers } });
  return { status: answer.statusCode, text: answer.body, headers: answer.headers };
}
const V1 = { 'cimi-specification-version': '1.0' };

/** Names of elements with their namespaces, in order; throws for what is not well-formed. */
function elementsOf(xml: string): string[] {
  const names: string[] = [];
  const parser = new SaxesParser({ xmlns: true });
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ local, uri }) => names.push(`${uri.replace(/^.*\.org\//, '')} ${local}`));
  parser.write(xml).close();
  return names;
}

describe('the version', () => {
  it.each([
    [undefined, '2', undefined],
    ['2.0', '2', undefined],
    ['2.0.0', '2', undefined],
    ['1.0', '1', '1.0.1'],
    ['1.0.0', '1', '1.0.1'],
    ['1.0.1', '1', '1.0.1'],
    ['1.1', '1', '1.1.0'],
    ['1.1.0', '1', '1.1.0'],
    ['3.0, 1.1.0, 2.0', '1', '1.1.0'],
    [' 2.0 ,1.0', '2', undefined],
    ['', '2', undefined],
  ])('asked for as %s is %s, told as %s', async (asked, version, told) => {
    const headers = asked === undefined ? {} : { 'cimi-specification-version': asked };
    const json = await ask('/cimi', headers);
    expect(JSON.parse(json.text)).toMatchObject({
      resourceURI: `http://schemas.dmtf.org/cimi/${version}/CloudEntryPoint`,
    });
    expect(json.headers['cimi-specification-version']).toBe(told);
    const xml = await ask('/cimi?$format=xml', headers);
    expect(elementsOf(xml.text)[0]).toBe(`cimi/${version} CloudEntryPoint`);
  });

  it('that is not spoken is refused', async () => {
    const answer = await ask('/cimi', { 'cimi-specification-version': '3.0' });
    expect(answer.status).toBe(406);
    expect(JSON.parse(answer.text)).toMatchObject({ name: 'QUERY_NOT_ACCEPTABLE', state: 'FAILED' });
  });
});

describe('the format', () => {
  it.each([
    [undefined, '', 'json'],
    ['*/*', '', 'json'],
    ['application/xml', '', 'xml'],
    ['text/xml', '', 'xml'],
    ['application/xml;q=0.5, application/json', '', 'json'],
    ['application/json;q=0.2, application/xml', '', 'xml'],
    ['text/html, application/*;q=0.1', '', 'json'],
    ['text/*', '', 'xml'],
    ['application/json;q=0, */*', '', 'xml'],
    ['application/json;q=x, application/xml;q=0.1', '', 'xml'],
    ['application/xml', '?$format=json', 'json'],
    ['text/html', '?$format=XML', 'xml'],
  ])('accepted as %s with "%s" is %s', async (accept, query, format) => {
    const answer = await ask(`/cimi${query}`, accept === undefined ? {} : { accept });
    expect(answer.headers['content-type']).toBe(`application/${format}`);
    expect(answer.text.startsWith(format === 'json' ? '{' : '<?xml')).toBe(true);
  });

  it('that is not spoken is refused', async () => {
    expect((await ask('/cimi', { accept: 'text/html' })).status).toBe(406);
    expect((await ask('/cimi', { accept: 'application/json;q=0' })).status).toBe(406);
  });

  it('is that of failures, too', async () => {
    const answer = await ask('/cimi/nowhere', { accept: 'application/xml', ...V1 });
    expect(answer.status).toBe(404);
    expect(elementsOf(answer.text)).toEqual(
      [
        'Job', 'id', 'name', 'description', 'created', 'state', 'targetResource', 'returnCode', 'progress',
        'statusMessage', 'timeOfStatusChange',
      ].map((name) => `cimi/1 ${name}`),
    ); // prettier-ignore
  });
});

it('JSON has the CADF event as the text it came as', async () => {
  for (const url of ['/cimi/events/raw:raw', '/cimi/eventLogs/tenant-raw/events', '/cimi/eventLogs/tenant-raw?$expand=events'])
    expect((await ask(url)).text).toContain(`"content":${RAW},"outcome":"Unknown"`);
}); // prettier-ignore

describe('XML', () => {
  it('has lists bare in version 1, in wrappers in version 2', async () => {
    const url = '/cimi/eventLogs/source-cloud-1/events?$format=xml&$select=outcome';
    const item = (version: string): string[] => [`cimi/${version} Event`, `cimi/${version} outcome`];
    const head = (version: string): string[] => ['Collection', 'id', 'count'].map((name) => `cimi/${version} ${name}`);
    expect(elementsOf((await ask(url, V1)).text)).toEqual([...head('1'), ...item('1'), ...item('1')]);
    expect(elementsOf((await ask(url)).text)).toEqual([...head('2'), 'cimi/2 events', ...item('2'), ...item('2')]);
    const metadata = '/cimi/resourceMetadata/CloudEntryPoint?$format=xml&$select=capabilities';
    expect(elementsOf((await ask(metadata, V1)).text).slice(0, 2)).toEqual(['cimi/1 ResourceMetadata', 'cimi/1 capability']);
    expect(elementsOf((await ask(metadata)).text)[1]).toBe('cimi/2 capabilities');
  }); // prettier-ignore

  it('carries the CADF event in its own namespace, with what XML cannot say', async () => {
    const { text } = await ask('/cimi/eventLogs/source-cloud-1/events?$format=xml&$last=1', V1);
    expect(elementsOf(text)).toContain('cloud/audit/1.0/event event');
    expect(decodeXml(text).events.map(({ value }) => value)).toEqual([EVENT]);
    expect(text).toContain('<name>a\uFFFDb &lt;&amp;&gt; "c" ]]&gt; ä😀</name>');
    expect(text).toContain('<severity>high</severity>');
  });
});

describe('addresses', () => {
  it('lead to what they name, whatever is in an id', async () => {
    const { eventLogs } = JSON.parse((await ask('/cimi/eventLogs')).text) as {
      eventLogs: { id: string; events: { href: string } }[];
    };
    expect(eventLogs.map(({ id }) => id)).toContain('eventLogs/tenant-te%20nant%2F%C3%BC');
    for (const { events, id } of eventLogs) {
      expect(JSON.parse((await ask(`/cimi/${id}`)).text)).toMatchObject({ id });
      const page = JSON.parse((await ask(`/cimi/${events.href}`)).text) as { events?: { id: string }[] };
      for (const event of page.events ?? [])
        expect(JSON.parse((await ask(`/cimi/${event.id}`)).text)).toMatchObject({ id: event.id });
    }
  });

  it.each([
    ['cloud.example', 'http://cloud.example/cimi/'],
    ['cloud.example:8443', 'http://cloud.example:8443/cimi/'],
    ['192.0.2.7:80', 'http://192.0.2.7:80/cimi/'],
    ['[2001:db8::1]:80', 'http://[2001:db8::1]:80/cimi/'],
    ['evil.example/x?', '/cimi/'],
    ['user@evil.example', '/cimi/'],
    ['"><script>', '/cimi/'],
    ['a b', '/cimi/'],
    ['.', '/cimi/'],
  ])('are relative to a base of the request’s own host: %s', async (host, base) => {
    const point = JSON.parse((await ask('/cimi', { host })).text) as { baseURI: string; eventLogs: object };
    expect(point.baseURI).toBe(base);
    expect(point.eventLogs).toEqual({ href: 'eventLogs' });
  });

  it('do not believe a proxy that is not trusted', async () => {
    const { text } = await ask('/cimi', { host: 'a.example', 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'gopher' });
    expect(JSON.parse(text)).toMatchObject({ baseURI: 'http://a.example/cimi/' });
  }); // prettier-ignore
});
