/** The filter language of queries, facets, subscriptions, feeds, exports, reports and tenant rules. No I/O. */
export { maxFilterBytes, maxFilterDepth, maxListItems } from './filter.ts';
export type {
  CompareOperator,
  Filter,
  FilterTemplate,
  FilterTest,
  FilterValue,
  Path,
  Placeholder,
} from './filter.ts';
export type { FilterFault, FilterFaultCode } from './fault.ts';
export { anchorKeys, anchorsOf, seeAnchorKeys } from './anchor.ts';
export type { Anchor } from './anchor.ts';
export { parseAddress } from './cidr.ts';
export type { Address } from './cidr.ts';
export { allOf } from './all-of.ts';
export { bindFilter } from './bind-filter.ts';
export type { FilterParameters, ParsedFilter } from './bind-filter.ts';
export { maxParameterLength, parameterTypes, readParameter } from './parameter.ts';
export type { FilterParameter, ParameterDeclaration, ParameterType } from './parameter.ts';
export { parseFilter, parseTemplate } from './parse.ts';
export type { ParsedTemplate } from './parse.ts';
export { checkParameters, placeholderUses } from './placeholder-uses.ts';
export type { PlaceholderUse } from './placeholder-uses.ts';
export { maxPlanningCost, valuesPlanningCost } from './planning-cost.ts';
export { printFilter } from './print.ts';
export { compilePredicate } from './predicate.ts';
export type { EventPredicate } from './predicate.ts';
export { createRawScan, rawNames } from './raw-values.ts';
export type { RawScan, RawValue } from './raw-values.ts';
export { sqlCondition } from './sql/sql-condition.ts';
export type { SqlCondition, SqlTextCondition } from './sql/sql-condition.ts';
export { sqlColumn, sqlValues } from './sql/sql-values.ts';
export type { SqlValues } from './sql/sql-values.ts';
