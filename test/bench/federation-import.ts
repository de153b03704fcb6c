/** How fast signed segments of a directory are imported: into the stream alone, and until their events can be asked for. */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { publicKeyOf } from '@cadf-pipeline/federation';
import { ISSUER, KEY_ONE } from '../../packages/federation/src/chain.test-support.ts';
import { startService } from '../support/service.ts';
import type { TestService } from '../support/service.ts';
import { writeChain } from './federation-chain.ts';
import { cpuSeconds } from './process-figures.ts';
import { printSection } from './report.ts';
import type { Figure } from './report.ts';

interface Import {
  readonly status: {
    readonly state: string;
    readonly fault?: object;
    readonly counts: { readonly events: number; readonly accepted: number };
  };
}

const EVERY_MS = 50;
const LONGEST_MS = 120_000;

export async function benchImport(temporary: string, wanted: number): Promise<void> {
  const folder = join(temporary, 'imported');
  const events = await writeChain(folder, wanted, 'gzip');
  const figures: Figure[] = [];
  for (const { name, roles } of [
    { name: 'import role without the writer', roles: 'http,import' },
    { name: 'embedded, all roles', roles: undefined },
  ]) {
    const service = await startService({
      env: {
        CADF_LOG_LEVEL: 'warn',
        CADF_IMPORT_DIRECTORIES: folder,
        ...(roles === undefined ? {} : { CADF_INGEST_ROLES: roles }),
      },
    });
    try {
      const pid = service.process.pid ?? 0;
      const cpu = cpuSeconds(pid);
      const started = performance.now();
      const since = (): number => (performance.now() - started) / 1000;
      await ask(service, '/cadf/v1/imports', {
        id: 'bench',
        keys: { issuer: ISSUER, keys: [publicKeyOf(KEY_ONE)] },
        from: { type: 'directory', path: folder },
      });
      await reached(events, async () => {
        const { status } = (await ask(service, '/cadf/v1/imports/bench')) as Import;
        if (status.fault !== undefined) throw new Error(JSON.stringify(status.fault));
        return status.counts.accepted;
      });
      figures.push({ question: `${name}: into the stream`, value: events / since(), unit: 'events/s' });
      if (roles === undefined) {
        await reached(
          events,
          async () =>
            ((await ask(service, '/cadf/v1/count?source=bench')) as { readonly count: number }).count,
        );
        figures.push({ question: `${name}: until queryable`, value: events / since(), unit: 'events/s' });
      }
      figures.push({
        question: `${name}: CPU`,
        value: cpuSeconds(pid) - cpu,
        unit: `s in ${since().toFixed(1)} s`,
      });
    } finally {
      await service.stop();
      service.clean();
    }
  }
  printSection(
    'Import',
    `${events.toLocaleString('en-US')} events of 1.2 KB in five gzip segments of a directory; from the request on, verification included.`,
    figures,
  );
}

/** GET, or POST of what is given. Throws with the answer where it is refused. */
export async function ask(service: TestService, path: string, body?: object): Promise<unknown> {
  const response = await service.fetch(
    path,
    body === undefined
      ? {}
      : { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } },
  );
  const answer: unknown = await response.json();
  if (!response.ok) throw new Error(`${path}: ${response.status} ${JSON.stringify(answer)}`);
  return answer;
}

/** Waits until a count is there. */
export async function reached(wanted: number, count: () => Promise<number>): Promise<void> {
  const deadline = performance.now() + LONGEST_MS;
  for (let is = await count(); is < wanted; is = await count()) {
    if (performance.now() > deadline) throw new Error(`${is} of ${wanted} after ${LONGEST_MS} ms`);
    await sleep(EVERY_MS);
  }
}
