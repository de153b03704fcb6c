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

export type CompareOperator = '=' | '!=' | '<' | '<=' | '>' | '>=';

/** One question about the event. */
export type FilterTest =
  | {
      readonly kind: 'compare';
      readonly path: Path;
      readonly operator: CompareOperator;
      readonly value: FilterValue;
    }
  | { readonly kind: 'prefix'; readonly path: Path; readonly text: string }
  /** Words and "phrases"; without a path in the whole event. */
  | { readonly kind: 'words'; readonly path: Path | undefined; readonly text: string }
  | { readonly kind: 'in'; readonly path: Path; readonly values: readonly FilterValue[] }
  /** Address ranges such as `10.0.0.0/8`, as written. */
  | { readonly kind: 'cidr'; readonly path: Path; readonly ranges: readonly string[] }
  | { readonly kind: 'within'; readonly path: Path; readonly text: string }
  | { readonly kind: 'exists'; readonly path: Path };

/** `and` and `or` have two terms or more. */
export type Filter =
  | { readonly kind: 'and' | 'or'; readonly terms: readonly Filter[] }
  | { readonly kind: 'not'; readonly term: Filter }
  | FilterTest;

/** Bytes of a filter's text in UTF-8. */
export const maxFilterBytes = 8192;
/** Brackets and `not` around each other. */
export const maxFilterDepth = 32;
/** Items of one list. */
export const maxListItems = 1000;
