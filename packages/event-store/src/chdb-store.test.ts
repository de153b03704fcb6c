import { describeEventStore } from '../../../test/contract/event-store.ts';
import { chdbBackend } from '../../../test/contract/chdb-backend.ts';
import { createChdbStore } from './chdb-store.ts';

describeEventStore('chDB', () => Promise.resolve(chdbBackend(createChdbStore)));
