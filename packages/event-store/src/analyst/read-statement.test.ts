import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HARMLESS, PIECES, REFUSED, SEEDS } from '../../../../test/contract/sql-attacks.ts';
import { offeredFunction } from './functions.ts';
import { readStatement } from './read-statement.ts';
import { SqlFault } from './sql-fault.ts';

const KEYWORDS = new Set(
  `SELECT DISTINCT ON FROM AS WITH WHERE GROUP BY HAVING WINDOW QUALIFY ORDER ALL LIMIT OFFSET UNION INTERSECT EXCEPT
  ARRAY JOIN LEFT RIGHT FULL INNER CROSS ANY SEMI ANTI ASOF USING AND OR NOT IN IS NULL BETWEEN LIKE ILIKE TRUE FALSE
  true false null CASE WHEN THEN ELSE END CAST INTERVAL EXTRACT EXISTS OVER PARTITION ROWS RANGE UNBOUNDED PRECEDING
  FOLLOWING CURRENT ROW ASC DESC NULLS FIRST LAST FILTER ROLLUP CUBE GROUPING SETS DIV MOD if arrayElement
  MILLISECOND SECOND MINUTE HOUR DAY WEEK MONTH QUARTER YEAR
  tupleElement analyst_events analyst_event_texts Array Nullable Tuple Map LowCardinality String FixedString Bool Date
  Date32 DateTime DateTime64 Decimal UUID IPv4 IPv6 Float32 Float64 Int8 Int16 Int32 Int64 Int128 Int256 UInt8 UInt16
  UInt32 UInt64 UInt128 UInt256`.split(/\s+/),
);

/** What is wrong with a printed statement: read with nothing of the reader's, texts and names taken out first. */
function faultOf(sql: string): string | undefined {
  const bare = sql.replaceAll(/'(?:[^'\\]|\\.)*'/gs, ' ').replaceAll(/`[^`\\]*`/g, ' ');
  const sign = /[^\w\s(),.*+\-/%=<>!|[\]{}:]|--|\/\*/.exec(bare)?.[0];
  if (sign !== undefined) return `the sign ${JSON.stringify(sign)}`;
  for (const [word] of bare.matchAll(/[A-Za-z_]\w*/g)) {
    if (KEYWORDS.has(word) || word.startsWith('analyst_') || /^(?:\d|[eE]$)/.test(word)) continue;
    if (offeredFunction(word) !== word) return `the word ${word}`;
  }
  // After FROM and JOIN only the views, a named query or a bracket.
  return /(?:\bFROM|(?<!ARRAY )\bJOIN)\s+(?!\(|analyst_events\b|analyst_event_texts\b|`query )(\S+)/.exec(
    sql.replaceAll(/'(?:[^'\\]|\\.)*'/gs, "''").replaceAll(/EXTRACT\(\w+ FROM/g, ''),
  )?.[0];
}

function outcomeOf(sql: string): string | undefined {
  try {
    return readStatement(sql).sql;
  } catch (error) {
    expect(error).toBeInstanceOf(SqlFault);
    return undefined;
  }
}

describe('statements of analysts', () => {
  it('are printed anew: names quoted, operations in brackets, events as the view of the scope', () => {
    expect(
      outcomeOf(
        "select Count(*) c, tags[1] from events e /* x */ where not id in ('a') and time > now() - interval 1 day group by 2;",
      ),
    ).toBe(
      "SELECT count(*) AS `c`, arrayElement(`tags`, 1) FROM analyst_events AS `e` WHERE ((NOT (`id` IN ('a'))) AND (`time` > (now() - INTERVAL 1 DAY))) GROUP BY 2",
    );
    expect(outcomeOf('SELECT length(event) FROM events')).toContain('analyst_event_texts');
  });

  it('that are refused are refused', () => {
    for (const sql of REFUSED) expect(outcomeOf(sql), sql).toBeUndefined();
  });

  it('name nothing in what is printed but what is offered, whatever is put together', () => {
    let printed = 0;
    const check = (sql: string): void => {
      const text = outcomeOf(sql);
      if (text === undefined) return;
      printed += 1;
      const fault = faultOf(text);
      if (fault !== undefined) throw new Error(`${JSON.stringify(sql)} gives ${fault} in ${text}`);
    };
    for (const sql of HARMLESS) check(sql);
    const piece = fc.oneof(
      { weight: 4, arbitrary: fc.constantFrom(...PIECES) },
      { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 4 }) },
    );
    const blank = fc.constantFrom(' ', ' ', ' ', '', '\n', '/**/');
    fc.assert(
      fc.property(fc.array(fc.tuple(piece, blank), { maxLength: 20 }), (parts) => {
        check(`SELECT ${parts.map(([text, space]) => text + space).join('')}`);
      }),
      { numRuns: 3000 },
    );
    // Good ones with a piece put in, taken out or replaced.
    fc.assert(
      fc.property(
        fc.constantFrom(...SEEDS),
        fc.array(fc.tuple(fc.nat(1000), fc.nat(2), piece), { minLength: 1, maxLength: 3 }),
        (seed, changes) => {
          const words = seed.split(' ');
          for (const [at, deleted, text] of changes) words.splice(at % (words.length + 1), deleted, text);
          check(words.join(' '));
        },
      ),
      { numRuns: 6000 },
    );
    expect(printed).toBeGreaterThan(300);
  });

  it('are told from each other by types and depth in time', () => {
    expect(() => readStatement(`SELECT ${'-'.repeat(10_000)}1`)).toThrow(SqlFault);
    expect(() => readStatement(`SELECT ${'[ '.repeat(5000)}`)).toThrow(SqlFault);
    expect(() => readStatement(`SELECT ${'(x, '.repeat(5000)}`)).toThrow(SqlFault);
    expect(() => readStatement(`SELECT ${'CASE WHEN '.repeat(3000)}`)).toThrow(SqlFault);
    expect(() => readStatement(`SELECT x::${'Array('.repeat(3000)}`)).toThrow(SqlFault);
    expect(() => readStatement(`${'WITH x AS ('.repeat(3000)}`)).toThrow(SqlFault);
    expect(readStatement(`SELECT ${'1 + '.repeat(4000)}1`).sql).toHaveLength(16_010);
  });
});
