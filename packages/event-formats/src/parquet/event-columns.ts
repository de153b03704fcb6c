/**
 * The columns of events in Parquet files. They have the names of the table of analysts (docs/sql.md), and more of them.
 * A column has the text at one place of the event; numbers and booleans there are written as JSON writes them. NULL:
 * the event has nothing there, or a list or an object.
 *
 * The three roles take their columns from the resource they mean (`resolveRole`).
 */
import { isMembers } from '@cadf-pipeline/cadf-model';
import type { Members, RoleName } from '@cadf-pipeline/cadf-model';
import type { ReadEvent } from '../event-lines.ts';
import { membersOf, roleOf, textOf } from '../event-parts.ts';
import {
  distinctTextColumn,
  integerColumn,
  longColumn,
  textColumn,
  textListColumn,
  timeColumn,
} from './column.ts';
import type { Cell, ParquetColumn } from './column.ts';
import { timestampMicros } from './time-micros.ts';

interface EventColumn extends ParquetColumn {
  readonly read: (row: EventRow) => Cell;
}

/** An event, and its parts that have columns. */
interface EventRow {
  readonly given: ReadEvent;
  readonly event: Members;
  readonly reason: Members;
  readonly initiator: Members;
  readonly target: Members;
  readonly observer: Members;
}

const NONE: Members = {};

const OWN = ['eventType', 'action', 'outcome', 'severity', 'name', 'requestPath'] as const;
const REASON = ['reasonType', 'reasonCode', 'policyType', 'policyId'] as const;
const ROLE = [
  ['Id', 'id'],
  ['Type', 'typeURI'],
  ['Name', 'name'],
  ['Project', 'project_id'],
  ['Domain', 'domain'],
] as const;
const HOST = [
  ['Address', 'address'],
  ['Agent', 'agent'],
] as const;

const COLUMNS: readonly EventColumn[] = [
  { ...timeColumn('time', 'MICROS'), read: ({ event }) => timeOf(event) },
  {
    ...timeColumn('received', 'MILLIS', 'REQUIRED'),
    read: ({ given }) => BigInt(given.receivedMs),
  },
  { ...textColumn('source', 'REQUIRED'), read: ({ given }) => given.source },
  { ...integerColumn('partition', 'REQUIRED'), read: ({ given }) => given.partition },
  { ...longColumn('offset', 'REQUIRED'), read: ({ given }) => BigInt(given.offset) },
  { ...distinctTextColumn('id'), read: ({ event }) => textOf(event, 'id') },
  ...OWN.map((name) => ({ ...textColumn(name), read: ({ event }: EventRow) => textOf(event, name) })),
  ...REASON.map((name) => ({
    ...textColumn(name),
    read: ({ reason }: EventRow) => textOf(reason, name),
  })),
  ...roleColumns('initiator'),
  ...roleColumns('target'),
  ...roleColumns('observer'),
  { ...textListColumn('tags'), read: ({ event }) => tagsOf(event) },
  { ...distinctTextColumn('event', 'REQUIRED'), read: ({ given }) => given.text },
];

/** The columns in the order of the cells. */
export const EVENT_COLUMNS: readonly ParquetColumn[] = COLUMNS;

/** Fills `cells`. What is no JSON object has its text and the facts only. */
export function readEventCells(given: ReadEvent, cells: Cell[]): void {
  const event = isMembers(given.event) ? given.event : NONE;
  const row: EventRow = {
    given,
    event,
    reason: membersOf(event, 'reason'),
    initiator: roleOf(event, 'initiator'),
    target: roleOf(event, 'target'),
    observer: roleOf(event, 'observer'),
  };
  for (let index = 0; index < COLUMNS.length; index++) cells[index] = COLUMNS[index]?.read(row);
}

function roleColumns(role: RoleName): EventColumn[] {
  return [
    ...ROLE.map(([suffix, member]) => ({
      ...textColumn(`${role}${suffix}`),
      read: (row: EventRow) => textOf(row[role], member),
    })),
    ...HOST.map(([suffix, member]) => ({
      ...textColumn(`${role}${suffix}`),
      read: (row: EventRow) => textOf(membersOf(row[role], 'host'), member),
    })),
  ];
}

function timeOf(event: Members): bigint | undefined {
  const text = event['eventTime'];
  return typeof text === 'string' ? timestampMicros(text) : undefined;
}

function tagsOf(event: Members): readonly string[] | undefined {
  const tags: unknown = event['tags'];
  return Array.isArray(tags) ? tags.filter((tag): tag is string => typeof tag === 'string') : undefined;
}
