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
  /** Characters of the literals and of the leaves that were fixed at first. */
  readonly length: number;
  plan: Plan | undefined;
}

export interface Plan {
  /** The leaf version it was made for. */
  version: number;
  /** First letters of the leaves' states, to tell whether another version changed this template at all. */
  readonly states: string;
  /** The leaves that are not fixed: those whose values the matcher captures, in its order. */
  readonly captured: readonly Leaf[];
  /** Which of the captured values are holes, and which are variants. */
  readonly holes: readonly number[];
  readonly variants: readonly number[];
  /** By the variants' values, each followed by U+001F, which no JSON string contains unescaped. */
  readonly slots: Map<string, Slot>;
}

/** A combination of values of the leaves that are not holes; it gets a shape when seen often enough. */
interface Slot {
  sightings: number;
  shape: Shape | undefined;
  /** The value of each leaf, as written; empty for holes. */
  readonly raws: readonly string[];
}

export interface ShapePolicy {
  readonly minSightings: number;
  readonly maxHoles: number;
  readonly maxShapesPerStructure: number;
  /** Whether there is room for one more shape of that many characters; if so it is taken. */
  takeRoom(characters: number): boolean;
}

export function createTemplate(leaves: readonly Leaf[], literals: readonly string[]): Template {
  let length = 0;
  for (const literal of literals) length += literal.length;
  for (const leaf of leaves) length += leaf.fixed.length;
  return { leaves, literals, length, plan: undefined };
}

/** The plan for the present leaf states. */
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
  const slots = present === undefined ? new Map<string, Slot>() : carryOver(template, present);
  template.plan = { version, states, captured, holes, variants, slots };
  return template.plan;
}

/**
 * What is known of combinations under an older plan. Where a leaf became a variant the shapes remain as they are;
 * where one became a hole they are of no more use (the store keeps them), but their successors need not wait.
 */
function carryOver(template: Template, older: Plan): Map<string, Slot> {
  const { leaves } = template;
  const newHole = leaves.some((leaf, i) => leaf.state === 'hole' && older.states[i] !== 'h');
  const slots = new Map<string, Slot>();
  for (const slot of older.slots.values()) {
    let key = '';
    leaves.forEach((leaf, i) => {
      if (leaf.state === 'variant') key += `${slot.raws[i]}\u001f`;
    });
    const raws = newHole
      ? leaves.map((leaf, i) => (leaf.state === 'hole' ? '' : (slot.raws[i] ?? '')))
      : slot.raws;
    const sightings = Math.max(slot.sightings, slots.get(key)?.sightings ?? 0);
    slots.set(key, { sightings, shape: newHole ? undefined : slot.shape, raws });
  }
  return slots;
}

/** Splits by a known shape; undefined where this combination of variant values has none yet. `captured` may be longer than the plan's. */
export function splitByPlan(plan: Plan, captured: readonly string[]): Split | undefined {
  const shape = plan.slots.get(slotKey(plan, captured))?.shape;
  if (shape === undefined) return undefined;
  const { holes } = plan;
  if (holes.length === plan.captured.length) return { shape, values: captured.slice(0, holes.length) };
  const values: string[] = [];
  for (let i = 0; i < holes.length; i++) values.push(captured[holes[i] ?? 0] ?? '');
  return { shape, values };
}

function slotKey(plan: Plan, captured: readonly string[]): string {
  let key = '';
  for (const i of plan.variants) key += `${captured[i]}\u001f`;
  return key;
}

/**
 * Counts a combination that has no shape yet, and makes its shape when it is due. Answers `too many` when the
 * structure has too many combinations: a leaf must become a hole first.
 */
export function sightCombination(
  template: Template,
  plan: Plan,
  captured: readonly string[],
  policy: ShapePolicy,
): 'made' | 'not yet' | 'too many' {
  const key = slotKey(plan, captured);
  let slot = plan.slots.get(key);
  if (slot === undefined) {
    if (plan.slots.size >= policy.maxShapesPerStructure) return 'too many';
    // The structure itself has been seen often enough: its first combination need not wait again.
    const sightings = plan.slots.size === 0 ? policy.minSightings : 0;
    slot = { sightings, shape: undefined, raws: constantsOf(template, captured) };
    plan.slots.set(flatCopy(key), slot);
  }
  if (++slot.sightings < policy.minSightings) return 'not yet';
  if (plan.holes.length > policy.maxHoles || !policy.takeRoom(template.length)) return 'not yet';
  slot.shape = shapeOf(template, slot.raws);
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

function constantsOf(template: Template, captured: readonly string[]): string[] {
  let next = 0;
  return template.leaves.map((leaf) => {
    if (leaf.state === 'fixed') return leaf.fixed;
    const raw = captured[next++] ?? '';
    return leaf.state === 'hole' ? '' : flatCopy(raw);
  });
}

function shapeOf(template: Template, raws: readonly string[]): Shape {
  const pieces: string[] = [];
  const holes: string[] = [];
  const constants = new Map<string, string>();
  let piece = template.literals[0] ?? '';
  template.leaves.forEach((leaf, i) => {
    const raw = raws[i] ?? '';
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
