/** The query parameters of CIMI over the items of a collection. Those that are not advertised are ignored, as the standard has it. */
import type { CimiValue, Resource } from './resource.ts';

export interface Selected {
  readonly items: readonly Resource[];
  /** Matches of the filter, before the subset. */
  readonly count: number;
}

export function select(
  all: readonly Resource[],
  query: URLSearchParams,
  advertised: ReadonlySet<string>,
): Selected {
  let items = [...all];
  if (advertised.has('FilterParameter'))
    for (const filter of query.getAll('$filter')) items = items.filter((item) => matches(item, filter));
  const order = query.get('$orderby');
  if (advertised.has('OrderByParameter') && order !== null) {
    const [name = '', direction] = order.split(':');
    const sign = direction === 'desc' ? -1 : 1;
    items.sort((a, b) => sign * String(a.attributes[name]).localeCompare(String(b.attributes[name])));
  }
  const count = items.length;
  if (advertised.has('FirstParameter')) {
    const first = Number(query.get('$first') ?? 1);
    const last = Number(query.get('$last') ?? items.length);
    items = items.slice(first - 1, last);
  }
  return { items, count };
}

/** `$select` of a resource or of a collection's items: the attributes named, and what each answer has in any case. */
export function selectAttributes(
  item: Resource,
  query: URLSearchParams,
  advertised: ReadonlySet<string>,
): Resource {
  const wanted = query
    .getAll('$select')
    .flatMap((names) => names.split(','))
    .map((name) => name.trim());
  if (!advertised.has('SelectParameter') || wanted.length === 0 || wanted.includes('*')) return item;
  const attributes = Object.fromEntries(
    Object.entries(item.attributes).filter(([name]) => wanted.includes(name)),
  );
  return { ...item, attributes };
}

/** `a op value` terms joined by ` and `: what a collector asks for. */
function matches(item: Resource, filter: string): boolean {
  return filter.split(' and ').every((term) => {
    const found = /^(\w{1,64})(<=|>=|!=|<|>|=)(.{1,200})$/.exec(term.trim());
    const [, name = '', operator = '', wanted = ''] = found ?? [];
    const has: CimiValue | undefined = item.attributes[name];
    if (found === null || has === undefined) return false;
    const asTime = Date.parse(wanted);
    const [left, right] = Number.isNaN(asTime)
      ? [String(has), wanted.replaceAll(/^['"]|['"]$/g, '')]
      : [Date.parse(String(has)), asTime];
    if (operator === '=') return left === right;
    if (operator === '!=') return left !== right;
    if (operator === '<') return left < right;
    if (operator === '<=') return left <= right;
    return operator === '>' ? left > right : left >= right;
  });
}
