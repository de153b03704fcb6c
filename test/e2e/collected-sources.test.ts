/** What people see of collecting: the list of sources and the events of the system; readiness is the pipeline's own. */
import { afterAll, expect, onTestFinished, test } from 'vitest';
import { startCimiProvider } from '../support/cimi-provider.ts';
import { startService, until, untilReady } from '../support/service.ts';

interface Summary {
  readonly id: string;
  readonly records: { readonly accepted: number };
  readonly lastPoll?: { readonly at: string; readonly trouble?: string };
}

const provider = await startCimiProvider();
/** Nobody listens there. */
const dead = 'http://127.0.0.1:9/';
const service = await startService({
  env: { CADF_CIMI_PROVIDERS: `${new URL(provider.url).origin},${dead}` },
});
afterAll(async () => {
  await service.stop();
  service.clean();
  await provider.close();
});

async function register(id: string, url: string): Promise<void> {
  const response = await service.fetch(`/cadf/v1/admin/sources/${id}`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ type: 'cimi', name: id, tenants: ['t1'], poll: { url, everySeconds: 5 } }),
  });
  expect(response.status, await response.text()).toBe(201);
}

async function summaryOf(id: string): Promise<Summary | undefined> {
  const answer = (await (await service.fetch('/cadf/v1/sources')).json()) as { sources: Summary[] };
  return answer.sources.find((source) => source.id === id);
}

test(
  'a provider that is down is shown and told, one that is up is collected, and the pipeline is ready',
  { timeout: 100_000 },
  async () => {
    onTestFinished(({ task }) => {
      if (task.result?.state === 'fail') process.stderr.write(service.output().slice(-3000));
    });
    provider.put('Job', 'jobs/1', {
      state: 'SUCCESS',
      action: 'start',
      timeOfStatusChange: '2026-01-01T00:00:00Z',
    });
    await register('up', provider.url);
    await register('down', dead);
    await until(async () => (await summaryOf('up'))?.records.accepted === 1, 30_000);
    await until(async () => (await summaryOf('down'))?.lastPoll !== undefined, 30_000);
    expect(await summaryOf('up')).toMatchObject({ lastPoll: { at: expect.stringMatching(/^20.*Z$/) } });
    expect((await summaryOf('up'))?.lastPoll?.trouble).toBe(undefined);
    expect((await summaryOf('down'))?.lastPoll?.trouble).toMatch(/^CIMI_UNREACHABLE: .*ECONNREFUSED/);
    await untilReady(service);
    const told = async (): Promise<unknown> =>
      (await service.fetch('/cadf/v1/events?tenant=t1&limit=100')).json();
    await until(async () => JSON.stringify(await told()).includes('"collecting fails"'), 30_000);
    expect(await told()).toMatchObject({
      events: expect.arrayContaining([
        expect.objectContaining({
          name: 'collecting fails',
          target: expect.objectContaining({ id: 'down' }),
        }),
      ]),
    });
    const metrics = await (await service.fetch('/metrics')).text();
    expect(metrics).toMatch(/^cadf_cimi_failures_total\{source="down",code="CIMI_UNREACHABLE"\} \d+$/m);
    expect(metrics).toMatch(/^cadf_cimi_last_success_timestamp_seconds\{source="up"\} \d+/m);
  },
);
