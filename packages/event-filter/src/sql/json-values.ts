/** The values at a path of an event's JSON text, in SQL: what `walk.ts` does with the parsed event. */
import { isRoleName, roleNames } from '@cadf-pipeline/cadf-model';
import type { RoleName } from '@cadf-pipeline/cadf-model';
import type { Path } from '../filter.ts';
import type { Bind } from './bind.ts';
import { sqlText } from './bind.ts';
import { mendJson } from './mend-json.ts';

/** Lists in lists are passed through so deep; texts are at most 64 deep when they are taken in. */
const MAX_DEPTH = 64;

/**
 * Expressions over a column `text`. What several use is computed once, in stages: the columns of a stage are made of
 * those of the stages before it.
 */
export interface JsonValues {
  /** Array(String): texts of the leaves at the path; those of a number as JavaScript writes it. */
  leaves(path: Path): string;
  /** Array(String): texts of all leaves anywhere below the path, or, without a path, in the event. */
  deepLeaves(path: Path | undefined): string;
  /** UInt8: whether there is a value that is not null. */
  exists(path: Path): string;
  /** `expression AS name`, by stage. */
  readonly stages: readonly (readonly string[])[];
}

/** Members of an object: their names and raw values, the last first. */
interface Members {
  readonly names: string;
  readonly values: string;
}

const STAGED = /filter_v(\d+)/g;

export function createJsonValues(bind: Bind): JsonValues {
  const stages: string[][] = [];
  const levels: number[] = [];
  const known = new Map<string, string>();

  /** The name under which later stages have the expression. The engine computes what one stage says twice once. */
  function staged(sql: string): string {
    const before = known.get(sql);
    if (before !== undefined) return before;
    const name = `filter_v${levels.length}`;
    const uses = Array.from(sql.matchAll(STAGED), ([, index]) => levels[Number(index)] ?? 0);
    const level = Math.max(-1, ...uses) + 1;
    levels.push(level);
    known.set(sql, name);
    (stages[level] ??= []).push(`${sql} AS ${name}`);
    return name;
  }

  const keys = new Map<string, string>();
  function keyOf(name: string): string {
    const key = keys.get(name) ?? bind('String', name);
    keys.set(name, key);
    return key;
  }

  function membersOf(value: string): Members {
    const members = `JSONExtractKeysAndValuesRaw(${value})`;
    return { names: staged(`arrayReverse(${members}.1)`), values: staged(`arrayReverse(${members}.2)`) };
  }

  const document = (): string => staged(mendJson('text'));
  const topMember = (name: string): string => memberOf(membersOf(document()), keyOf(name));
  /** Of a member written twice the last counts, as for JSON.parse; '' when there is none. */
  const memberOf = ({ names, values }: Members, key: string): string =>
    `${values}[indexOf(${names}, ${key})]`;

  /** Array(String) of raw values, lists passed through, `null` left out. */
  function valuesAt(path: Path): string {
    const [first = '', ...steps] = path;
    const start = isRoleName(first) ? resolvedRole(first) : topMember(first);
    let found = staged(passLists(`if(${start} = '', [], [${start}])`));
    for (const step of steps) {
      const member = `arrayLast(m -> m.1 = ${keyOf(step)}, JSONExtractKeysAndValuesRaw(v)).2`;
      const objects = `arrayFilter(v -> startsWith(v, '{'), ${found})`;
      found = staged(passLists(`arrayFilter(v -> v != '', arrayMap(v -> ${member}, ${objects}))`));
    }
    return `arrayFilter(v -> v != 'null', ${found})`;
  }

  function ownRole(role: RoleName): string {
    const own = topMember(role);
    const id = topMember(`${role}Id`);
    return staged(
      `if(startsWith(${own}, '{') OR ${id} IN ('', 'null'), ${own}, concat('{"id":', ${id}, '}'))`,
    );
  }

  /** The other role's name that the role's own resource only points at, or ''. */
  function referredRole(role: RoleName): string {
    const pairs = `JSONExtractKeysAndValuesRaw(${ownRole(role)})`;
    const members = { names: `arrayReverse(${pairs}.1)`, values: `arrayReverse(${pairs}.2)` };
    const [id, type, called] = ['id', 'typeURI', 'name'].map((name) => memberOf(members, keyOf(name)));
    const others = roleNames.filter((name) => name !== role).map((name) => `'"${name}"'`);
    const blank = (value = ''): string => `match(${value}, ${BLANK})`;
    return staged(
      `if(${id} IN (${others.join(', ')}) AND (${type} = '"unknown"' OR ${blank(type)}) AND ${blank(called)}, ${id}, '')`,
    );
  }

  function resolvedRole(role: RoleName): string {
    const others = roleNames
      .filter((name) => name !== role)
      .map((name) => `${referredRole(role)} = '"${name}"' AND ${referredRole(name)} = '', ${ownRole(name)}`);
    return staged(`multiIf(${others.join(', ')}, ${ownRole(role)})`);
  }

  /** Elements in place of lists, at any depth; most values have none, and most lists hold none. */
  const passLists = (values: string): string => openAll(values, OPEN_LISTS, HAS_LIST);

  function openAll(values: string, open: string, has: string): string {
    const once = open.replaceAll('VALUES', values);
    const more = has.replaceAll('VALUES', once);
    return `arrayFold((acc, i) -> ${open.replaceAll('VALUES', 'acc')}, range(if(${more}, ${MAX_DEPTH}, 0)), ${once})`;
  }

  return {
    stages,
    leaves: (path) =>
      staged(`arrayMap(v -> ${leafText('v')}, arrayFilter(v -> NOT startsWith(v, '{'), ${valuesAt(path)}))`),
    deepLeaves(path) {
      const open = openAll(
        path === undefined ? `[${document()}]` : valuesAt(path),
        OPEN_CONTAINERS,
        HAS_CONTAINER,
      );
      return staged(`arrayMap(v -> ${leafText('v')}, arrayFilter(v -> v != 'null', ${open}))`);
    },
    exists: (path) => `notEmpty(${valuesAt(path)})`,
  };
}

