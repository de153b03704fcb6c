import type { Shape, Split } from './interface.ts';
import { restoreUuidHyphens, stripUuidHyphens } from './uuid-hyphens.ts';

/**
 * Packs the values that have no column of their own into one string, and back. Events repeat themselves: a request
 * path holds the identifiers of project and target, which are values of other holes. Written as one control character
 * each, which no JSON string contains unescaped, they cost next to nothing, and a UUID without its hyphens takes 16
 * bytes instead of 19 after Zstandard level 1.
 */
export interface RestPacker {
  /** Values of holes without a column, in order, joined by U+001F. Empty for none and for one empty value alike. */
  pack(split: Split): string;
  /**
   * The values of all holes again. `columnValue` answers the exact value of a hole that has a column.
   * Throws a RangeError where `rest` is not what `pack` made for this shape.
   */
  unpack(shape: Shape, rest: string, columnValue: (pointer: string) => string): string[];
}

const SEPARATOR = '\u001f';
/** Hole 0 is U+0001 and so on; those that text formats treat specially (U+0008 to U+000D) are left out. */
const REFERENCES = Array.from(
  '\u0001\u0002\u0003\u0004\u0005\u0006\u0007\u000e\u000f\u0010\u0011\u0012\u0013\u0014\u0015\u0016\u0017\u0018\u0019\u001a\u001b\u001c\u001e',
);
const REFERENCE = new RegExp(`[${REFERENCES.join('')}]`, 'g');
const MIN_REFERENCE_LENGTH = 12;
/** Events of a shape from which it is learned which holes repeat which. */
const LEARNING_EVENTS = 16;

interface Plan {
  /** Holes without a column, in order. */
  readonly rest: readonly number[];
  /** For each of them the holes whose value may be part of it: those with a column, and those before it. */
  sources: readonly (readonly number[])[];
  learning: number;
  readonly hits: Map<number, number>[];
}

/** `columnPointers`: holes whose exact value the caller keeps elsewhere. */
export function createRestPacker(columnPointers: readonly string[]): RestPacker {
  const columns = new Set(columnPointers);
  const plans = new WeakMap<Shape, Plan>();

  function planOf(shape: Shape): Plan {
    let plan = plans.get(shape);
    if (plan === undefined) {
      const rest = shape.holes.flatMap((pointer, hole) => (columns.has(pointer) ? [] : [hole]));
      const sources = rest.map((hole) =>
        shape.holes.flatMap((pointer, other) =>
          other < REFERENCES.length && other !== hole && (other < hole || columns.has(pointer))
            ? [other]
            : [],
        ),
      );
      plan = { rest, sources, learning: LEARNING_EVENTS, hits: rest.map(() => new Map()) };
      plans.set(shape, plan);
    }
    return plan;
  }

  return {
    pack({ shape, values }) {
      const plan = planOf(shape);
      let packed = '';
      for (let i = 0; i < plan.rest.length; i++) {
        let value = values[plan.rest[i] ?? 0] ?? '';
        const sources = plan.sources[i] ?? [];
        for (const source of sources) {
          const other = values[source] ?? '';
          if (other.length < MIN_REFERENCE_LENGTH) continue;
          const at = value.indexOf(other);
          if (at < 0) continue;
          value = value.slice(0, at) + (REFERENCES[source] ?? '') + value.slice(at + other.length);
          if (plan.learning > 0) plan.hits[i]?.set(source, (plan.hits[i]?.get(source) ?? 0) + 1);
        }
        packed += i === 0 ? value : SEPARATOR + value;
      }
      if (plan.learning > 0) learn(plan);
      return stripUuidHyphens(packed);
    },

    unpack(shape, rest, columnValue) {
      const plan = planOf(shape);
      const parts = restoreUuidHyphens(rest).split(SEPARATOR);
      if (parts.length !== Math.max(1, plan.rest.length)) {
        const counts = `${plan.rest.length} values without a column, not ${parts.length}`;
        throw new RangeError(`shape ${shape.id} has ${counts}`);
      }
      const values: string[] = [];
      let next = 0;
      for (let hole = 0; hole < shape.holes.length; hole++) {
        const isRest = plan.rest[next] === hole;
        if (isRest) next++;
        values.push(isRest ? '' : columnValue(shape.holes[hole] ?? ''));
      }
      for (let i = 0; i < plan.rest.length; i++) values[plan.rest[i] ?? 0] = resolve(parts[i] ?? '', values);
      return values;
    },
  };
}

/** Puts the values of other holes in place of the references to them. */
function resolve(part: string, values: readonly string[]): string {
  REFERENCE.lastIndex = 0;
  let resolved = '';
  let from = 0;
  while (REFERENCE.test(part)) {
    const at = REFERENCE.lastIndex - 1;
    resolved += part.slice(from, at) + (values[REFERENCES.indexOf(part.charAt(at))] ?? '');
    from = at + 1;
  }
  return from === 0 ? part : resolved + part.slice(from);
}

/** After enough events only those sources are tried that were found in one event of four. */
function learn(plan: Plan): void {
  if (--plan.learning > 0) return;
  plan.sources = plan.sources.map((sources, i) =>
    sources.filter((source) => (plan.hits[i]?.get(source) ?? 0) * 4 >= LEARNING_EVENTS),
  );
}
