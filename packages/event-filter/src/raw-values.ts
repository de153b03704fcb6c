/**
 * What the JSON text of an event has under some names, found by searching instead of parsing: it may be more than is at
 * paths that end in the names, never less. Most events concern no subscription, and are told apart so in half the time that
 * it takes to parse them.
 */
import { isRoleName, roleNames } from '@cadf-pipeline/cadf-model';
import type { Path } from './filter.ts';

export type RawValue = string | number | boolean;

/**
 * Looks through a JSON text; calls `see` with each text, number and truth value under one of the names, wherever it stands.
 * False where the text has to be parsed to know all: names and values may be written with escapes, and values may be in a
 * list.
 */
export type RawScan = (json: string, see: (name: string, value: RawValue) => void) => boolean;

/**
 * Under which names the values of a path stand; undefined where that cannot be said. An id of a role may stand beside it
 * (`initiatorId`), and be that of a role it points at (`resolveRole`).
 */
export function rawNames(path: Path): readonly string[] | undefined {
  const [role] = path;
  const name = path.at(-1);
  if (name === undefined || (path.length === 1 && isRoleName(role))) return undefined;
  if (isRoleName(role) && path.length === 2 && name === 'id')
    return [name, ...roleNames.map((each) => `${each}Id`)];
  return [name];
}

export function createRawScan(names: readonly string[]): RawScan {
  // Each name once, from left to right: nothing is looked at twice.
  const member = new RegExp(
    String.raw`"(${names.map(literally).join('|')})"[ \t\r\n]*:[ \t\r\n]*(?:"([^"]*)"|([^\s,}\]{"]+))?`,
    'g',
  );
  return (json, see) => {
    if (json.includes('\\')) return false;
    member.lastIndex = 0;
    for (let match = member.exec(json); match !== null; match = member.exec(json)) {
      const [, name = '', text, literal] = match;
      if (text !== undefined) see(name, text);
      else if (literal === undefined || literal === 'null') continue;
      else if (literal.startsWith('[')) return false;
      else see(name, literal === 'true' || literal === 'false' ? literal === 'true' : Number(literal));
    }
    return true;
  };
}

function literally(name: string): string {
  return name.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`);
}
