/** CIMI documents that are posted: the same events, whatever they are wrapped in and called. */
import { afterAll, expect, test } from 'vitest';
import { startService, until } from '../support/service.ts';

const service = await startService();
afterAll(async () => {
  await service.stop();
  service.clean();
});

const root = 'http://schemas.dmtf.org/cimi/1';
const job = {
  resourceURI: `${root}/Job`,
  id: 'jobs/1',
  state: 'FAILED',
  targetResource: { href: 'machines/m1' },
  action: `${root}/action/start`,
  returnCode: 10_017,
  timeOfStatusChange: '2026-11-20T10:00:00Z',
};
const event = {
  resourceURI: `${root}/Event`,
  id: 'eventLogs/l1/events/1',
  timestamp: '2026-11-20T10:00:01Z',
  type: `${root}/event/model`,
  content: { resource: { href: 'volumes/v1' }, resType: `${root}/Volume`, change: 'create' },
  outcome: 'Success',
  severity: 'low',
};
const documents = [job, event];
const lines = documents.map((document) => JSON.stringify(document));
const xml = [
  `<Job xmlns="${root}"><id>jobs/1</id><state>FAILED</state><targetResource href="machines/m1"/><action>${root}/action/start</action><returnCode>10017</returnCode><timeOfStatusChange>2026-11-20T10:00:00Z</timeOfStatusChange></Job>`,
  `<Event xmlns="${root}"><id>eventLogs/l1/events/1</id><timestamp>2026-11-20T10:00:01Z</timestamp><type>${root}/event/model</type><content><resource href="volumes/v1"/><resType>${root}/Volume</resType><change>create</change></content><outcome>Success</outcome><severity>low</severity></Event>`,
];
const declaration = '<?xml version="1.0" encoding="UTF-8"?>';

/** Name of the source, content type and body; several bodies are posted one after the other. */
const ways: readonly (readonly [name: string, type: string, bodies: readonly string[]])[] = [
  ['list', 'application/json', [JSON.stringify(documents)]],
  ['list-charset', 'application/json; charset=utf-8', [JSON.stringify(documents, undefined, 2)]],
  ['single', 'application/json', lines],
  ['ndjson', 'application/x-ndjson', [lines.join('\n')]],
  ['ndjson-as-json', 'application/json', [`${lines.join('\n')}\n`]],
  ['plain', 'text/plain', [lines.join('\n')]],
  ['bytes', 'application/octet-stream', [JSON.stringify(documents)]],
  ['xml', 'application/xml', xml.map((one) => declaration + one)],
  ['xml-charset', 'application/xml; charset=UTF-8', [declaration + xml.join('\n')]],
  ['text-xml', 'text/xml; charset="utf-8"', xml],
];

interface Answer {
  readonly accepted: number;
  readonly deadLettered: number;
}

async function post(source: string, type: string, body: string): Promise<Answer> {
  const response = await service.fetch(`/cadf/v1/sources/${source}/records`, {
    method: 'POST',
    body,
    headers: { 'content-type': type },
  });
  const text = await response.text();
  expect(response.status, `${source}: ${text}`).toBe(202);
  return JSON.parse(text) as Answer;
}

type Stored = Readonly<Record<string, unknown>> & { readonly observer?: { readonly id: string } };

test('the same documents give the same events by every content type and framing', async () => {
  for (const [source, type, bodies] of ways) {
    // Each source is a provider of its own: the same documents of one would be duplicates.
    const registered = await service.fetch(`/cadf/v1/admin/sources/${source}`, {
      method: 'PUT',
      body: JSON.stringify({ type: 'cimi', name: source, settings: { host: `${source}.example.org` } }),
      headers: { 'content-type': 'application/json' },
    });
    expect(registered.ok, await registered.text()).toBe(true);
    const answers: Answer[] = [];
    for (const body of bodies) answers.push(await post(source, type, body));
    const sum = (name: keyof Answer): number => answers.reduce((total, answer) => total + answer[name], 0);
    expect([source, sum('accepted'), sum('deadLettered')]).toEqual([source, 2, 0]);
  }

  const events = async (): Promise<readonly Stored[]> => {
    const answer = await service.fetch('/cadf/v1/events?limit=1000');
    return ((await answer.json()) as { events: Stored[] }).events.filter(({ observer }) =>
      observer?.id.endsWith('.example.org'),
    );
  };
  await until(async () => (await events()).length === 2 * ways.length);

  const all = await events();
  const of = (source: string): unknown =>
    all
      .filter(({ observer }) => observer?.id === `${source}.example.org`)
      .map((stored) => {
        // Ids are those of the provider, and the record is attached as it was sent.
        const { id: _, attachments: __, reporterchain: ___, ...rest } = stored;
        return JSON.stringify(rest).replaceAll(`${source}.example.org`, 'provider');
      })
      .sort();
  const expected = of('list');
  expect(expected).toHaveLength(2);
  expect(String(expected)).toContain('"action":"start","outcome":"failure"');
  for (const [source] of ways) expect(of(source), source).toEqual(expected);
});
