/** The syntax tree of a filter: what the parser makes, the printer writes, and the predicate is compiled from. */

/** Names from the event down, such as `['initiator', 'host', 'address']`; at least one. Lists are passed through. */
export type Path = readonly string[];

export type FilterValue =
  | { readonly kind: 'string'; readonly text: string }
  /** A finite number; whole ones are safe integers. */
  | { readonly kind: 'number'; readonly number: number }
  /** xs:date or xs:dateTime as written, and the instant in milliseconds since 1970. */
  | { readonly kind: 'time'; readonly text: string; readonly ms: number }
  | { readonly kind: 'boolean'; readonly boolean: boolean }
  | { readonly kind: 'null' };

/** `:name` in a template: stands for a value, or for a whole list behind `in` and `in cidr`. */
export interface Placeholder {
  readonly kind: 'placeholder';
  readonly name: string;
  /** Index of its colon in the text it was read from. */
  readonly start: number;
}

export type CompareOperator = '=' | '!=' | '<' | '<=' | '>' | '>=';

/** One question about the event. `Hole` may stand where a value is: a filter that can be asked has none. */
export type FilterTest<Hole = never> =
  | {
      readonly kind: 'compare';
      readonly path: Path;
      readonly operator: CompareOperator;
      readonly value: FilterValue | Hole;
    }
  | { readonly kind: 'prefix'; readonly path: Path; readonly text: string | Hole }
  /** Words and "phrases"; without a path in the whole event. */
  | { readonly kind: 'words'; readonly path: Path | undefined; readonly text: string | Hole }
  | {
      readonly kind: 'in';
      readonly path: Path;
      readonly values: readonly (FilterValue | Hole)[] | Hole;
    }
  /** Address ranges such as `10.0.0.0/8`, as written. */
  | { readonly kind: 'cidr'; readonly path: Path; readonly ranges: readonly (string | Hole)[] | Hole }
  | { readonly kind: 'within'; readonly path: Path; readonly text: string | Hole }
  | { readonly kind: 'exists'; readonly path: Path };

/** `and` and `or` have two terms or more. */
export type Filter<Hole = never> =
  | { readonly kind: 'and' | 'or'; readonly terms: readonly Filter<Hole>[] }
  | { readonly kind: 'not'; readonly term: Filter<Hole> }
  | FilterTest<Hole>;

/** A filter with placeholders, and the text its faults are shown in. */
export interface FilterTemplate {
  readonly text: string;
  readonly filter: Filter<Placeholder>;
}

/** Bytes of a filter's text in UTF-8. */
export const maxFilterBytes = 8192;
/** Brackets and `not` around each other. */
export const maxFilterDepth = 32;
/** Items of one list. */
export const maxListItems = 1000;
