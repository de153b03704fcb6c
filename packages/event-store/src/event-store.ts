/** The event store over any engine. */
import { runSql } from './analyst/run-sql.ts';
import type { Engine } from './engine/engine.ts';
import { numberAt, onlyRow } from './engine/rows.ts';
import { closedError } from './engine/store-failure.ts';
import { StoreError } from './errors.ts';
import { createEventWriter } from './event-writer.ts';
import type { EventStore, StoredEvent } from './interface.ts';
import { migrate } from './migrate.ts';
import { readAccepted } from './queries/accepted-events.ts';
import { countEvents, countSourceDays } from './queries/count-events.ts';
import { readBlocks } from './queries/event-blocks.ts';
import { countByTime } from './queries/count-by-time.ts';
import { countByValue } from './queries/count-by-value.ts';
import { findTimeSpan } from './queries/find-time-span.ts';
import { getEvent } from './queries/get-event.ts';
import { joinChains } from './queries/join-chains.ts';
import { countSeverities } from './queries/count-severities.ts';
import { getDeadLetter, listDeadLetters } from './queries/list-dead-letters.ts';
import { listEvents } from './queries/list-events.ts';
import { listTenants } from './queries/list-tenants.ts';
import { listValues } from './queries/list-values.ts';
import { pageEvents } from './queries/page-events.ts';
import { putDeadLetters } from './queries/put-dead-letters.ts';
import { readPositions } from './queries/stored-positions.ts';
import { readTableEnds } from './queries/table-ends.ts';
import { createShapeReader, createStoredRowReader } from './queries/stored-text.ts';
import { createLineWriter } from './queries/write-lines.ts';
import type { StoredRow } from './queries/stored-text.ts';
import { readNextOffsets } from './versions/owned-partitions.ts';

/** Events whose last versions are kept in memory at least: about 300 bytes each. */
const RECENT_KEYS = 100_000;

export function createEventStore(engine: Engine): EventStore {
  const readShapes = createShapeReader(engine);
  const readRows = createStoredRowReader(readShapes);
  const writeLines = createLineWriter(readShapes);
  const writeTexts = createLineWriter(readShapes, { exact: true });
  const writer = createEventWriter(engine, readRows, { recentKeys: RECENT_KEYS });

  let closed = false;

  return {
    kind: engine.kind,
    migrate: () => migrate(engine),
    async nextOffsets(partitions) {
      const stored = await readNextOffsets(engine, partitions);
      return new Map(
        partitions.map((partition) => [
          partition,
          Math.max(stored.get(partition) ?? 0, writer.nextOffset(partition) ?? 0),
        ]),
      );
    },
    async own(partitions) {
      if (closed) throw closedError();
      await writer.own(partitions);
    },
    async insert(records) {
      if (closed) throw closedError();
      return writer.insert(records);
    },
    async events(scope, query, signal) {
      const rows = await pageEvents(engine, readRows, scope, query, signal);
      const joined =
        query.versions === 'all' ? rows : await joinChains(engine, readRows, scope, rows, signal);
      return joined.map(toStoredEvent);
    },
    stream: (scope, query, signal) => readBlocks(engine, { readRows, writeLines }, scope, query, signal),
    positions: (from, limit, signal) => readPositions(engine, from, limit, signal),
    accepted: (scope, query, signal) => readAccepted(engine, writeTexts, scope, query, signal),
    readProgress: (meter) => engine.progress(meter),
    async event(scope, id, options, signal) {
      const rows = await getEvent(engine, readRows, scope, id, options, signal);
      const joined =
        options.versions === 'all' ? rows : await joinChains(engine, readRows, scope, rows, signal);
      return joined.map(toStoredEvent);
    },
    count: (scope, query, signal) => countEvents(engine, scope, query, signal),
    sourceDays: (scope, query, limit, signal) => countSourceDays(engine, scope, query, limit, signal),
    facets: (scope, query, signal) => countByValue(engine, scope, query, signal),
    timeline: (scope, query, signal) => countByTime(engine, scope, query, signal),
    timeSpan: (scope, query, signal) => findTimeSpan(engine, scope, query, signal),
    list: (scope, query, signal) => listEvents(engine, readRows, scope, query, signal),
    values: (scope, query, signal) => listValues(engine, scope, query, signal),
    severities: (scope, group, signal) => countSeverities(engine, scope, group, signal),
    tenantsSeen: (scope, limit, signal) => listTenants(engine, scope, limit, signal),
    sql: (scope, query, signal) => runSql(engine, scope, query, signal),
    snapshot: async () => (await readTableEnds(engine)).next,
    putDeadLetters: (letters) => putDeadLetters(engine, letters),
    deadLetters: (scope, query, signal) => listDeadLetters(engine, scope, query, signal),
    deadLetter: (scope, id) => getDeadLetter(engine, scope, id),
    async stats() {
      const rows = await engine.rows({
        sql: `SELECT sumIf(rows, table = 'events'), sum(bytes_on_disk) FROM system.parts
          WHERE database = currentDatabase() AND active AND table IN ('events', 'shapes')`,
        unbounded: true,
      });
      const row = onlyRow(rows);
      return { rows: numberAt(row, 0), bytes: numberAt(row, 1) };
    },
    async health() {
      try {
        await engine.rows({ sql: 'SELECT 1', unbounded: true });
        return { ok: true, reason: '' };
      } catch (error) {
        return { ok: false, reason: error instanceof StoreError ? error.message : String(error) };
      }
    },
    async close() {
      closed = true;
      await engine.close();
    },
  };
}

function toStoredEvent({ timeMs, partition, offset, source, id, text }: StoredRow): StoredEvent {
  return { timeMs, partition, offset, source, id, text };
}
