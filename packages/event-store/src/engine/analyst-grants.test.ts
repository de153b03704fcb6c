import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testEvent } from '../../../../test/support/events.ts';
import { record } from '../../../../test/contract/store-suite.ts';
import { createEventStore } from '../event-store.ts';
import type { EventStore } from '../interface.ts';
import { openChdbEngine } from './chdb-engine.ts';
import type { Engine } from './engine.ts';
import { DEFAULT_QUERY_LIMITS } from './query-limits.ts';

let path: string;
let engine: Engine;
let store: EventStore;

beforeAll(async () => {
  path = mkdtempSync(join(tmpdir(), 'cadf <grants> & "more"-'));
  engine = openChdbEngine({ path, limits: DEFAULT_QUERY_LIMITS, readers: 2, maxEngineMemoryBytes: 1e9 });
  store = createEventStore(engine);
  await store.migrate();
  await store.own([0]);
  await store.insert([
    record(0, testEvent({ id: 'a' }), { tenants: ['tenant-a'] }),
    record(1, testEvent({ id: 'b' }), { tenants: ['tenant-b'] }),
  ]);
});
afterAll(async () => {
  await store.close();
  rmSync(path, { recursive: true, force: true });
});

const SCOPE = '0,9000000000000,\x1ftenant-a\x1f';

async function asAnalyst(sql: string): Promise<string> {
  const answer = await engine.analyst({ sql, settings: { query_cache_tag: SCOPE } }, 100_000);
  return answer.toString();
}

/** What the grants of the engine hold by themselves, were a statement to get past its reader. */
describe('a session of analysts, whatever statement it is given,', () => {
  it('reads its views within the scope it was made with', async () => {
    expect(await asAnalyst('SELECT id FROM analyst_events')).toBe('["id"]\n["String"]\n["a"]\n');
    expect(await asAnalyst("SELECT id FROM analyst_event_texts WHERE event != ''")).toContain('["a"]');
  });

  it.each([
    'SELECT * FROM events',
    'SELECT * FROM dead_letters',
    'SELECT * FROM shapes',
    'SELECT * FROM migrations',
    'SELECT * FROM event_texts',
    'SELECT id IN (SELECT id FROM events) FROM analyst_events',
    'SELECT id IN events FROM analyst_events',
    'WITH x AS (SELECT * FROM events) SELECT * FROM x',
    'SELECT * FROM view(SELECT * FROM events)',
    'SELECT * FROM (EXPLAIN SELECT * FROM events)',
    "SELECT * FROM merge('default', '^events$')",
    "SELECT * FROM mergeTreeIndex('default', 'events')",
    "SELECT * FROM remote('127.0.0.1', 'default', 'events')",
    "SELECT * FROM loop('default', 'events')",
    "SELECT hasColumnInTable('default', 'events', 'id')",
    "SELECT * FROM file('/etc/hostname', 'LineAsString')",
    "SELECT * FROM url('http://127.0.0.1:1/', 'LineAsString')",
    "SELECT * FROM executable('id', 'CSV', 'a String')",
    'SHOW CREATE TABLE events',
    'USE system',
    "SELECT * FROM analyst_events SETTINGS query_cache_tag = '0,9000000000000,*'",
    "SET query_cache_tag = '0,9000000000000,*'",
    'SET readonly = 0',
    'SET max_memory_usage = 0',
    'INSERT INTO events (id) VALUES (1)',
    "INSERT INTO FUNCTION file('x.csv') SELECT 1",
    'ALTER TABLE events DELETE WHERE 1',
    'DROP TABLE events',
    'DROP VIEW analyst_events',
    'TRUNCATE TABLE events',
    'CREATE TABLE x (a UInt8) ENGINE = Memory',
    'CREATE TEMPORARY TABLE x (a UInt8)',
    'CREATE FUNCTION f AS x -> x',
    'CREATE USER mallory',
    'GRANT ALL ON *.* TO default',
    'SYSTEM FLUSH LOGS',
    "BACKUP TABLE events TO File('x')",
    'EXECUTE AS default SELECT * FROM events',
    'SELECT count() FROM system.users',
  ])('is refused %s', async (sql) => {
    await expect(asAnalyst(sql)).rejects.toThrow();
    expect(await store.count({ tenants: '*' }, {})).toBe(2);
  });

  it('leaves no setting and no right behind', async () => {
    await asAnalyst('SELECT 1');
    expect(
      await engine.rows({ sql: "SELECT getSetting('query_cache_tag'), getSetting('readonly')" }),
    ).toEqual([['', 0]]);
    expect(await engine.rows({ sql: 'SELECT count() FROM events' })).toEqual([[2]]);
  });

  it('sees nothing where no scope was set', async () => {
    const answer = await engine.analyst({ sql: 'SELECT count() FROM analyst_events' }, 1000);
    expect(answer.toString()).toContain('[0]');
  });

  it('is asked no condition of rows beyond its scope, not even to fail on them', async () => {
    for (const condition of [
      'throwIf(empty(tenants))',
      "throwIf(id = 'b')",
      "intDiv(1, id != 'b') = 2",
      "toUInt8(if(id = 'b', 'x', '1')) = 2",
    ])
      expect(await asAnalyst(`SELECT count() FROM analyst_events WHERE ${condition}`), condition).toContain(
        '[0]',
      );
  });
});
