/**
 * Puts values into the syntax tree of a template. A value never becomes text of the filter, so whatever stands in it, it
 * stays one value.
 */
import { FilterFaultSignal, toFilterFault } from './fault.ts';
import type { FilterFault } from './fault.ts';
import { maxFilterBytes } from './filter.ts';
import type { Filter, FilterTemplate, FilterTest, FilterValue, Path, Placeholder } from './filter.ts';
import type { FilterParameter } from './parameter.ts';
import { checkUse, placeholderUses } from './placeholder-uses.ts';
import { maxPlanningCost, planningCost, TOO_DEAR } from './planning-cost.ts';
import { taxonomyOf } from './within.ts';
import { parsePhrases } from './words.ts';

export type ParsedFilter =
  | { readonly ok: true; readonly filter: Filter }
  | { readonly ok: false; readonly fault: FilterFault };

export type FilterParameters = ReadonlyMap<string, FilterParameter>;

/**
 * The filter a template is with these parameters: what it would be with literals in their places. Never throws: a
 * placeholder without a value, of another type than its place takes, or a value that makes the filter exceed a bound is an
 * outcome. A parameter that no place asks for is let be.
 */
export function bindFilter(template: FilterTemplate, parameters: FilterParameters): ParsedFilter {
  try {
    let bytes = 0;
    for (const use of placeholderUses(template.filter)) {
      checkUse(use, parameters);
      bytes += bytesOf(parameters.get(use.placeholder.name));
      if (bytes > maxFilterBytes) {
        const message = `the values bound up to here are longer than ${maxFilterBytes} bytes together`;
        throw new FilterFaultSignal('FILTER_TOO_LONG', use.placeholder.start, message);
      }
    }
    return { ok: true, filter: bind(template.filter, { parameters, cost: 0, start: 0 }) };
  } catch (error) {
    if (!(error instanceof FilterFaultSignal)) throw error;
    return { ok: false, fault: toFilterFault(template.text, error) };
  }
}

interface Binding {
  readonly parameters: FilterParameters;
  /** What the tests bound so far cost together. */
  cost: number;
  /** Place of the last placeholder: a template costs too much only because of one. */
  start: number;
}

function bind(filter: Filter<Placeholder>, binding: Binding): Filter {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return { kind: filter.kind, terms: filter.terms.map((term) => bind(term, binding)) };
    case 'not':
      return { kind: 'not', term: bind(filter.term, binding) };
    default: {
      const test = bindTest(filter, binding);
      binding.cost += planningCost(test);
      if (binding.cost > maxPlanningCost)
        throw new FilterFaultSignal('FILTER_TOO_DEAR', binding.start, TOO_DEAR);
      return test;
    }
  }
}

function bindTest(test: FilterTest<Placeholder>, binding: Binding): FilterTest {
  switch (test.kind) {
    case 'compare':
      return { ...test, value: bindValue(test.value, binding) };
    case 'in': {
      const values =
        'kind' in test.values
          ? valuesOf(test.values, binding)
          : test.values.map((value) => bindValue(value, binding));
      return { ...test, values };
    }
    case 'cidr': {
      const ranges =
        'kind' in test.ranges
          ? valuesOf(test.ranges, binding).map(textOf)
          : test.ranges.map((range) => bindText(range, binding));
      return { ...test, ranges };
    }
    case 'within':
      return { ...test, text: bindNode(test.path, test.text, binding) };
    case 'words':
      return { ...test, text: bindWords(test.text, binding) };
    case 'prefix':
      return { ...test, text: bindText(test.text, binding) };
    case 'exists':
      return test;
  }
}

function bindWords(text: string | Placeholder, binding: Binding): string {
  const bound = bindText(text, binding);
  const phrases = parsePhrases(bound);
  if (typeof phrases === 'string')
    throw new FilterFaultSignal('FILTER_VALUE_INVALID', binding.start, phrases);
  return bound;
}

function bindNode(path: Path, text: string | Placeholder, binding: Binding): string {
  const bound = bindText(text, binding);
  if (typeof text !== 'string' && taxonomyOf(path)?.classify(bound).kind === 'malformed') {
    const message = `the value of :${text.name} is no path of the taxonomy of ${path.join('/')}`;
    throw new FilterFaultSignal('FILTER_VALUE_INVALID', binding.start, message);
  }
  return bound;
}

function bindText(text: string | Placeholder, binding: Binding): string {
  return typeof text === 'string' ? text : textOf(oneOf(text, binding));
}

function bindValue(value: FilterValue | Placeholder, binding: Binding): FilterValue {
  return value.kind === 'placeholder' ? oneOf(value, binding) : value;
}

function oneOf(placeholder: Placeholder, binding: Binding): FilterValue {
  const [value, second] = valuesOf(placeholder, binding);
  if (value === undefined || second !== undefined)
    throw new RangeError(`:${placeholder.name} is not one value`);
  return value;
}

function valuesOf({ name, start }: Placeholder, binding: Binding): readonly FilterValue[] {
  binding.start = start;
  return binding.parameters.get(name)?.values ?? [];
}

function textOf(value: FilterValue): string {
  if (value.kind !== 'string') throw new RangeError(`a text was expected, not ${value.kind}`);
  return value.text;
}

function bytesOf(parameter: FilterParameter | undefined): number {
  const texts = parameter?.values.map((value) => ('text' in value ? value.text : '')) ?? [];
  return texts.reduce((sum, text) => sum + new TextEncoder().encode(text).length, 0);
}
