/**
 * The leaves of columns: what Parquet writes, one after the other. Values of a leaf come with levels that say where a
 * list goes on and how deep a value is there (parquet-format, README.md, Nested Encoding).
 */
import type { ColumnSource } from 'hyparquet-writer';
import { encodeNestedValues } from 'hyparquet-writer/src/dremel.js';
import { schemaPathResolver } from 'hyparquet-writer/src/schema.js';
import { isMembers } from '@cadf-pipeline/cadf-model';
import { fileSchema } from './column.ts';
import type { Cell, ParquetColumn, SchemaElement } from './column.ts';

type SchemaPath = Parameters<typeof encodeNestedValues>[0];
type Levels = ReturnType<typeof encodeNestedValues>;

export interface LeafColumn {
  /** In the order of the file's columns. */
  readonly columnIndex: number;
  readonly column: ParquetColumn;
  /** From the root to the leaf. */
  readonly path: readonly SchemaElement[];
  /** The values and levels of a row group. */
  readonly levelsOf: (cells: Cell[]) => Levels;
}

export function leavesOf(columns: readonly ParquetColumn[]): LeafColumn[] {
  const resolve = schemaPathResolver(fileSchema(columns));
  return columns.flatMap((column, columnIndex) =>
    leafPaths(resolve([column.name])).map((nodes) => {
      const path = nodes.map(({ element }) => element);
      const isInList = path.some(({ repetition_type: repetition }) => repetition === 'REPEATED');
      const members = path.slice(2).map(({ name }) => name);
      const levelsOf = (cells: Cell[]): Levels =>
        isInList || members.length === 0
          ? encodeNestedValues(nodes, cells as ColumnSource['data'])
          : memberLevels(cells, members);
      return { columnIndex, column, path, levelsOf };
    }),
  );
}

/** As `encodeNestedValues`, of members in groups without lists, all of them optional: three times as fast. */
function memberLevels(cells: readonly Cell[], members: readonly string[]): Levels {
  const values: unknown[] = [];
  const definitionLevels: number[] = [];
  for (const cell of cells) {
    let value: unknown = cell;
    let level = 0;
    while (level < members.length && isMembers(value)) value = value[members[level++] ?? ''];
    const isThere = level === members.length && value !== undefined;
    values.push(isThere ? value : undefined);
    definitionLevels.push(isThere ? level + 1 : level);
  }
  return { values, definitionLevels, repetitionLevels: [], maxDefinitionLevel: members.length + 1 };
}

function leafPaths(path: SchemaPath): SchemaPath[] {
  const children = path.at(-1)?.children ?? [];
  return children.length === 0 ? [path] : children.flatMap((child) => leafPaths([...path, child]));
}
