import type { EventQuery, Scope } from '../interface.ts';
import { addEventQuery, addScope } from './event-conditions.ts';
import type { ConditionBuilder } from './event-conditions.ts';
import { NOT_SUPERSEDED } from './merged.ts';

/** Adds which rows a query finds, versions merged where it says so. Answers false when the scope sees nothing. */
export function addFound(conditions: ConditionBuilder, scope: Scope, query: EventQuery): boolean {
  if (!addScope(conditions, scope, query.tenant)) return false;
  addEventQuery(conditions, query);
  if (query.versions !== 'all') conditions.add(NOT_SUPERSEDED);
  return true;
}
