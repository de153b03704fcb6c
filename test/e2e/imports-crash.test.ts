/** An import whose process is killed in the midst of it: every event is there once, and the counts are those of the manifests. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { publicKeyOf } from '@cadf-pipeline/federation';
import { afterAll, expect, test } from 'vitest';
import { ISSUER, KEY_ONE, makeChain, writePlace } from '../../packages/federation/src/chain.test-support.ts';
import { testEvent } from '../support/events.ts';
import { startService, until } from '../support/service.ts';
import type { TestService } from '../support/service.ts';

const SEGMENTS = 4;
const EVENTS = 15_000;
const WINDOW = 'from=2026-11-01T00:00:00Z&to=2026-11-02T00:00:00Z';

const folder = mkdtempSync(join(tmpdir(), 'import-crash-'));
let service: TestService | undefined;
afterAll(() => {
  service?.process.kill('SIGKILL');
  service?.clean();
  rmSync(folder, { recursive: true, force: true });
});

interface Status {
  readonly sequence?: number;
  readonly underWay?: { readonly events: number };
  readonly counts: Readonly<Record<string, number>>;
}

async function statusOf(of: TestService): Promise<Status> {
  return ((await (await of.fetch('/cadf/v1/imports/peer')).json()) as { status: Status }).status;
}

test('after two kills everything is there once', async () => {
  const segments = Array.from({ length: SEGMENTS }, (_, index) => ({
    files: [
      {
        events: Array.from({ length: EVENTS }, () => JSON.stringify(testEvent())),
        compression: index % 2 === 0 ? ('gzip' as const) : ('zstd' as const),
      },
    ],
  }));
  const place = await makeChain(segments, { blockLines: 1000 });
  writePlace(place, folder);
  const env = { CADF_IMPORT_DIRECTORIES: folder };
  service = await startService({ env });
  const { dataDir } = service;
  const made = await service.fetch('/cadf/v1/imports', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      id: 'peer',
      keys: { issuer: ISSUER, keys: [publicKeyOf(KEY_ONE)] },
      everySeconds: 5,
      from: { type: 'directory', path: folder },
    }),
  });
  expect(made.status).toBe(201);

  for (const least of [0, 1]) {
    const killed: TestService = service;
    // A little behind the beginning of a segment.
    await until(async () => ((await statusOf(killed)).sequence ?? 0) >= least);
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect((await statusOf(killed)).sequence ?? 0).toBeLessThan(SEGMENTS);
    await killed.kill();
    service = await startService({ env, dataDir });
  }

  const last: TestService = service;
  await until(async () => (await statusOf(last)).sequence === SEGMENTS, 60_000);
  const { counts } = await statusOf(last);
  const { accepted = 0, duplicates = 0, events } = counts;
  expect(events).toBe(SEGMENTS * EVENTS);
  expect(accepted + duplicates).toBe(SEGMENTS * EVENTS);
  const total = async (more: string): Promise<unknown> => {
    const answer = await last.fetch(`/cadf/v1/timeline?${WINDOW}&source=peer${more}`);
    return ((await answer.json()) as { total: unknown }).total;
  };
  await until(async () => (await total('')) === SEGMENTS * EVENTS, 60_000);
  expect(await total('&versions=all')).toBe(SEGMENTS * EVENTS);
}, 120_000);
