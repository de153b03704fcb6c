/** A process of its own that inserts blocks for ever and prints each next offset that was acknowledged, one per line. */
import { writeSync } from 'node:fs';
import { createChdbStore, createClickHouseStore } from '@cadf-pipeline/event-store';
import type { ClickHouseStoreOptions, EventStore } from '@cadf-pipeline/event-store';
import { insertedEvent } from './inserted-event.ts';
import { record } from './store-suite.ts';

interface Setup {
  readonly path?: string;
  readonly server?: ClickHouseStoreOptions;
  readonly blockRows: number;
  /** Blocks to insert; then it ends. Undefined: until it is killed. */
  readonly blocks?: number;
}

const setup: Setup = JSON.parse(process.argv[2] ?? '{}');
const store = open();
await store.migrate();
await store.own([0]);
let next = (await store.nextOffsets([0])).get(0) ?? 0;
for (let block = 0; setup.blocks === undefined || block < setup.blocks; block++) {
  const records = Array.from({ length: setup.blockRows }, (_, i) =>
    record(next + i, insertedEvent(next + i)),
  );
  await store.insert(records);
  next += records.length;
  // Synchronous, so that the line is out before anything else happens.
  writeSync(1, `${next}\n`);
}
await store.close();

function open(): EventStore {
  if (setup.server !== undefined) return createClickHouseStore(setup.server);
  return createChdbStore({ path: setup.path ?? '' });
}
