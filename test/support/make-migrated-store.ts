/** A process that makes the tables of an embedded store in the directory named. */
import { createChdbStore } from '@cadf-pipeline/event-store';

const store = createChdbStore({ path: process.argv[2] ?? '' });
await store.migrate();
await store.close();
