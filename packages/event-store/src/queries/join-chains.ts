/** Merged events whose earlier versions have reporter chains of their own. */
import type { Engine } from '../engine/engine.ts';
import { elementTexts, memberSpan, setMember } from '../row/json-member.ts';
import { TEXT_SELECT } from './stored-text.ts';
import type { ReadStoredRows, StoredRow } from './stored-text.ts';

const CHAIN = 'reporterchain';

/**
 * Gives each such row the steps of all versions up to its own, in order, each once. Steps are the same when they say
 * the same, however they are written.
 */
export async function joinChains(
  engine: Engine,
  readRows: ReadStoredRows,
  rows: readonly StoredRow[],
  signal?: AbortSignal,
): Promise<StoredRow[]> {
  const flagged = rows.filter((row) => row.joinChains);
  if (flagged.length === 0) return [...rows];
  const found = await engine.rows(
    {
      sql: `SELECT ${TEXT_SELECT} FROM events
        WHERE has_chain = 1 AND partition IN {partitions: Array(UInt32)} AND id IN {ids: Array(String)}
        ORDER BY partition, offset`,
      params: {
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
