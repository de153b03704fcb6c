/** What a kill does to asynchronous queries: one that ran has failed and says so, a result that was there still is. */
import { expect, test } from 'vitest';
import { ndjson, testEvent } from '../support/events.ts';
import { startService, until } from '../support/service.ts';
import type { TestService } from '../support/service.ts';

interface Status {
  readonly status: string;
  readonly failure?: { readonly code: string };
}
const COUNT = 1500;
/** Takes minutes. */
const SLOW = Array.from({ length: 300 }, (_, index) => `text ~ 'x${index}'`).join(' or ');

async function create(service: TestService, body: object): Promise<string> {
  const answer = await service.fetch('/cadf/v1/queries', {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json' },
  });
  expect(answer.status).toBe(202);
  return answer.headers.get('location') ?? '';
}
const status = async (service: TestService, path: string): Promise<Status> =>
  (await (await service.fetch(path)).json()) as Status;

test(
  'after a kill, a query that ran has failed, and a result that was there can be read',
  { timeout: 120_000 },
  async () => {
    const first = await startService();
    await first.fetch('/cadf/v1/events', {
      method: 'POST',
      body: ndjson(Array.from({ length: COUNT }, () => testEvent())),
      headers: { 'content-type': 'application/x-ndjson' },
    });
    await until(async () => {
      const { count } = (await (await first.fetch('/cadf/v1/count')).json()) as { count: number };
      return count >= COUNT;
    });
    const done = await create(first, { filter: "action = 'update'" });
    await until(async () => (await status(first, done)).status === 'done');
    const slow = await create(first, { filter: SLOW });
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
