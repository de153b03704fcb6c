/** What a kill does to asynchronous queries: one that ran has failed and says so, a result that was there still is. */
import { expect, test } from 'vitest';
import { ndjson, testEvent } from '../support/events.ts';
import { startService, until } from '../support/service.ts';
import type { TestService } from '../support/service.ts';
import { SLOW_FILTER, slowEvent } from '../support/slow-query.ts';

interface Status {
  readonly status: string;
  readonly failure?: { readonly code: string };
}
const COUNT = 1500;

async function submit(service: TestService, body: string): Promise<void> {
  const answer = await service.fetch('/cadf/v1/events', {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/x-ndjson' },
  });
  expect(answer.status, await answer.text()).toBe(202);
}

async function create(service: TestService, body: object): Promise<string> {
  const answer = await service.fetch('/cadf/v1/queries', {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json' },
  });
  expect(answer.status).toBe(202);
  return answer.headers.get('location') ?? '';
}
const count = async (service: TestService): Promise<number> =>
  ((await (await service.fetch('/cadf/v1/count')).json()) as { count: number }).count;
const status = async (service: TestService, path: string): Promise<Status> =>
  (await (await service.fetch(path)).json()) as Status;

test(
  'after a kill, a query that ran has failed, and a result that was there can be read',
  { timeout: 120_000 },
  async () => {
    const first = await startService();
    await submit(first, ndjson(Array.from({ length: COUNT }, () => testEvent())));
    await until(async () => (await count(first)) === COUNT);
    const done = await create(first, { filter: "action = 'update'" });
    await until(async () => (await status(first, done)).status === 'done');
    for (let part = 0; part < 5; part++)
      await submit(first, `${Array.from({ length: 100 }, () => slowEvent()).join('\n')}\n`);
    await until(async () => (await count(first)) === COUNT + 500);
    const slow = await create(first, { filter: SLOW_FILTER });
    await until(async () => (await status(first, slow)).status === 'running');
    await first.kill();

    const second = await startService({ dataDir: first.dataDir });
    expect(await status(second, slow)).toMatchObject({
      status: 'failed',
      failure: { code: 'QUERY_INTERRUPTED' },
    });
    const gone = await second.fetch(`${slow}/result`);
    expect(gone.status).toBe(503);
    const result = await second.fetch(`${done}/result?limit=all`, {
      headers: { accept: 'application/x-ndjson' },
    });
    expect((await result.text()).split('\n')).toHaveLength(COUNT + 1);
    await second.stop();
    second.clean();
  },
);
