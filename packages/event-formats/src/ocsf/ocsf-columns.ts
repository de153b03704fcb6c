/** The attributes of OCSF as columns of Parquet: objects are groups, arrays are lists. */
import type { ReadEvent } from '../event-lines.ts';
import {
  distinctTextColumn,
  groupColumn,
  groupListColumn,
  integerColumn,
  longColumn,
  textColumn,
  textListColumn,
} from '../parquet/column.ts';
import type { Cell, ParquetColumn } from '../parquet/column.ts';
import { ATTRIBUTES } from './attributes.ts';
import type { Attributes, AttributeType } from './attributes.ts';
import { toOcsfEvent } from './ocsf-event.ts';

/** In the order of the cells. */
export const OCSF_COLUMNS: readonly ParquetColumn[] = columnsOf(ATTRIBUTES);

const NAMES = Object.keys(ATTRIBUTES);

export function readOcsfCells(given: ReadEvent, cells: Cell[]): void {
  const event = toOcsfEvent(given);
  // Integers of 64 bits are bigint in Parquet, and the text need not be encoded again.
  const row: Readonly<Record<string, Cell>> = {
    ...event,
    type_uid: BigInt(event.type_uid),
    time: BigInt(event.time),
    metadata: { ...event.metadata, logged_time: BigInt(event.metadata.logged_time) },
    raw_data: given.text,
  };
  for (let index = 0; index < NAMES.length; index++) cells[index] = row[NAMES[index] ?? ''];
}

function columnsOf(attributes: Attributes): ParquetColumn[] {
  return Object.entries(attributes).map(([name, type]) => columnOf(name, type));
}

function columnOf(name: string, type: AttributeType): ParquetColumn {
  switch (type) {
    case 'text':
      return textColumn(name);
    case 'distinct':
      return distinctTextColumn(name);
    case 'texts':
      return textListColumn(name);
    case 'integer':
      return integerColumn(name);
    case 'long':
      return longColumn(name);
    default:
      return isList(type) ? groupListColumn(name, columnsOf(type[0])) : groupColumn(name, columnsOf(type));
  }
}

function isList(type: Attributes | readonly [Attributes]): type is readonly [Attributes] {
  return Array.isArray(type);
}
