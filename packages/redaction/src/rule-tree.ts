/** The paths of the rules that an event is under, as a tree of member names. */
import { isRoleName, resolveRole, roleNames } from '@cadf-pipeline/cadf-model';
import type { Members, RoleName } from '@cadf-pipeline/cadf-model';
import type { Path } from '@cadf-pipeline/event-filter';
import type { AddressPrefixes } from './generalise.ts';
import type { RedactionAction } from './rule.ts';

/** A compiled rule. */
export interface Action {
  /** Place of the rule in the list. */
  readonly index: number;
  readonly action: RedactionAction;
  readonly paths: readonly Path[];
  readonly prefixes: AddressPrefixes;
  readonly everyAddress: boolean;
}

export interface RuleNode {
  /** What happens to a value here and to everything in it. */
  act: Action | undefined;
  readonly children: Map<string, RuleNode>;
}

const STRICTNESS: Readonly<Record<RedactionAction, number>> = { remove: 4, mask: 3, hash: 2, generalise: 1 };

/** Of two rules for one value the one that leaves less of it; of like ones the first in the list. */
export function stricter(one: Action | undefined, other: Action | undefined): Action | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  const more = STRICTNESS[one.action] - STRICTNESS[other.action];
  if (more !== 0) return more > 0 ? one : other;
  return one.index <= other.index ? one : other;
}

/** Which role each role of an event means, `''` for itself; in the order of `roleNames`. */
export type RoleReferences = readonly (RoleName | '')[];

export function roleReferences(event: Members): RoleReferences {
  return roleNames.map((name) => resolveRole(event, name).refersTo);
}

/**
 * A path that begins with a role means what the filter language means by it: the resource in the member, the id beside
 * it (`initiatorId`), and the resource of the role that it points at.
 */
export function ruleTree(actions: readonly Action[], references: RoleReferences): RuleNode {
  const root: RuleNode = { act: undefined, children: new Map() };
  for (const action of actions)
    for (const path of action.paths) for (const each of meant(path, references)) put(root, each, action);
  return root;
}

function meant(path: Path, references: RoleReferences): readonly Path[] {
  const [role, ...rest] = path;
  if (role === 'reporterchain') return [path, ['reportersteps', ...rest]];
  if (role === 'measurements') return [path, ['measurement', ...rest]];
  if (!isRoleName(role)) return [path];
  const other = references[roleNames.indexOf(role)];
  const roles = other === undefined || other === '' ? [role] : [role, other];
  const isId = rest.length === 0 || (rest.length === 1 && rest[0] === 'id');
  return roles.flatMap((name) => (isId ? [[name, ...rest], [`${name}Id`]] : [[name, ...rest]]));
}

function put(root: RuleNode, path: Path, action: Action): void {
  let node = root;
  for (const name of path) {
    let child = node.children.get(name);
    if (child === undefined) node.children.set(name, (child = { act: undefined, children: new Map() }));
    node = child;
  }
  node.act = stricter(node.act, action);
}
