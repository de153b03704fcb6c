/**
 * How the events of one shape become rows, worked out once per shape: which column is a constant, which comes from which
 * hole. The shape is read like an event, with a marker in every hole; a column that then holds exactly a marker
 * comes from that hole. So columns by plan and columns by parsing cannot differ.
 */
import { randomBytes, randomInt } from 'node:crypto';
import { isNumberHole } from '@cadf-pipeline/event-shape';
import type { Shape } from '@cadf-pipeline/event-shape';
import { fromBinary, toBinary } from '../native/binary-string.ts';
import { createEmbeddedSearch } from './embedded.ts';
import type { EmbeddedSearch } from './embedded.ts';
import { readEventColumns } from './event-columns.ts';
import type { RoleName } from '@cadf-pipeline/cadf-model';
import { reference, SEPARATOR } from './references.ts';
import { TAG_CODES, TEXT_COLUMNS, TIME_CODE } from './text-columns.ts';

/** Where a column's value comes from: a hole, or, with hole -1, a constant (binary string). */
export interface Source {
  readonly hole: number;
  readonly constant: string;
}

export interface ShapePlan {
  readonly shape: Shape;
  /** In the order of TEXT_COLUMNS. */
  readonly columns: readonly Source[];
  readonly observerRef: RoleName | '';
  readonly eventTime: Source;
  readonly tags: readonly Source[];
  readonly hasChain: boolean;
  /** Whether the columns are odd whatever the holes hold. */
  readonly odd: boolean;
  /** By hole: the code of the column that holds its value, 0 where none does. */
  readonly codes: readonly number[];
  /** Holes that are number tokens and the value of a column. */
  readonly numbers: readonly number[];
  /** Holes that are number tokens. */
  readonly numberHoles: readonly number[];
  /** Holes that are the value of no column, ascending, each with a search of its own. */
  readonly loose: readonly LooseHole[];
  /** For rows that go by parsing. */
  readonly parsedSearch: EmbeddedSearch;
  /** What the stored text has behind the last loose hole. */
  readonly restEnd: string;
  /** Holes that hold a role's id: a value that names another role has to be resolved by parsing. */
  readonly roleIds: readonly number[];
}

export interface LooseHole {
  readonly hole: number;
  /** What the stored text has before it: separators, and references to the columns of the holes between. */
  readonly before: string;
  readonly search: EmbeddedSearch;
}

const MARKER = `hole-${randomBytes(9).toString('base64url')}-`;
/** Above all that emitters count with, and an exact integer. */
const NUMBER_MARKER = 8_000_000_000_000_000 + randomInt(900_000_000) * 1_000_000;
const ROLE_ID = /^\/(?:initiator|target|observer)(?:Id|\/id)$/;

const plans = new WeakMap<Shape, ShapePlan>();

/** `shape` is one of binary strings. Undefined when its texts have no columns to read (not an object). */
export function planOf(shape: Shape): ShapePlan | undefined {
  let plan = plans.get(shape);
  if (plan === undefined) {
    plan = makePlan(shape);
    if (plan !== undefined) plans.set(shape, plan);
  }
  return plan;
}

function makePlan(shape: Shape): ShapePlan | undefined {
  const markers = shape.holes.map((_, hole) => markerOf(shape, hole));
  const text = shape.pieces.map((piece, index) => piece + (markers[index] ?? '')).join('');
  const event = readEventColumns(JSON.parse(fromBinary(text)));
  if (event === undefined) return undefined;
  const holes = new Map(markers.map((marker, hole) => [marker, hole]));
  const codes = shape.holes.map(() => 0);
  const sourceOf = (value: string, code: number): Source => {
    const hole = holes.get(value);
    if (hole === undefined) return { hole: -1, constant: toBinary(value) };
    if (codes[hole] === 0) codes[hole] = code;
    return { hole, constant: '' };
  };
  const columns = TEXT_COLUMNS.map((column) => sourceOf(column.read(event), column.code));
  const eventTime = sourceOf(event.eventTime, TIME_CODE);
  const tags = event.tags.map((tag, index) => sourceOf(tag, TAG_CODES[index] ?? 0));
  return {
    shape,
    columns,
    observerRef: event.observer.refersTo,
    eventTime,
    tags,
    hasChain: event.hasChain,
    odd: event.odd,
    codes,
    numbers: codes.flatMap((code, hole) => (code !== 0 && isNumberHole(shape, hole) ? [hole] : [])),
    numberHoles: codes.flatMap((_, hole) => (isNumberHole(shape, hole) ? [hole] : [])),
    ...restPlan(codes),
    parsedSearch: createEmbeddedSearch(),
    roleIds: shape.holes.flatMap((pointer, hole) => (ROLE_ID.test(pointer) ? [hole] : [])),
  };
}

function restPlan(codes: readonly number[]): Pick<ShapePlan, 'loose' | 'restEnd'> {
  const loose: LooseHole[] = [];
  let before = '';
  codes.forEach((code, hole) => {
    if (hole > 0) before += SEPARATOR;
    if (code !== 0) before += reference(code);
    else {
      loose.push({ hole, before, search: createEmbeddedSearch() });
      before = '';
    }
  });
  return { loose, restEnd: before };
}

function markerOf(shape: Shape, hole: number): string {
  return isNumberHole(shape, hole) ? String(NUMBER_MARKER + hole) : `${MARKER}${hole}`;
}
