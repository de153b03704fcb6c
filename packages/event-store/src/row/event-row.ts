/** From the bytes of an event to what its row holds: columns, and its own text as shape and rest. */
import { isUtf8 } from 'node:buffer';
import type { Shape, ShapeSplitter } from '@cadf-pipeline/event-shape';
import { toBinary } from '../native/binary-string.ts';
import { createEmbeddedSearch, embed } from './embedded.ts';
import type { EmbeddedSearch } from './embedded.ts';
import { isRoleName, readEventColumns } from './event-columns.ts';
import { readEventTime } from './event-time.ts';
import type { EventTime } from './event-time.ts';
import { escapeMarks, reference, SEPARATOR } from './references.ts';
import { planOf } from './shape-plan.ts';
import type { ShapePlan, Source } from './shape-plan.ts';
import { columnIndex, TAG_CODES, TEXT_COLUMNS, TIME_CODE } from './text-columns.ts';

/** What is stored of an event. Texts are binary strings. */
export interface EventRow {
  /** In the order of TEXT_COLUMNS. */
  readonly columns: readonly string[];
  readonly observerRef: string;
  readonly time: EventTime;
  readonly tags: readonly string[];
  readonly hasChain: boolean;
  /** Undefined: `rest` is the whole text. */
  readonly shape: Shape | undefined;
  /** The shape's hole values, joined by U+001F, with references to columns. */
  readonly rest: string;
}

/** Why a value has no row. */
export interface Unreadable {
  readonly reason: string;
}

export type ReadEvent = (value: Buffer) => EventRow | Unreadable;

const ID = columnIndex('id');
const REQUEST_PATH = columnIndex('request_path_ref');
// eslint-disable-next-line no-control-regex -- control characters are what it looks for
const CONTROL = /[\0-\x1f]/;

/** `splitter` must serve this reader alone: it is given binary strings. */
export function createEventReader(splitter: ShapeSplitter): ReadEvent {
  const searches = new WeakMap<Shape, EmbeddedSearch[]>();
  const pathSearch = createEmbeddedSearch();

  function read(value: Buffer): EventRow | Unreadable {
    if (!isUtf8(value)) return { reason: 'not UTF-8' };
    const text = value.toString('latin1');
    const split = splitter.split(text);
    if (split === undefined) return readByParsing(value, text, undefined, []);
    const plan = planOf(split.shape);
    if (plan === undefined) return { reason: 'not a JSON object' };
    return (
      readByPlan(plan, split.values, text.includes('\\')) ?? readByParsing(value, text, plan, split.values)
    );
  }

  /** Undefined where the values need more than copying: escapes, numbers written unusually, roles that point elsewhere. */
  function readByPlan(
    plan: ShapePlan,
    values: readonly string[],
    escapes: boolean,
  ): EventRow | Unreadable | undefined {
    const valueOf = (source: Source): string =>
      source.hole < 0 ? source.constant : (values[source.hole] ?? '');
    for (const hole of plan.roleIds) if (isRoleName(values[hole] ?? '')) return undefined;
    for (const hole of plan.numbers) {
      const raw = values[hole] ?? '';
      if (plan.codes[hole] !== 0 && String(Number(raw)) !== raw) return undefined;
    }
    if (escapes && values.some((raw, hole) => plan.codes[hole] !== 0 && raw.includes('\\'))) return undefined;
    const timeText = valueOf(plan.eventTime);
    const time = readEventTime(timeText);
    const fault = faultOf(valueOf(plan.columns[ID] ?? NO_SOURCE), time);
    if (fault !== undefined) return fault;
    const columns = plan.columns.map(valueOf);
    const rest = restOf(plan, values, columns, time, timeText);
    columns[REQUEST_PATH] = embed(columns[REQUEST_PATH] ?? '', columns, time, '', pathSearch);
    return {
      columns,
      observerRef: plan.observerRef,
      time,
      tags: plan.tags.map(valueOf),
      hasChain: plan.hasChain,
      shape: plan.shape,
      rest,
    };
  }

  function restOf(
    plan: ShapePlan,
    values: readonly string[],
    columns: readonly string[],
    time: EventTime,
    timeText: string,
  ): string {
    const places = searchesOf(plan.shape);
    let rest = '';
    for (let hole = 0; hole < values.length; hole++) {
      if (hole > 0) rest += SEPARATOR;
      const code = plan.codes[hole] ?? 0;
      if (code !== 0 && (code !== TIME_CODE || time.form !== '')) rest += reference(code);
      else rest += embed(values[hole] ?? '', columns, time, timeText, places[hole] ?? pathSearch);
    }
    return rest;
  }

  function readByParsing(
    value: Buffer,
    text: string,
    plan: ShapePlan | undefined,
    values: readonly string[],
  ): EventRow | Unreadable {
    let parsed: unknown;
    try {
      parsed = JSON.parse(value.toString('utf8'));
    } catch (error) {
      return { reason: `not JSON: ${error instanceof Error ? error.message : String(error)}` };
    }
    const event = readEventColumns(parsed);
    if (event === undefined) return { reason: 'not a JSON object' };
    const time = readEventTime(event.eventTime);
    const fault = faultOf(event.id, time);
    if (fault !== undefined) return fault;
    const columns = TEXT_COLUMNS.map((column) => toBinary(column.read(event)));
    const tags = event.tags.map(toBinary);
    const offered = columns.map((column) => (CONTROL.test(column) ? '' : column));
    const timeText = toBinary(event.eventTime);
    const requestPath = columns[REQUEST_PATH] ?? '';
    let rest = text;
    if (plan !== undefined) {
      const places = searchesOf(plan.shape);
      rest = values
        .map((raw, hole) => {
          const code = plan.codes[hole] ?? 0;
          if (code !== 0 && raw === columnByCode(code, columns, tags, time, timeText)) return reference(code);
          return embed(raw, offered, time, timeText, places[hole] ?? pathSearch);
        })
        .join(SEPARATOR);
    }
    columns[REQUEST_PATH] = embed(escapeMarks(requestPath), offered, time, '', pathSearch);
    return {
      columns,
      observerRef: event.observer.refersTo,
      time,
      tags,
      hasChain: event.hasChain,
      shape: plan?.shape,
      rest,
    };
  }

  function searchesOf(shape: Shape): EmbeddedSearch[] {
    let places = searches.get(shape);
    if (places === undefined) {
      places = shape.holes.map(createEmbeddedSearch);
      searches.set(shape, places);
    }
    return places;
  }

  return read;
}

const NO_SOURCE: Source = { hole: -1, constant: '' };
const INDEX_BY_CODE = new Map(TEXT_COLUMNS.map((column, index) => [column.code, index]));

function columnByCode(
  code: number,
  columns: readonly string[],
  tags: readonly string[],
  time: EventTime,
  timeText: string,
): string | undefined {
  if (code === TIME_CODE) return time.form === '' ? undefined : timeText;
  const index = INDEX_BY_CODE.get(code);
  return index === undefined ? tags[TAG_CODES.indexOf(code)] : columns[index];
}

function faultOf(id: string, time: EventTime): Unreadable | undefined {
  if (id === '') return { reason: 'no id' };
  return Number.isNaN(time.ms) ? { reason: 'eventTime is missing or no timestamp' } : undefined;
}
