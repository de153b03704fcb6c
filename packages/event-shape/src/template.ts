import { flatCopy } from './flat-string.ts';
import type { Shape, Split } from './interface.ts';
import { decodeStringContent } from './json-string.ts';
import { becomeHole } from './leaf.ts';
import type { Leaf } from './leaf.ts';
import { createShape } from './shape-codec.ts';

/**
 * All texts of one structure. Its shapes differ in the values of its variant leaves; which leaves those are is
 * its plan, made anew when a leaf changed its state.
 */
export interface Template {
  readonly leaves: readonly Leaf[];
  /** Literal text around the leaves; one more than `leaves`. */
  readonly literals: readonly string[];
  readonly length: number;
  plan: Plan | undefined;
}

export interface Plan {
  /** The leaf version it was made for. */
  version: number;
  /** Leaf states, to tell whether another version changed this template at all. */
  readonly states: string;
  /** The leaves that are not fixed: those whose values the matcher captures, in its order. */
  readonly captured: readonly Leaf[];
  /** Which of the matcher's captured values are holes, and which are variants. */
  readonly holes: readonly number[];
  readonly variants: readonly number[];
  /** By the variants' values joined by U+001F, which no JSON string contains unescaped. */
  readonly slots: Map<string, Slot>;
}

/** A combination of variant values; it becomes a shape when seen often enough. */
interface Slot {
  sightings: number;
  shape: Shape | undefined;
}

export interface ShapePolicy {
  readonly minSightings: number;
  readonly maxHoles: number;
  readonly maxShapesPerStructure: number;
  /** Whether there is room for one more shape of that many characters; if so it is taken. */
  takeRoom(characters: number): boolean;
}

export function createTemplate(leaves: readonly Leaf[], literals: readonly string[]): Template {
  const length = literals.reduce((sum, literal) => sum + literal.length, 0);
  return { leaves, literals, length, plan: undefined };
}

/** The plan for the present leaf states. Shapes of an outdated plan are forgotten here; the store keeps them. */
export function planOf(template: Template, version: number): Plan {
  const present = template.plan;
  if (present?.version === version) return present;
  const states = template.leaves.map((leaf) => leaf.state.charAt(0)).join('');
  if (present?.states === states) {
    present.version = version;
    return present;
  }
  const captured = template.leaves.filter((leaf) => leaf.state !== 'fixed');
  const holes: number[] = [];
  const variants: number[] = [];
  captured.forEach((leaf, i) => (leaf.state === 'hole' ? holes : variants).push(i));
  template.plan = { version, states, captured, holes, variants, slots: new Map() };
  return template.plan;
}

/** The variants' values, as the key of a slot. */
export function slotKey(plan: Plan, captured: readonly string[]): string {
  let key = '';
  for (const i of plan.variants) key += `${captured[i]}\u001f`;
  return key;
}

/** Splits by a known shape; undefined where this combination of variant values has none yet. */
export function splitByPlan(plan: Plan, captured: readonly string[]): Split | undefined {
  const shape = plan.slots.get(slotKey(plan, captured))?.shape;
  if (shape === undefined) return undefined;
  const { holes } = plan;
  const values: string[] = [];
  for (let i = 0; i < holes.length; i++) values.push(captured[holes[i] ?? 0] ?? '');
  return { shape, values };
}

/**
 * Counts a combination that has no shape yet, and makes its shape when it is due. Answers `tooMany` when the
 * structure has too many combinations: a leaf must become a hole first.
 */
export function sightCombination(
  template: Template,
  plan: Plan,
  captured: readonly string[],
  policy: ShapePolicy,
): 'made' | 'not yet' | 'tooMany' {
  const key = slotKey(plan, captured);
  let slot = plan.slots.get(key);
  if (slot === undefined) {
    if (plan.slots.size >= policy.maxShapesPerStructure) return 'tooMany';
    slot = { sightings: 0, shape: undefined };
    plan.slots.set(flatCopy(key), slot);
  }
  // The structure itself has been seen often enough by now: its first combination need not wait again.
  const due = ++slot.sightings >= policy.minSightings || plan.slots.size === 1;
  if (!due || plan.holes.length > policy.maxHoles || !policy.takeRoom(template.length)) return 'not yet';
  slot.shape = shapeOf(template, captured);
  return 'made';
}

/** Makes a hole of the variant leaf with the most values. Answers false if there is none. */
export function widenTemplate(template: Template): boolean {
  let widest: Leaf | undefined;
  for (const leaf of template.leaves) {
    if (leaf.state === 'variant' && leaf.variants.size > (widest?.variants.size ?? 0)) widest = leaf;
  }
  return widest !== undefined && becomeHole(widest);
}

function shapeOf(template: Template, captured: readonly string[]): Shape {
  const pieces: string[] = [];
  const holes: string[] = [];
  const constants = new Map<string, string>();
  let piece = template.literals[0] ?? '';
  let next = 0;
  template.leaves.forEach((leaf, i) => {
    const raw = leaf.state === 'fixed' ? leaf.fixed : (captured[next++] ?? '');
    if (leaf.state === 'hole') {
      pieces.push(flatCopy(piece));
      holes.push(leaf.pointer);
      piece = '';
    } else {
      piece += raw;
      constants.set(leaf.pointer, flatCopy(decodeStringContent(raw)));
    }
    piece += template.literals[i + 1] ?? '';
  });
  pieces.push(flatCopy(piece));
  return createShape(pieces, holes, constants);
}
