/**
 * Parts of a JSON text, as text: what is kept stays character for character as it was written. The text should have
 * passed JSON.parse and `checkJsonDepth`.
 */
import { endOfString } from './depth.ts';
import { keyOf, skipBlanks, skipValue } from './locate.ts';

/** Paths as a tree of member names. Without children, the whole value is meant. */
export interface JsonSelection {
  readonly children: ReadonlyMap<string, JsonSelection>;
}

/** A path that begins with another one adds nothing to it. Lists on the way stand for each of their elements. */
export function jsonSelection(paths: readonly (readonly string[])[]): JsonSelection {
  const root = new Map<string, JsonSelection>();
  const whole = new Set<Map<string, JsonSelection>>();
  for (const path of paths) {
    let children = root;
    for (const name of path) {
      if (whole.has(children)) break;
      const known = children.get(name)?.children;
      const next = known instanceof Map ? known : new Map<string, JsonSelection>();
      if (known === undefined) children.set(name, { children: next });
      children = next;
    }
    children.clear();
    whole.add(children);
  }
  return { children: root };
}

/**
 * The text with only what is selected, in its place, and what stands around it; `{}` when nothing is. Members, elements
 * and lists in which nothing was found are left out. Of members given twice the last counts, as in JSON.parse.
 */
export function selectJson(text: string, selection: JsonSelection): string {
  return selectValue(text, skipBlanks(text, 0), selection).kept ?? '{}';
}

interface Selected {
  /** Index after the value. */
  readonly end: number;
  readonly kept: string | undefined;
}

function selectValue(text: string, start: number, { children }: JsonSelection): Selected {
  if (children.size === 0) {
    const end = skipValue(text, start);
    return { end, kept: text.slice(start, end) };
  }
  const code = text.charCodeAt(start);
  if (code === 0x7b) return selectMembers(text, start, children);
  if (code === 0x5b) return selectElements(text, start, { children });
  return { end: skipValue(text, start), kept: undefined };
}

function selectMembers(text: string, start: number, children: JsonSelection['children']): Selected {
  const kept = new Map<string, string>();
  let at = skipBlanks(text, start + 1);
  while (text.charCodeAt(at) === 0x22) {
    const keyEnd = endOfString(text, at);
    const written = text.slice(at + 1, keyEnd);
    const name = keyOf(written);
    const child = children.get(name);
    at = skipBlanks(text, skipBlanks(text, keyEnd + 1) + 1);
    if (child === undefined) at = skipValue(text, at);
    else {
      const value = selectValue(text, at, child);
      kept.delete(name);
      if (value.kept !== undefined) kept.set(name, `"${written}":${value.kept}`);
      at = value.end;
    }
    at = skipBlanks(text, at);
    if (text.charCodeAt(at) === 0x2c) at = skipBlanks(text, at + 1);
  }
  return { end: at + 1, kept: kept.size === 0 ? undefined : `{${[...kept.values()].join(',')}}` };
}

function selectElements(text: string, start: number, selection: JsonSelection): Selected {
  const kept: string[] = [];
  let at = skipBlanks(text, start + 1);
  while (at < text.length && text.charCodeAt(at) !== 0x5d) {
    const value = selectValue(text, at, selection);
    if (value.kept !== undefined) kept.push(value.kept);
    at = skipBlanks(text, value.end);
    if (text.charCodeAt(at) === 0x2c) at = skipBlanks(text, at + 1);
  }
  return { end: at + 1, kept: kept.length === 0 ? undefined : `[${kept.join(',')}]` };
}

/**
 * The values at one path as they are written: one, or those of all elements where lists stand on the way (`list`). A
 * list at the end of the path is one value. Of members given twice the last counts.
 */
export function selectJsonValues(
  text: string,
  path: readonly string[],
): { readonly values: readonly string[]; readonly list: boolean } {
  let list = false;

  function valuesAt(
    start: number,
    step: number,
  ): { readonly end: number; readonly found: readonly string[] } {
    const name = path[step];
    if (name === undefined) {
      const end = skipValue(text, start);
      return { end, found: [text.slice(start, end)] };
    }
    const code = text.charCodeAt(start);
    if (code === 0x7b) return valuesOfMember(start, name, step);
    if (code !== 0x5b) return { end: skipValue(text, start), found: [] };
    const found: string[] = [];
    let at = skipBlanks(text, start + 1);
    while (at < text.length && text.charCodeAt(at) !== 0x5d) {
      const value = valuesAt(at, step);
      found.push(...value.found);
      at = skipBlanks(text, value.end);
      if (text.charCodeAt(at) === 0x2c) at = skipBlanks(text, at + 1);
    }
    if (found.length > 0) list = true;
    return { end: at + 1, found };
  }

  function valuesOfMember(
    start: number,
    name: string,
    step: number,
  ): { readonly end: number; readonly found: readonly string[] } {
    let found: readonly string[] = [];
    let at = skipBlanks(text, start + 1);
    while (text.charCodeAt(at) === 0x22) {
      const keyEnd = endOfString(text, at);
      const isIt = keyOf(text.slice(at + 1, keyEnd)) === name;
      at = skipBlanks(text, skipBlanks(text, keyEnd + 1) + 1);
      if (isIt) {
        const value = valuesAt(at, step + 1);
        found = value.found;
        at = value.end;
      } else at = skipValue(text, at);
      at = skipBlanks(text, at);
      if (text.charCodeAt(at) === 0x2c) at = skipBlanks(text, at + 1);
    }
    return { end: at + 1, found };
  }

  const { found } = valuesAt(skipBlanks(text, 0), 0);
  return { values: found, list };
}
