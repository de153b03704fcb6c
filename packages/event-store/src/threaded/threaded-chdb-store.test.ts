import { describeEventStore } from '../../../../test/contract/event-store.ts';
import { chdbBackend } from '../../../../test/contract/chdb-backend.ts';
import { createThreadedChdbStore } from './threaded-chdb-store.ts';

describeEventStore('chDB with a writing thread', () => Promise.resolve(chdbBackend(createThreadedChdbStore)));
