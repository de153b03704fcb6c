/** A store of ten million events to ask, made once and kept where it is asked to be kept. */
import { createHash } from 'node:crypto';
import { existsSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { createChdbStore } from '@cadf-pipeline/event-store';
import type { StoreRecord } from '@cadf-pipeline/event-store';
import { mixedEvents } from './mixed-events.ts';

export const START_MS = Date.UTC(2026, 7, 1);
export const DAYS = 90;
export const TENANTS = 200;

/** One that a service's own stream never has: its writer leaves these rows alone. */
const PARTITION = 1000;
const BLOCK_EVENTS = 20_000;

/** Fills `folder`/store unless that was done before. */
export async function prepareStore(folder: string, events: number): Promise<void> {
  const path = join(folder, 'store');
  if (existsSync(path)) return;
  const unfinished = join(folder, `filling-${process.pid}`);
  const store = createChdbStore({ path: unfinished });
  await store.migrate();
  await store.own([PARTITION]);
  let block: StoreRecord[] = [];
  let offset = 0;
  for (const { source, sourceType, tenant, text, timeMs } of mixedEvents({
    seed: 7,
    events,
    startMs: START_MS,
    days: DAYS,
    tenants: TENANTS,
  })) {
    const value = Buffer.from(text);
    block.push({
      partition: PARTITION,
      offset: offset++,
      receivedMs: timeMs + 300,
      source,
      sourceType,
      submitter: 'bench',
      profile: 'openstack',
      tenants: [tenant],
      digest: createHash('sha256').update(value).digest('hex'),
      value,
    });
    if (block.length < BLOCK_EVENTS) continue;
    await store.insert(block);
    block = [];
  }
  if (block.length > 0) await store.insert(block);
  await store.close();
  renameSync(unfinished, path);
}
