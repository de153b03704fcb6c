/** A stop under load: what was acknowledged is there afterwards, and the process ends with 0. */
import { expect, test } from 'vitest';
import { ndjson, testEvent } from '../support/events.ts';
import { startService, until } from '../support/service.ts';

test('a stop under load loses no acknowledged event and exits 0', { timeout: 120_000 }, async () => {
  const service = await startService({ env: { CADF_LOG_LEVEL: 'error' } });
  const acknowledged: string[] = [];
  let stopping = false;
  async function sender(): Promise<void> {
    for (;;) {
      const batch = Array.from({ length: 100 }, () => testEvent());
      try {
        const response = await service.fetch('/cadf/v1/events', {
          method: 'POST',
          body: ndjson(batch),
          headers: { 'content-type': 'application/x-ndjson' },
        });
        if (response.status === 202) acknowledged.push(...batch.map(({ id }) => id));
        await response.arrayBuffer();
      } catch {
        if (stopping) return;
      }
    }
  }
  const senders = Array.from({ length: 4 }, sender);
  await until(() => Promise.resolve(acknowledged.length > 5000), 30_000);
  stopping = true;
  const code = await service.stop();
  await Promise.all(senders);
  expect(code).toBe(0);

  const again = await startService({ dataDir: service.dataDir });
  const count = async (): Promise<number> =>
    ((await (await again.fetch('/cadf/v1/count')).json()) as { count: number }).count;
  await until(async () => (await count()) >= acknowledged.length);
  const seen = new Set<string>();
  let path: string | undefined = '/cadf/v1/events?limit=10000';
  while (path !== undefined) {
    const page = (await (await again.fetch(path)).json()) as { events: { id: string }[]; next?: string };
    for (const { id } of page.events) seen.add(id);
    path = page.next;
  }
  expect(acknowledged.filter((id) => !seen.has(id))).toEqual([]);
  expect(await again.stop()).toBe(0);
  again.clean();
});
