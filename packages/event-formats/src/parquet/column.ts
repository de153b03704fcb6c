/** Columns of Parquet files: how the file's schema names them (parquet-format, LogicalTypes.md), and what they hold. */
import type { ParquetWriter } from 'hyparquet-writer';

export type SchemaElement = ConstructorParameters<typeof ParquetWriter>[0]['schema'][number];

/**
 * What a cell can hold; undefined is NULL. Integers of 64 bits are bigint, bytes stand for text in UTF-8, arrays are lists.
 * Other objects are groups: their members have the names of the group's columns.
 */
export type Cell = string | number | bigint | Readonly<object> | undefined;

export interface ParquetColumn {
  readonly name: string;
  /** The column's own element and, for groups and lists, all below it, depth first. */
  readonly elements: readonly SchemaElement[];
  /** How values are written where it is known beforehand that no dictionary pays; else each row group decides. */
  readonly encoding?: 'PLAIN';
  /** False: no least and greatest value per row group. */
  readonly statistics?: false;
}

type Need = 'OPTIONAL' | 'REQUIRED';

/** Text in UTF-8. */
export function textColumn(name: string, need: Need = 'OPTIONAL'): ParquetColumn {
  return { name, elements: [textElement(name, need)] };
}

/** Text of which hardly two are equal, such as ids: no dictionary and no statistics are of use. */
export function distinctTextColumn(name: string, need: Need = 'OPTIONAL'): ParquetColumn {
  return { ...textColumn(name, need), encoding: 'PLAIN', statistics: false };
}

/** Microseconds or milliseconds since 1970 UTC, as bigint. */
export function timeColumn(name: string, unit: 'MICROS' | 'MILLIS', need: Need = 'OPTIONAL'): ParquetColumn {
  const element: SchemaElement = {
    name,
    type: 'INT64',
    repetition_type: need,
    converted_type: unit === 'MICROS' ? 'TIMESTAMP_MICROS' : 'TIMESTAMP_MILLIS',
    logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit },
  };
  return { name, elements: [element] };
}

/** A signed integer of 32 bits. */
export function integerColumn(name: string, need: Need = 'OPTIONAL'): ParquetColumn {
  return { name, elements: [{ name, type: 'INT32', repetition_type: need }] };
}

/** A signed integer of 64 bits, as bigint. */
export function longColumn(name: string, need: Need = 'OPTIONAL'): ParquetColumn {
  return { name, elements: [{ name, type: 'INT64', repetition_type: need }] };
}

/** A list of such texts: one without elements is an empty list. */
export function textListColumn(name: string): ParquetColumn {
  return listColumn(name, [textElement('element', 'REQUIRED')]);
}

/** A list of groups. */
export function groupListColumn(name: string, members: readonly ParquetColumn[]): ParquetColumn {
  return listColumn(name, groupElements('element', 'REQUIRED', members));
}

/** A group of named members: cells are objects. Its leaves have no statistics. */
export function groupColumn(name: string, members: readonly ParquetColumn[]): ParquetColumn {
  return { name, elements: groupElements(name, 'OPTIONAL', members), statistics: false };
}

/** The schema of a file of these columns. */
export function fileSchema(columns: readonly ParquetColumn[]): SchemaElement[] {
  return [{ name: 'root', num_children: columns.length }, ...columns.flatMap(({ elements }) => elements)];
}

/** The three levels of a list (Parquet, LogicalTypes.md, "Lists"). */
function listColumn(name: string, element: readonly SchemaElement[]): ParquetColumn {
  return {
    name,
    elements: [
      {
        name,
        repetition_type: 'OPTIONAL',
        num_children: 1,
        converted_type: 'LIST',
        logical_type: { type: 'LIST' },
      },
      { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
      ...element,
    ],
  };
}

function textElement(name: string, need: Need): SchemaElement {
  return {
    name,
    type: 'BYTE_ARRAY',
    repetition_type: need,
    converted_type: 'UTF8',
    logical_type: { type: 'STRING' },
  };
}

function groupElements(name: string, need: Need, members: readonly ParquetColumn[]): SchemaElement[] {
  return [
    { name, repetition_type: need, num_children: members.length },
    ...members.flatMap(({ elements }) => elements),
  ];
}
