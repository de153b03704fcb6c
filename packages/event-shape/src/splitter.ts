import { createEffort } from './effort.ts';
import type { ShapeSplitter, Split } from './interface.ts';
import { createJsonTape, MAX_DEPTH, scanJsonObject } from './json-tape.ts';
import { leafPointers } from './leaf-pointers.ts';
import { createLeafSpans, literalsBetween, readLeafSpans, structureHash } from './leaf-spans.ts';
import { createLeaf, observeLeaf } from './leaf.ts';
import { createSightings } from './sightings.ts';
import { createTrieNode, insertTemplate, isTemplateEnd, walkText } from './structure-trie.ts';
import type { PassedLeaf, Place } from './structure-trie.ts';
import { matchText } from './match-text.ts';
import type { Match } from './match-text.ts';
import { createTemplate, planOf, sightCombination, splitByPlan, widenTemplate } from './template.ts';
import type { ShapePolicy, Template } from './template.ts';

export interface ShapeSplitterOptions {
  /** JSON Pointers that the store has typed columns for: a second value there makes a hole, not a second shape. Default none. */
  readonly columnPointers?: readonly string[];
  /** Shapes kept in memory. Default 4096. */
  readonly maxShapes?: number;
  /** Structures kept in memory; each costs some 20 KB with its compiled pattern. Default 1024. */
  readonly maxStructures?: number;
  /** Characters of all kept shapes and structures together. Default 16 Mi. */
  readonly maxShapeCharacters?: number;
  /** Texts of one structure, and of one combination of its few-valued leaves, until it gets a shape. Default 2, at least 1. */
  readonly minSightings?: number;
  /** Holes of one shape. Default 256. */
  readonly maxHoles?: number;
  /** Values of one leaf that may each lead to shapes of their own; with one more the leaf becomes a hole. Default 8. */
  readonly maxVariants?: number;
  /** Shapes of one structure; with one more a leaf becomes a hole. Default 64. */
  readonly maxShapesPerStructure?: number;
  /** Longest text that is split, in UTF-16 units. Default 32,768. */
  readonly maxTextLength?: number;
}

/** After so many texts it is asked whether shapes of the past leave no room for those of the present. */
const TEXTS_PER_PERIOD = 1 << 20;
/** Making a template compiles regular expressions, some hundred times the cost of a match: one per so many texts on average. */
const TEXTS_PER_TEMPLATE = 256;
const MAX_TEMPLATE_CREDIT = 512 * TEXTS_PER_TEMPLATE;

/**
 * Makes a splitter that learns from the texts it is given. It is meant for one writer: not shared between threads, cheap
 * to make anew (equal shapes get equal ids, but a new splitter may settle on others). The values of a split may be views
 * that keep the whole text in memory. Nothing is thrown for whatever the text is.
 */
