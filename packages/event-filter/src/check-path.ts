/** Members the standard knows, and names that are nearly one of them: the type checks of a filter's paths. */
import { CadfEvent, isMembers } from '@cadf-pipeline/cadf-model';
import { editDistance } from './edit-distance.ts';
import type { Path } from './filter.ts';

export interface Misspelling {
  /** Index of the step that is nearly a member's name. */
  readonly step: number;
  readonly suggestion: string;
}

/** Members that hold a cadf:Timestamp; compared as instants even with a value in quotes. */
const TIME_MEMBERS: ReadonlySet<string> = new Set(['eventTime', 'reporterTime']);

export function isTimePath(path: Path): boolean {
  return TIME_MEMBERS.has(path.at(-1) ?? '');
}

/**
 * The first step that is no member of the standard but nearly one (DSP0262 6.6). `quoted` tells which steps were
 * written in backquotes: those are meant as they are. Any other unknown name is a member of an extension.
 */
export function findMisspelling(
  path: Path,
  quoted: (step: number) => boolean = () => false,
): Misspelling | undefined {
  let schemas: readonly unknown[] = [CadfEvent];
  for (const [step, name] of path.entries()) {
    const members = schemas.flatMap(membersOf);
    const found = members.filter(([member]) => member === name).map(([, schema]) => schema);
    if (found.length === 0) {
      const suggestion = quoted(step) ? undefined : nearest(name, new Set(members.map(([known]) => known)));
      return suggestion === undefined ? undefined : { step, suggestion };
    }
    schemas = found;
  }
  return undefined;
}

/** Members of an object's schema, of a list's items, of each choice. The keys of a cadf:Map are anything. */
function membersOf(schema: unknown): readonly (readonly [string, unknown])[] {
  if (!isMembers(schema)) return [];
  const { properties, items, anyOf } = schema;
  if (isMembers(properties)) return Object.entries(properties);
  if (items !== undefined) return membersOf(items);
  if (!Array.isArray(anyOf) || anyOf.some((choice) => isMembers(choice) && 'patternProperties' in choice))
    return [];
  return anyOf.flatMap(membersOf);
}

function nearest(name: string, known: ReadonlySet<string>): string | undefined {
  let best: string | undefined;
  let least = Infinity;
  for (const candidate of known) {
    if (candidate.toLowerCase() === name.toLowerCase()) return candidate;
    const limit = allowedMistakes(Math.min(candidate.length, name.length));
    const distance = editDistance(name, candidate, limit);
    if (distance > limit || distance >= least) continue;
    least = distance;
    best = candidate;
  }
  return best;
}

/** What is known of an event beside it: who sent it and whose it is. Not asked for by paths. */
const BESIDE_EVENT: ReadonlySet<string> = new Set(['source', 'tenant']);

/** A path that begins like a name of what is kept beside the event: as a member, it has to be in backquotes. */
export function isBesideEvent(path: Path): boolean {
  return BESIDE_EVENT.has(path[0] ?? '');
}

/** Short names are near to everything: of those only another case counts. */
function allowedMistakes(length: number): number {
  if (length < 4) return 0;
  return length < 6 ? 1 : 2;
}
