/** Merged events whose earlier versions have reporter chains of their own. */
import type { Engine } from '../engine/engine.ts';
import type { Scope } from '../interface.ts';
import { elementTexts, memberSpan, setMember } from '../row/json-member.ts';
import { addScope, createConditions } from './event-conditions.ts';
import { TEXT_SELECT } from './stored-text.ts';
import type { ReadStoredRows, StoredRow } from './stored-text.ts';

const CHAIN = 'reporterchain';

/**
 * Gives each such row the steps of all versions up to its own, in order, each once. Steps are the same when they say
 * the same, however they are written. A version outside the scope adds nothing: its steps are another tenant's.
 */
export async function joinChains(
  engine: Engine,
  readRows: ReadStoredRows,
  scope: Scope,
  rows: readonly StoredRow[],
  signal?: AbortSignal,
): Promise<StoredRow[]> {
  const flagged = rows.filter((row) => row.joinChains);
  const conditions = createConditions();
  if (flagged.length === 0 || !addScope(conditions, scope, undefined)) return [...rows];
  const found = await engine.rows(
    {
      sql: `SELECT ${TEXT_SELECT} FROM events
        WHERE has_chain = 1 AND partition IN {partitions: Array(UInt32)} AND id IN {ids: Array(String)}
          AND ${conditions.sql()}
        ORDER BY partition, offset`,
      params: {
        ...conditions.params,
        partitions: [...new Set(flagged.map((row) => row.partition))],
        ids: [...new Set(flagged.map((row) => row.id))],
      },
    },
    signal,
  );
  const versions = Map.groupBy(await readRows(found, signal), keyOf);
  return rows.map((row) => (row.joinChains ? joined(row, versions.get(keyOf(row)) ?? []) : row));
}

function joined(row: StoredRow, versions: readonly StoredRow[]): StoredRow {
  // With nothing to join, the text stays as it was received.
  if (!versions.some(({ offset }) => offset < row.offset)) return row;
  const steps = new Map<string, string>();
  for (const { offset, text } of versions) {
    if (offset > row.offset) continue;
    const span = memberSpan(text, CHAIN);
    if (span === undefined || text[span.start] !== '[') continue;
    for (const step of elementTexts(text, span)) {
      const meaning = canonical(JSON.parse(step));
      if (!steps.has(meaning)) steps.set(meaning, step);
    }
  }
  return { ...row, text: setMember(row.text, CHAIN, `[${[...steps.values()].join(',')}]`) };
}

function keyOf({ partition, source, id }: StoredRow): string {
  return `${partition}/${source}/${id}`;
}

/** The value's JSON with the members of objects in order. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, member: unknown) =>
    typeof member === 'object' && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)))
      : member,
  );
}
