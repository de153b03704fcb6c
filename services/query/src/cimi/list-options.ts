/** The query parameters of CIMI (DSP0263 4.1.6): read as the standard has them, what it does not know ignored. */
import { parseFilter } from '@cadf-pipeline/event-filter';
import type { Filter } from '@cadf-pipeline/event-filter';
import { frameworkErrors, ProblemError } from '@cadf-pipeline/service-kit';
import { Type } from 'typebox';
import type { Static } from 'typebox';

export const DEFAULT_PAGE = 100;
export const MAX_PAGE = 1000;
const MAX_STEPS = 8;

const Words = (description: string, example: string) =>
  Type.Optional(
    Type.Array(Type.String({ maxLength: 4096 }), { maxItems: 16, description, examples: [[example]] }),
  );

const Format = Type.Optional(
  Type.String({
    description: '`json` or `xml`; wins over Accept.',
    examples: ['json'],
  }),
);
const Select = Words('Attributes wanted, with commas between; `*`: all.', 'id,name');
const Expand = Words(
  'References whose resources are put in, with commas between; `*` or empty: all.',
  'events',
);

/** Of a resource that is no collection. */
export const ResourceParameters = Type.Object({ $select: Select, $expand: Expand, $format: Format });

export const CollectionParameters = Type.Object({
  $filter: Type.Optional(
    Type.Array(Type.String({ maxLength: 8192 }), {
      maxItems: 16,
      description:
        "What items are wanted: `timestamp>=2026-11-01T00:00:00Z and outcome='Failure'`. Several: all hold.",
      examples: [["outcome='Failure'"]],
    }),
  ),
  $first: Type.Optional(
    Type.Integer({ description: 'The first item wanted, from 1; default 1.', examples: [1] }),
  ),
  $last: Type.Optional(
    Type.Integer({
      description: `The last item wanted; default ${DEFAULT_PAGE} items. At most ${MAX_PAGE} are answered.`,
      examples: [100],
    }),
  ),
  $orderby: Words('`timestamp:desc,name`; `asc` unless said.', 'timestamp:desc'),
  $select: Select,
  $expand: Expand,
  $format: Format,
});
export type CollectionParameters = Static<typeof CollectionParameters>;
export type ResourceParameters = Static<typeof ResourceParameters>;

export interface OrderStep {
  readonly attribute: string;
  readonly direction: 'asc' | 'desc';
}

/** Undefined: all. */
export type Names = ReadonlySet<string> | undefined;

export interface ListOptions {
  readonly filters: readonly Filter[];
  readonly orderBy: readonly OrderStep[];
  readonly skip: number;
  /** 0 to 1,000. */
  readonly limit: number;
}

/** Throws REQUEST_INVALID, telling where. */
export function readListOptions(parameters: CollectionParameters): ListOptions {
  const first = Math.max(1, parameters.$first ?? 1);
  const last = parameters.$last ?? first + DEFAULT_PAGE - 1;
  return {
    filters: (parameters.$filter ?? []).map(readFilter),
    orderBy: readOrder(parameters.$orderby),
    skip: first - 1,
    limit: Math.min(MAX_PAGE, Math.max(0, last - first + 1)),
  };
}

/** Names in a list of `$select` or `$expand`; undefined for `*`, and for what is not there. */
export function readNames(lists: readonly string[] | undefined): Names {
  if (lists === undefined) return undefined;
  const names = wordsOf(lists);
  return names.includes('*') || names.length === 0 ? undefined : new Set(names);
}

/** Whether a reference is to be expanded: named, or all are. */
export function expands(lists: readonly string[] | undefined, name: string): boolean {
  return lists !== undefined && (readNames(lists)?.has(name) ?? true);
}

export function invalid(detail: string): ProblemError {
  return new ProblemError(frameworkErrors.REQUEST_INVALID, { detail });
}

function readFilter(text: string): Filter {
  // A plus sign that was not percent-encoded arrives as a blank: in a time it can only have been a plus.
  const parsed = parseFilter(text.replaceAll(/(?<=T\d\d:\d\d:\d\d(?:\.\d{1,12})?) (?=\d\d:\d\d)/g, '+'));
  if (parsed.ok) return parsed.filter;
  const { column, excerpt, message } = parsed.fault;
  throw invalid(`$filter cannot be read at column ${column}: ${message}.\n${excerpt}`);
}

function readOrder(lists: readonly string[] | undefined): readonly OrderStep[] {
  const steps = wordsOf(lists ?? []);
  if (steps.length > MAX_STEPS) throw invalid(`$orderby has more than ${MAX_STEPS} attributes.`);
  return steps.map((step) => {
    const [attribute = '', direction = 'asc', ...more] = step.split(':').map((part) => part.trim());
    const wanted = direction.toLowerCase();
    if ((wanted !== 'asc' && wanted !== 'desc') || more.length > 0)
      throw invalid(
        `$orderby has ${JSON.stringify(step.slice(0, 60))}: write an attribute, then :asc or :desc.`,
      );
    return { attribute, direction: wanted };
  });
}

function wordsOf(lists: readonly string[]): string[] {
  return lists
    .flatMap((list) => list.split(','))
    .map((word) => word.trim())
    .filter((word) => word !== '');
}
