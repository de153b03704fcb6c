import { endOfString, keyOf, skipBlanks } from '@cadf-pipeline/cadf-model';

const COLON = 0x3a;

/** Gives names that no member in the text has: of a name twice in one object, readers would take the last only. */
export interface MemberNames {
  free(name: string): string;
}

/** Of a JSON text. In linear time, however many members ask for the same name. */
export function createMemberNames(text: string): MemberNames {
  const taken = namesIn(text);
  const counts = new Map<string, number>();
  return {
    free(wanted) {
      let name = wanted;
      let count = counts.get(wanted) ?? 1;
      while (taken.has(name)) name = `${wanted}~${++count}`;
      counts.set(wanted, count);
      taken.add(name);
      return name;
    },
  };
}

function namesIn(text: string): Set<string> {
  const names = new Set<string>();
  for (let at = text.indexOf('"'); at >= 0; at = text.indexOf('"', at)) {
    const end = endOfString(text, at);
    if (text.charCodeAt(skipBlanks(text, end + 1)) === COLON) names.add(keyOf(text.slice(at + 1, end)));
    at = end + 1;
  }
  return names;
}
