/** One text for one content: the members of CADF entities in the order of the standard's tables, then the others. */
import type { EntityName } from '../entity-members.ts';
import { entityMembers, memberForm } from '../entity-members.ts';
import { logTypeUri, reportTypeUri } from '../entities/uris.ts';
import type { Members } from '../json-members.ts';
import { isMembers } from '../json-members.ts';
import type { MutableMembers } from '../json-object.ts';
import { setMember } from '../json-object.ts';

/** Values nested deeper than this are refused; check texts with `checkJsonDepth` first. */
export const maxCanonicalDepth = 512;

/**
 * JSON text of an event, Log or Report without blanks: known members in the order of the standard, unknown ones
 * after them sorted by code units, all the way down. Content is not changed (for that, `toCanonicalEvent`).
 * Throws RangeError when the value is nested deeper than 512 levels.
 */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(ordered(value, isMembers(value) ? rootEntity(value) : undefined, 0));
}

function rootEntity(value: Members): EntityName {
  const typeUri = value['typeURI'];
  if (typeUri === logTypeUri) return 'log';
  return typeUri === reportTypeUri ? 'report' : 'event';
}

function ordered(value: unknown, entity: EntityName | undefined, depth: number): unknown {
  if (depth > maxCanonicalDepth) throw new RangeError(`nested deeper than ${maxCanonicalDepth} levels`);
  if (Array.isArray(value)) return value.map((element: unknown) => ordered(element, entity, depth + 1));
  if (!isMembers(value)) return value;
  const result: Entry[] = [];
  for (const { name, entity: inner } of entity === undefined ? [] : entityMembers[entity]) {
    if (Object.hasOwn(value, name)) result.push([name, ordered(value[name], inner, depth + 1)]);
  }
  const others = Object.keys(value).filter(
    (name) => entity === undefined || memberForm(entity, name) === undefined,
  );
  others.sort();
  for (const name of others) result.push([name, ordered(value[name], undefined, depth + 1)]);
  return objectOf(result);
}

type Entry = readonly [string, unknown];

/** Names that are array indexes come first in any JS object; that is an order too, and the same for equal contents. */
function objectOf(entries: readonly Entry[]): MutableMembers {
  const object: MutableMembers = {};
  for (const [name, value] of entries) setMember(object, name, value);
  return object;
}