export function createShapeSplitter(options: ShapeSplitterOptions = {}): ShapeSplitter {
  const columns = new Set(options.columnPointers);
  const maxShapes = options.maxShapes ?? 4096;
  const maxStructures = options.maxStructures ?? 1024;
  const maxShapeCharacters = options.maxShapeCharacters ?? 16 * 1024 * 1024;
  const minSightings = options.minSightings ?? 2;
  const maxHoles = options.maxHoles ?? 256;
  const maxVariants = options.maxVariants ?? 8;
  const maxTextLength = options.maxTextLength ?? 32_768;

  const tape = createJsonTape(Math.min(maxTextLength, 16 * maxHoles + 4 * MAX_DEPTH));
  const spans = createLeafSpans(4 * maxHoles);
  const sightings = createSightings(maxShapes);
  const effort = createEffort();
  const match: Match = { template: undefined, captured: [] };
  const path: PassedLeaf[] = [];

  let root = createTrieNode();
  let leafVersion = 0;
  let shapes = 0;
  let structures = 0;
  let characters = 0;
  let credit = MAX_TEMPLATE_CREDIT;
  let textsInPeriod = 0;
  let refusedInPeriod = 0;

  const policy: ShapePolicy = {
    minSightings,
    maxHoles,
    maxShapesPerStructure: options.maxShapesPerStructure ?? 64,
    takeRoom(length) {
      if (shapes >= maxShapes || characters + length > maxShapeCharacters) {
        refusedInPeriod++;
        return false;
      }
      shapes++;
      characters += length;
      return true;
    },
  };

  function split(text: string): Split | undefined {
    if (text.length > maxTextLength) return undefined;
    if (++textsInPeriod >= TEXTS_PER_PERIOD) restartIfStale();
    if (credit < MAX_TEMPLATE_CREDIT) credit++;
    if (!matchText(root, text, match)) {
      if (!effort.worthwhile()) return undefined;
      const learned = learnStructure(text);
      effort.learned(learned);
      if (!learned || !matchText(root, text, match)) return undefined;
    }
    const { template } = match;
    if (template === undefined) return undefined;
    const known = splitByPlan(planOf(template, leafVersion), match.captured);
    return known ?? splitByNewCombination(template);
  }

  /** For values of variant leaves that have not come together before. */
  function splitByNewCombination(template: Template): Split | undefined {
    let plan = planOf(template, leafVersion);
    plan.variants.forEach((i) => {
      const leaf = plan.captured[i];
      if (leaf !== undefined && observeLeaf(leaf, match.captured[i] ?? '', maxVariants)) leafVersion++;
    });
    plan = planOf(template, leafVersion);
    while (
      sightCombination(template, plan, match.captured, policy) === 'too many' &&
      widenTemplate(template)
    ) {
      plan = planOf(template, ++leafVersion);
    }
    return splitByPlan(plan, match.captured);
  }

  /** Takes in a text that did not match. Answers whether it would match now. */
  function learnStructure(text: string): boolean {
    if (!scanJsonObject(text, tape) || !readLeafSpans(tape, spans)) return false;
    path.length = 0;
    const place = walkText(root, text, spans, path);
    if (!isTemplateEnd(place, text) && !addStructure(text, place)) return false;
    path.forEach(({ leaf, node }, i) => {
      if (!observeLeaf(leaf, text.slice(spans.starts[i], spans.ends[i]), maxVariants)) return;
      leafVersion++;
      node.pattern = undefined;
    });
    return true;
  }

  /** Gives a scanned text's structure a template when it is due. `path` are the leaves it shares with others. */
  function addStructure(text: string, place: Place): boolean {
    const hash = structureHash(text, spans);
    if (sightings.count(hash) < minSightings || credit < TEXTS_PER_TEMPLATE) return false;
    if (structures >= maxStructures || characters + text.length > maxShapeCharacters) {
      refusedInPeriod++;
      return false;
    }
    const pointers = leafPointers(text, tape);
    if (pointers === undefined || !isJson(text)) {
      sightings.refuse(hash);
      return false;
    }
    const literals = literalsBetween(text, spans);
    const leaves = pointers.map((pointer, i) => {
      const shared = path[i]?.leaf;
      if (shared !== undefined) return shared;
      const raw = text.slice(spans.starts[i], spans.ends[i]);
      return createLeaf(spans.numbers[i] === 1 ? 'number' : 'string', pointer, raw, columns.has(pointer));
    });
    const template = createTemplate(leaves, literals);
    characters += template.length;
    structures++;
    credit -= TEXTS_PER_TEMPLATE;
    insertTemplate(place, template);
    return true;
  }

  /** Forgets everything when the room is taken by the past: events that matter come back at once. */
  function restartIfStale(): void {
    const stale = refusedInPeriod * 16 >= textsInPeriod;
    textsInPeriod = 0;
    refusedInPeriod = 0;
    if (!stale) return;
    root = createTrieNode();
    sightings.forget();
    shapes = 0;
    structures = 0;
    characters = 0;
  }

  return { split };
}

/** The scan is meant to accept what JSON.parse accepts and no more; what is kept as evidence does not rest on it alone. */
function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
