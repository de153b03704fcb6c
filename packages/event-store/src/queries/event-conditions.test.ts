import { expect, it } from 'vitest';
import { addEventQuery, addScope, createConditions } from './event-conditions.ts';

const TENANT = '(multiSearchAny(tenant_set, {store_tenants_0: Array(String)}))';

it('different values of a column are looked for among the events that scope and time leave', () => {
  const conditions = createConditions();
  addScope(conditions, { tenants: ['a'] }, undefined);
  const sql = 'action IN (SELECT DISTINCT action FROM events WHERE 1 /* among */)';
  addEventQuery(conditions, { fromMs: 5, where: { sql, params: {} } });
  const time = "(event_time >= fromUnixTimestamp64Milli({store_from: Int64}, 'UTC'))";
  expect(conditions.sql()).toBe(
    `${TENANT} AND ${time} AND (action IN (SELECT DISTINCT action FROM events WHERE ${TENANT} AND ${time}))`,
  );
});

it('texts are asked only where some of the events meant are undecided', () => {
  const conditions = createConditions();
  addScope(conditions, { tenants: ['a'] }, undefined);
  const text = { decided: 'yes', undecided: 'maybe', stages: [], sql: 'asked' };
  addEventQuery(conditions, { where: { sql: 'possible', params: {}, text } });
  const some = `(SELECT count() FROM (SELECT 1 FROM events WHERE ${TENANT} AND maybe LIMIT 1)) > 0`;
  const sql = conditions.sql();
  expect(sql).toContain(`(NOT ${some} OR (possible)) AND ((yes) OR (${some} AND (partition, offset) IN (`);
  expect(sql).toContain(`FROM events WHERE ${TENANT} AND maybe AND (possible) AND NOT (yes)`);
});

it('parameters of a condition cannot take names of the store', () => {
  const where = { sql: 'x', params: { store_from: 1 } };
  expect(() => addEventQuery(createConditions(), { where })).toThrow(RangeError);
});
