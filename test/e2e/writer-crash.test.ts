/**
 * The effect of exactly once, the hard way: the process is killed (SIGKILL) at random moments while events flow,
 * started again on the same data, and in the end what is read is compared with what was sent, id by id.
 * The sender does what a careful client does: a batch without an answer is sent again until it has one.
 */
import { expect, test } from 'vitest';
import { ndjson, testEvent } from '../support/events.ts';
import { startService, until } from '../support/service.ts';
import type { TestService } from '../support/service.ts';

const KILLS = Number(process.env['CADF_TEST_KILLS'] ?? 50);
const EVENTS = Number(process.env['CADF_TEST_CRASH_EVENTS'] ?? 200_000);
const PER_BATCH = 250;
const SENDERS = 3;

test(
  `${EVENTS} events through ${KILLS} kills: none missing, none twice`,
  { timeout: 20 * 60_000 },
  async () => {
    let service: TestService | undefined = await startService({ env: { CADF_LOG_LEVEL: 'error' } });
    const { dataDir } = service;
    const sent = new Set<string>();
    let acknowledged = 0;
    let resent = 0;

    /** As fast as it must be so that events flow during every kill, and no faster. */
    let allowed = 0;

    async function sender(): Promise<void> {
      while (sent.size < EVENTS) {
        if (sent.size >= allowed) {
          await pause(5);
          continue;
        }
        const batch = Array.from({ length: PER_BATCH }, () => testEvent());
        for (const { id } of batch) sent.add(id);
        const body = ndjson(batch);
        while (!(await post(body))) resent++;
        acknowledged += PER_BATCH;
      }
    }

    async function post(body: string): Promise<boolean> {
      const current = service;
      if (current === undefined) {
        await pause(20);
        return false;
      }
      try {
        const response = await current.fetch('/cadf/v1/events', {
          method: 'POST',
          body,
          headers: { 'content-type': 'application/x-ndjson' },
        });
        const answer = (await response.json()) as { rejected?: number };
        if (response.status === 202 && answer.rejected === 0) return true;
      } catch {
        // Killed before it answered: whether it was taken is unknown.
      }
      await pause(20);
      return false;
    }

    const senders = Array.from({ length: SENDERS }, sender);
    for (let kill = 1; kill <= KILLS; kill++) {
      allowed = Math.ceil((EVENTS * kill) / KILLS);
      await pause(Math.random() * 600);
      const killed: TestService = service;
      service = undefined;
      await killed.kill();
      service = await startService({ dataDir, env: { CADF_LOG_LEVEL: 'error' } });
    }
    allowed = EVENTS;
    await Promise.all(senders);

    const running = service;
    await until(
      async () => (await count(running)) >= sent.size,
      60_000,
      () => `not all arrived\n${running.output()}`,
    );
    const seen = new Map<string, number>();
    let path: string | undefined = '/cadf/v1/events?limit=10000&order=asc';
    while (path !== undefined) {
      const page = (await (await running.fetch(path)).json()) as { events: { id: string }[]; next?: string };
      for (const { id } of page.events) seen.set(id, (seen.get(id) ?? 0) + 1);
      path = page.next;
    }
    const missing = [...sent].filter((id) => !seen.has(id));
    const foreign = [...seen.keys()].filter((id) => !sent.has(id));
    const twice = [...seen].filter(([, times]) => times > 1);
    console.log(
      `crash test: ${KILLS} kills, ${sent.size} events sent, ${acknowledged} acknowledged, ${resent} attempts repeated, ` +
        `${seen.size} read; missing ${missing.length}, twice ${twice.length}, foreign ${foreign.length}`,
    );
    expect({ missing, foreign, twice }).toEqual({ missing: [], foreign: [], twice: [] });
    expect(await count(running)).toBe(sent.size);
    expect(await running.stop()).toBe(0);
    running.clean();
  },
);

async function count(service: TestService): Promise<number> {
  const response = await service.fetch('/cadf/v1/count');
  return ((await response.json()) as { count: number }).count;
}

function pause(ms: number): Promise<void> {
  return new Promise((resume) => setTimeout(resume, ms));
}
