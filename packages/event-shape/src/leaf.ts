import { flatCopy } from './flat-string.ts';

/**
 * One place in a structure where a string or a number stands, and what was seen there. It begins `fixed`: every text
 * has the same value, which is literal text to the matcher. A second value makes it `variant`: it is cut out of the
 * text, and each of its few values leads to a shape of its own. More than a few make it a `hole`: its value is kept
 * per event. It never goes back.
 */
export interface Leaf {
  readonly kind: 'string' | 'number';
  /** JSON Pointer. */
  readonly pointer: string;
  /** The store has a typed column for it, so nothing is gained by keeping it in the shape. */
  readonly column: boolean;
  state: 'fixed' | 'variant' | 'hole';
  /** As written; the value while `fixed`. */
  readonly fixed: string;
  /** As written; the values while `variant`. */
  readonly variants: Set<string>;
}

export function createLeaf(kind: Leaf['kind'], pointer: string, raw: string, column: boolean): Leaf {
  const hole = kind === 'number' || looksUnique(raw);
  return {
    kind,
    pointer,
    column,
    state: hole ? 'hole' : 'fixed',
    fixed: hole ? '' : flatCopy(raw),
    variants: new Set(),
  };
}

/** Takes note of a value. Answers whether the leaf changed its state. */
export function observeLeaf(leaf: Leaf, raw: string, maxVariants: number): boolean {
  if (leaf.state === 'hole') return false;
  if (leaf.state === 'fixed') {
    if (raw === leaf.fixed) return false;
    if (leaf.column || maxVariants < 2 || looksUnique(raw)) return becomeHole(leaf);
    leaf.state = 'variant';
    leaf.variants.add(leaf.fixed).add(flatCopy(raw));
    return true;
  }
  if (leaf.variants.has(raw)) return false;
  if (leaf.variants.size >= maxVariants || looksUnique(raw)) return becomeHole(leaf);
  leaf.variants.add(flatCopy(raw));
  return false;
}

/** Answers true: the leaf changed its state. */
export function becomeHole(leaf: Leaf): boolean {
  leaf.state = 'hole';
  leaf.variants.clear();
  return true;
}

const MAX_SHARED_LENGTH = 256;
const UNIQUE =
  /[0-9a-fA-F]{16}|[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-|[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:|[0-9]{7}/;

/** Whether the value looks like an identifier, a time or a long text, which two events hardly ever share. */
function looksUnique(raw: string): boolean {
  return raw.length > MAX_SHARED_LENGTH || UNIQUE.test(raw);
}
