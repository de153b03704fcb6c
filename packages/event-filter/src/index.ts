/** The filter language of queries, facets, subscriptions, feeds, exports, reports and tenant rules. No I/O. */
export { maxFilterBytes, maxFilterDepth, maxListItems } from './filter.ts';
export type { CompareOperator, Filter, FilterTest, FilterValue, Path } from './filter.ts';
export type { FilterFault, FilterFaultCode } from './fault.ts';
export { parseFilter } from './parse.ts';
export type { ParsedFilter } from './parse.ts';
export { maxPlanningCost, valuesPlanningCost } from './planning-cost.ts';
export { printFilter } from './print.ts';
export { compilePredicate } from './predicate.ts';
export type { EventPredicate } from './predicate.ts';
export { sqlCondition } from './sql/sql-condition.ts';
export type { SqlCondition, SqlTextCondition } from './sql/sql-condition.ts';
export { sqlColumn, sqlValues } from './sql/sql-values.ts';
export type { SqlValues } from './sql/sql-values.ts';
