/** Where the placeholders of a template stand, and what their places take: the type check of its parameters. */
import { isTimePath } from './check-path.ts';
import { FilterFaultSignal, toFilterFault } from './fault.ts';
import type { FilterFault } from './fault.ts';
import type {
  CompareOperator,
  Filter,
  FilterTemplate,
  FilterTest,
  FilterValue,
  Path,
  Placeholder,
} from './filter.ts';
import type { ParameterDeclaration, ParameterType } from './parameter.ts';

export interface PlaceholderUse {
  readonly placeholder: Placeholder;
  /** The types that fit here. */
  readonly types: readonly ParameterType[];
  /** Whether it stands for a whole list. */
  readonly list: boolean;
}

/** In the order of the text, a name once for each of its places. */
export function placeholderUses(filter: Filter<Placeholder>): readonly PlaceholderUse[] {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return filter.terms.flatMap(placeholderUses);
    case 'not':
      return placeholderUses(filter.term);
    default:
      return usesOfTest(filter);
  }
}

/** What does not fit between a template and the parameters declared for it; undefined where all do. */
export function checkParameters(
  template: FilterTemplate,
  declared: ReadonlyMap<string, ParameterDeclaration>,
): FilterFault | undefined {
  try {
    for (const use of placeholderUses(template.filter)) checkUse(use, declared);
    return undefined;
  } catch (error) {
    if (!(error instanceof FilterFaultSignal)) throw error;
    return toFilterFault(template.text, error);
  }
}

/** @throws FilterFaultSignal */
export function checkUse(use: PlaceholderUse, declared: ReadonlyMap<string, ParameterDeclaration>): void {
  const { name, start } = use.placeholder;
  const parameter = declared.get(name);
  const fault =
    parameter === undefined
      ? `there is no parameter ${name} to stand here: only a saved query has parameters, those it declares`
      : !use.types.includes(parameter.type)
        ? `:${name} is a parameter of type ${parameter.type}, and here goes ${use.types.join(' or ')}`
        : (parameter.list ?? false) === use.list
          ? undefined
          : use.list
            ? `:${name} is one value, and here goes a list: write (:${name}), or declare it as a list`
            : `:${name} is a list, and here goes one value: a list stands behind in or in cidr, without brackets`;
  if (fault !== undefined) throw new FilterFaultSignal('FILTER_PLACEHOLDER', start, fault);
}

function usesOfTest(test: FilterTest<Placeholder>): readonly PlaceholderUse[] {
  switch (test.kind) {
    case 'compare':
      return useOf(test.value, comparable(test.path, test.operator));
    case 'in':
      return usesOfList(test.values, comparable(test.path, '='));
    case 'cidr':
      return usesOfList(test.ranges, ['cidr']);
    case 'within':
      return useOf(test.text, ['taxonomy']);
    case 'prefix':
    case 'words':
      return useOf(test.text, ['text']);
    case 'exists':
      return [];
  }
}

/** A time for members that hold times; no order of booleans. */
function comparable(path: Path, operator: CompareOperator): readonly ParameterType[] {
  if (isTimePath(path)) return ['time'];
  return operator === '=' || operator === '!='
    ? ['text', 'number', 'boolean', 'time']
    : ['text', 'number', 'time'];
}

function useOf(
  item: FilterValue | string | Placeholder,
  types: readonly ParameterType[],
): readonly PlaceholderUse[] {
  return typeof item === 'object' && item.kind === 'placeholder'
    ? [{ placeholder: item, types, list: false }]
    : [];
}

function usesOfList(
  items: readonly (FilterValue | string | Placeholder)[] | Placeholder,
  types: readonly ParameterType[],
): readonly PlaceholderUse[] {
  return 'kind' in items
    ? [{ placeholder: items, types, list: true }]
    : items.flatMap((item) => useOf(item, types));
}
