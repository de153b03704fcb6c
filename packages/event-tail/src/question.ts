/** Which events a reading is about, as text: two readings with the same text can go on from each other's cursors. */
import { printFilter } from '@cadf-pipeline/event-filter';
import type { FollowOptions } from './interface.ts';

/** Without the scope: rights are asked at each delivery, so a cursor stays good where they change. */
export function questionOf({
  filter,
  tenant,
  source,
}: Pick<FollowOptions, 'filter' | 'tenant' | 'source'>): string {
  return JSON.stringify([filter === undefined ? '' : printFilter(filter), tenant ?? null, source ?? null]);
}