/** Nothing, `null`, empty text, a list or an object. */
const BLANK = sqlText('^(?:$|null$|""$|\\[|\\{)');
const OPEN_LISTS = "arrayFlatten(arrayMap(v -> if(startsWith(v, '['), JSONExtractArrayRaw(v), [v]), VALUES))";
const HAS_LIST = "arrayExists(v -> startsWith(v, '['), VALUES)";

const MEMBERS = 'arraySort(m -> (m.2.1, m.1), arrayZip(arrayEnumerate(MEMBERS_OF), MEMBERS_OF))'.replaceAll(
  'MEMBERS_OF',
  'JSONExtractKeysAndValuesRaw(v)',
);
/** The last of members of one name is the one whose follower, in order of names, has another name. */
const LAST_MEMBERS = `arrayMap(s -> arrayMap(p -> p.1.2.2, arrayFilter(p -> p.1.2.1 != p.2.2.1 OR p.1.1 = p.2.1, arrayZip(s, arrayResize(arrayPopFront(s), length(s), s[-1])))), [${MEMBERS}])[1]`;
const OPEN_CONTAINERS = `arrayFlatten(arrayMap(v -> multiIf(startsWith(v, '['), JSONExtractArrayRaw(v), startsWith(v, '{'), ${LAST_MEMBERS}, [v]), VALUES))`;
const HAS_CONTAINER = "arrayExists(v -> startsWith(v, '[') OR startsWith(v, '{'), VALUES)";

/** Of a raw leaf. */
function leafText(v: string): string {
  const number = `JSONExtractFloat(${v})`;
  const written = `replaceRegexpOne(toString(${number}), 'e([0-9])', 'e+\\\\1')`;
  return `multiIf(startsWith(${v}, '"'), JSONExtractString(${v}), match(${v}, '^(?:true|false|-?[1-9][0-9]{0,14})$'), ${v}, ${number} = 0, '0', ${written})`;
}
