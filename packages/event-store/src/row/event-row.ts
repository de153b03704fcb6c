/** From the bytes of an event to what its row holds: columns, and its own text as shape and rest. */
import { isUtf8 } from 'node:buffer';
import { isRoleName } from '@cadf-pipeline/cadf-model';
import type { RoleName } from '@cadf-pipeline/cadf-model';
import type { Shape, ShapeSplitter } from '@cadf-pipeline/event-shape';
import { toBinary } from '../native/binary-string.ts';
import { createEmbeddedSearch, embed } from './embedded.ts';
import { readEventColumns } from './event-columns.ts';
import { readEventTime } from './event-time.ts';
import type { EventTime } from './event-time.ts';
import { odditiesOf, odditiesOfText } from './oddities.ts';
import { escapeMarks, reference, SEPARATOR } from './references.ts';
import { planOf } from './shape-plan.ts';
import type { ShapePlan } from './shape-plan.ts';
import { columnIndex, TAG_CODES, TEXT_COLUMNS, TIME_CODE } from './text-columns.ts';

/** What is stored of an event. Texts are binary strings. */
export interface EventRow {
  readonly reason?: undefined;
  /** In the order of TEXT_COLUMNS. */
  readonly columns: readonly string[];
  readonly observerRef: RoleName | '';
  readonly time: EventTime;
  readonly tags: readonly string[];
  readonly hasChain: boolean;
  /** `odd` and `moreWords` are those of `oddities.ts`. */
  readonly odd: number;
  readonly moreWords: string;
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
const LONGEST_ROLE_NAME = 9;
// eslint-disable-next-line no-control-regex -- control characters are what it looks for
const CONTROL = /[\0-\x1f]/;

/** `splitter` must serve this reader alone: it is given binary strings. */
export function createEventReader(splitter: ShapeSplitter): ReadEvent {
  const pathSearch = createEmbeddedSearch();

  function read(value: Buffer): EventRow | Unreadable {
    if (!isUtf8(value)) return { reason: 'not UTF-8' };
    const text = value.toString('latin1');
    const split = splitter.split(text);
    if (split === undefined) return readByParsing(value, text, undefined, []);
    const plan = planOf(split.shape);
    if (plan === undefined) return { reason: 'not a JSON object' };
    const { values } = split;
    return needsParsing(plan, values, text)
      ? readByParsing(value, text, plan, values)
      : readByPlan(plan, values);
  }

  function readByPlan(plan: ShapePlan, values: readonly string[]): EventRow | Unreadable {
    const { eventTime } = plan;
    const timeText = eventTime.hole < 0 ? eventTime.constant : (values[eventTime.hole] ?? '');
    const time = readEventTime(timeText);
    const columns: string[] = [];
    let { odd } = plan;
    for (const { hole, constant } of plan.columns) {
      const text = hole < 0 ? constant : (values[hole] ?? '');
      columns.push(text);
      if (hole >= 0 && text === '') odd = true;
    }
    const fault = faultOf(columns[ID] ?? '', time);
    if (fault !== undefined) return fault;
    const rest =
      time.form === ''
        ? restByHole(plan, values, columns, time)
        : restByPlan(plan, values, columns, time, timeText);
    const path = columns[REQUEST_PATH] ?? '';
    if (path !== '') columns[REQUEST_PATH] = embed(escapeMarks(path), columns, time, '', pathSearch);
    return {
      columns,
      observerRef: plan.observerRef,
      time,
      tags: plan.tags.map((tag) => (tag.hole < 0 ? tag.constant : (values[tag.hole] ?? ''))),
      hasChain: plan.hasChain,
      ...odditiesOf(odd, plan, values, rest, columns[REQUEST_PATH] ?? '', path),
      shape: plan.shape,
      rest,
    };
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
    const requestPath = columns[REQUEST_PATH] ?? '';
    let rest = text;
    if (plan !== undefined) {
      const timeText = toBinary(event.eventTime);
      const columnOf = (code: number): string | undefined => {
        if (code === TIME_CODE) return time.form === '' ? undefined : timeText;
        const index = INDEX_BY_CODE.get(code);
        return index === undefined ? tags[TAG_CODES.indexOf(code)] : columns[index];
      };
      rest = values
        .map((raw, hole) => {
          const code = plan.codes[hole] ?? 0;
          if (code !== 0 && raw === columnOf(code)) return reference(code);
          return embed(raw, offered, time, timeText, plan.parsedSearch);
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
      ...(plan === undefined
        ? odditiesOfText(event.odd, text, parsed)
        : odditiesOf(event.odd, plan, values, rest, columns[REQUEST_PATH] ?? '', requestPath)),
      shape: plan?.shape,
      rest,
    };
  }

  return read;
}

/** Whether columns need more than copying: escapes, numbers written unusually, roles that point at other roles. */
function needsParsing(plan: ShapePlan, values: readonly string[], text: string): boolean {
  for (const hole of plan.roleIds) {
    const id = values[hole] ?? '';
    if (id.length <= LONGEST_ROLE_NAME && isRoleName(id)) return true;
  }
  for (const hole of plan.numbers) {
    const raw = values[hole] ?? '';
    if (String(Number(raw)) !== raw) return true;
  }
  return text.includes('\\') && values.some((raw, hole) => plan.codes[hole] !== 0 && raw.includes('\\'));
}

/** The usual case: what is in columns is known by the plan. */
function restByPlan(
  plan: ShapePlan,
  values: readonly string[],
  columns: readonly string[],
  time: EventTime,
  timeText: string,
): string {
  let rest = '';
  for (const { hole, before, search } of plan.loose)
    rest += before + embed(values[hole] ?? '', columns, time, timeText, search);
  return rest + plan.restEnd;
}

/** The event time cannot be made again from its column. */
function restByHole(
  plan: ShapePlan,
  values: readonly string[],
  columns: readonly string[],
  time: EventTime,
): string {
  return values
    .map((raw, hole) => {
      const code = plan.codes[hole] ?? 0;
      if (code !== 0 && code !== TIME_CODE) return reference(code);
      return embed(raw, columns, time, '', plan.parsedSearch);
    })
    .join(SEPARATOR);
}

const INDEX_BY_CODE = new Map(TEXT_COLUMNS.map((column, index) => [column.code, index]));

function faultOf(id: string, time: EventTime): Unreadable | undefined {
  if (id === '') return { reason: 'no id' };
  return Number.isNaN(time.ms) ? { reason: 'eventTime is missing or no timestamp' } : undefined;
}
