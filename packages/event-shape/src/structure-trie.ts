import type { Leaf } from './leaf.ts';
import type { LeafSpans } from './leaf-spans.ts';
import type { Template } from './template.ts';

/**
 * A radix trie of JSON structures: texts without the contents of their string and number values. A node is a run of
 * literal text and leaves that all structures below it share; one compiled regular expression matches the run and
 * checks and cuts its leaves at once. Below a node the next character decides.
 */
export interface TrieNode {
  /** Literal text and leaves in turn. */
  elements: (string | Leaf)[];
  children: Map<number, TrieNode>;
  /** The structure that ends here. */
  template: Template | undefined;
  /** Sticky; undefined until compiled, and after a leaf of the run changed from fixed. */
  pattern: RegExp | undefined;
}

const NUMBER_STARTS = Array.from('-0123456789', (character) => character.charCodeAt(0));

export function createTrieNode(elements: (string | Leaf)[] = []): TrieNode {
  return { elements, children: new Map(), template: undefined, pattern: undefined };
}

/** Where a walk through the trie ended: before `elements[element]`, `offset` characters into it if it is a literal. */
export interface Place {
  readonly node: TrieNode;
  readonly element: number;
  readonly offset: number;
  /** How much of the text, and of its leaves, is behind. */
  readonly position: number;
  readonly span: number;
  /** How much of the literal before the next leaf is behind, across nodes. */
  readonly passed: number;
}

export interface PassedLeaf {
  readonly leaf: Leaf;
  readonly node: TrieNode;
}

/** Follows a scanned text into the trie as far as its structure goes, whatever its values. Adds the leaves on the way to `leaves`. */
export function walkText(root: TrieNode, text: string, spans: LeafSpans, leaves: PassedLeaf[]): Place {
  let node = root;
  let element = 0;
  let position = 0;
  let span = 0;
  const end = (offset: number): Place => ({
    node,
    element,
    offset,
    position,
    span,
    passed: position - (span > 0 ? (spans.ends[span - 1] ?? 0) : 0),
  });
  for (;;) {
    const leafStart = span < spans.count ? (spans.starts[span] ?? 0) : text.length;
    const current = node.elements[element];
    if (current === undefined) {
      // A digit in a key and a number leaf cannot meet at one place: what stands before says which may follow.
      const child = position < text.length ? node.children.get(text.charCodeAt(position)) : undefined;
      if (child === undefined) return end(0);
      node = child;
      element = 0;
    } else if (typeof current === 'string') {
      const limit = Math.min(current.length, leafStart - position);
      let offset = 0;
      while (offset < limit && current.charCodeAt(offset) === text.charCodeAt(position + offset)) offset++;
      position += offset;
      if (offset < current.length) return end(offset);
      element++;
    } else {
      // A string leaf follows its quote and a number leaf does not: at one place the kinds are equal.
      if (position !== leafStart || span === spans.count) return end(0);
      leaves.push({ leaf: current, node });
      position = spans.ends[span] ?? 0;
      span++;
      element++;
    }
  }
}

/** Whether the walk used up the text where a known structure ends. */
export function isTemplateEnd(place: Place, text: string): boolean {
  const { node, element, position } = place;
  return position === text.length && element === node.elements.length && node.template !== undefined;
}

/** Adds a template at the place where the walk of its text ended. Its first `place.span` leaves are those passed. */
export function insertTemplate(place: Place, template: Template): void {
  const upper = splitNode(place);
  const remainder = remainderOf(place, template);
  if (remainder.length === 0) {
    upper.template = template;
    return;
  }
  const child = createTrieNode(remainder);
  child.template = template;
  attach(upper, child);
}

/** The template's literals and leaves after the place. */
function remainderOf(place: Place, template: Template): (string | Leaf)[] {
  const { leaves, literals } = template;
  // The literal before leaf `span` is the one that the walk ended in; what the walk passed of it is behind.
  const remainder: (string | Leaf)[] = [];
  const rest = (literals[place.span] ?? '').slice(place.passed);
  if (rest !== '') remainder.push(rest);
  for (let i = place.span; i < leaves.length; i++) {
    const leaf = leaves[i];
    if (leaf !== undefined) remainder.push(leaf);
    const literal = literals[i + 1] ?? '';
    if (literal !== '') remainder.push(literal);
  }
  return remainder;
}

/** Cuts the node in two at the place, so that a branch can be made there. Answers the upper half. */
function splitNode(place: Place): TrieNode {
  const { node, element, offset } = place;
  const current = node.elements[element];
  if (current === undefined) return node;
  const upper = node.elements.slice(0, element);
  const lower = node.elements.slice(element);
  if (typeof current === 'string' && offset > 0) {
    upper.push(current.slice(0, offset));
    lower[0] = current.slice(offset);
  }
  const child: TrieNode = {
    elements: lower,
    children: node.children,
    template: node.template,
    pattern: undefined,
  };
  node.elements = upper;
  node.children = new Map();
  node.template = undefined;
  node.pattern = undefined;
  attach(node, child);
  return node;
}

function attach(parent: TrieNode, child: TrieNode): void {
  const first = child.elements[0];
  if (typeof first === 'string') parent.children.set(first.charCodeAt(0), child);
  else for (const code of NUMBER_STARTS) parent.children.set(code, child);
}
