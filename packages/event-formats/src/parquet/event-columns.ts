/**
 * The columns of events in Parquet files. They have the names of the table of analysts (docs/sql.md), and more of them.
 * A column has the text at one place of the event; numbers and booleans there are written as JSON writes them. NULL:
 * the event has nothing there, or a list or an object.
 *
 * The three roles take their columns from the resource they mean (`resolveRole`).
 */
import { isMembers, resolveRole } from '@cadf-pipeline/cadf-model';
import type { Members, RoleName } from '@cadf-pipeline/cadf-model';
import type { EventFacts } from '../event-format.ts';
import {
  distinctTextColumn,
  documentColumn,
  integerColumn,
  longColumn,
  textColumn,
  textListColumn,
  timeColumn,
} from './column.ts';
import type { Cell, ParquetColumn } from './column.ts';
import { timestampMicros } from './time-micros.ts';

interface EventColumn extends ParquetColumn {
  readonly read: (row: EventToWrite) => Cell;
}

/** An event and what is known of it. */
interface EventToWrite {
  readonly event: Members;
  readonly facts: EventFacts;
  readonly line: Uint8Array;
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
    read: ({ facts }) => BigInt(Math.trunc(facts.receivedMs)),
  },
  { ...textColumn('source', 'REQUIRED'), read: ({ facts }) => facts.source },
  { ...integerColumn('partition', 'REQUIRED'), read: ({ facts }) => facts.partition },
  { ...longColumn('offset', 'REQUIRED'), read: ({ facts }) => BigInt(facts.offset) },
  { ...distinctTextColumn('id'), read: ({ event }) => textOf(event['id']) },
  ...OWN.map((name) => ({ ...textColumn(name), read: ({ event }: EventToWrite) => textOf(event[name]) })),
  ...REASON.map((name) => ({
    ...textColumn(name),
    read: ({ reason }: EventToWrite) => textOf(reason[name]),
  })),
  ...roleColumns('initiator'),
  ...roleColumns('target'),
  ...roleColumns('observer'),
  { ...textListColumn('tags'), read: ({ event }) => tagsOf(event) },
  { ...documentColumn('event'), read: ({ line }) => line },
];

/** The columns in the order of the cells. */
export const EVENT_COLUMNS: readonly ParquetColumn[] = COLUMNS;

/** Fills `cells` with those of an event. What is no JSON object has its line and the facts only. */
export function readEventCells(line: Uint8Array, parsed: unknown, facts: EventFacts, cells: Cell[]): void {
  const event = isMembers(parsed) ? parsed : NONE;
  const row: EventToWrite = {
    event,
    facts,
    line,
    reason: membersOf(event['reason']),
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
      read: (row: EventToWrite) => textOf(row[role][member]),
    })),
    ...HOST.map(([suffix, member]) => ({
      ...textColumn(`${role}${suffix}`),
      read: (row: EventToWrite) => textOf(membersOf(row[role]['host'])[member]),
    })),
  ];
}

function roleOf(event: Members, role: RoleName): Members {
  return membersOf(resolveRole(event, role).resource);
}

function membersOf(value: unknown): Members {
  return isMembers(value) ? value : NONE;
}

function timeOf(event: Members): bigint | undefined {
  const text = event['eventTime'];
  return typeof text === 'string' ? timestampMicros(text) : undefined;
}

function tagsOf(event: Members): readonly string[] | undefined {
  const tags: unknown = event['tags'];
  return Array.isArray(tags) ? tags.filter((tag): tag is string => typeof tag === 'string') : undefined;
}

function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}
