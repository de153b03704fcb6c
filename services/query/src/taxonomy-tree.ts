/** Counts by value put into the tree of a taxonomy. */
import type { Classifier, TaxonomyData, TaxonomyKind } from '@cadf-pipeline/cadf-model';
import type { Facet } from '@cadf-pipeline/event-store';

interface Counted {
  readonly value: string;
  readonly count: number;
}

export interface TaxonomyTree {
  readonly total: number;
  readonly absent: number;
  readonly nodes: readonly TreeNode[];
  readonly outside: {
    readonly total: number;
    readonly values: readonly (Counted & { readonly kind: TaxonomyKind })[];
    readonly unlisted: number;
  };
}

export interface TreeNode {
  readonly path: string;
  readonly parent?: string;
  readonly origin: 'standard' | 'openstack' | 'extension';
  readonly meaning?: string;
  readonly own: number;
  readonly subtree: number;
  readonly spellings?: readonly Counted[];
}

/** Of one node, and of what is outside. */
const MAX_LISTED = 100;
/** Deeper ones are one node with the rest of their path: no more segments than anybody means. */
const MAX_DEPTH = 16;

interface Growing {
  readonly path: string;
  readonly parent: string | undefined;
  readonly origin: TreeNode['origin'];
  readonly meaning: string | undefined;
  own: number;
  subtree: number;
  readonly spellings: Counted[];
}

/** Aliases, other cases and absolute URIs count where `classify` says; `facet.values` the most frequent first. */
export function countTree(
  data: TaxonomyData,
  classify: Classifier,
  { absent, other, values }: Facet,
  total: number,
): TaxonomyTree {
  const nodes = new Map<string, Growing>();
  const outside: (Counted & { readonly kind: TaxonomyKind })[] = [];

  const given = new Map(data.nodes.map((node) => [node.path, node]));

  function nodeAt(path: string): Growing {
    const known = nodes.get(path);
    if (known !== undefined) return known;
    const parent = parentOf(path);
    if (parent !== undefined) nodeAt(parent);
    const { meaning, origin } = given.get(path) ?? { origin: 'extension', meaning: undefined };
    const node: Growing = { path, parent, origin, meaning, own: 0, subtree: 0, spellings: [] };
    nodes.set(path, node);
    return node;
  }

  for (const path of given.keys()) nodeAt(path);
  for (const { count, value } of values) {
    const { canonical, kind, standard } = classify(value);
    if (standard === undefined) {
      outside.push({ value, kind, count });
      continue;
    }
    const node = nodeAt(canonical);
    node.own += count;
    if (value !== canonical && node.spellings.length < MAX_LISTED) node.spellings.push({ value, count });
    for (let at: Growing | undefined = node; at !== undefined;) {
      at.subtree += count;
      at = at.parent === undefined ? undefined : nodes.get(at.parent);
    }
  }
  return {
    total,
    absent,
    nodes: inOrder([...nodes.values()]).map(toNode),
    outside: {
      total: outside.reduce((sum, { count }) => sum + count, other),
      values: outside.slice(0, MAX_LISTED),
      unlisted: outside.slice(MAX_LISTED).reduce((sum, { count }) => sum + count, other),
    },
  };
}

function parentOf(path: string): string | undefined {
  const segments = path.split('/', MAX_DEPTH + 1);
  return segments.length === 1
    ? undefined
    : segments.slice(0, Math.min(segments.length - 1, MAX_DEPTH - 1)).join('/');
}

/** Each behind the node above it; beside each other in the order they were made. */
function inOrder(nodes: readonly Growing[]): readonly Growing[] {
  const below = new Map<string | undefined, Growing[]>();
  for (const node of nodes) {
    const beside = below.get(node.parent);
    if (beside === undefined) below.set(node.parent, [node]);
    else beside.push(node);
  }
  const walk = (parent: string | undefined): Growing[] =>
    (below.get(parent) ?? []).flatMap((node) => [node, ...walk(node.path)]);
  return walk(undefined);
}

function toNode({ meaning, origin, own, parent, path, spellings, subtree }: Growing): TreeNode {
  return {
    path,
    ...(parent === undefined ? {} : { parent }),
    origin,
    ...(meaning === undefined ? {} : { meaning }),
    own,
    subtree,
    ...(spellings.length === 0 ? {} : { spellings }),
  };
}
