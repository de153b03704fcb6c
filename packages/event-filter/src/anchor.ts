/**
 * What an event must have for a filter to pass, as keys that can be looked up: with it, an event is asked of the few
 * filters whose keys it has instead of all of them.
 */
import { maxFilterBytes } from './filter.ts';
import type { Filter, FilterTest, FilterValue, Path } from './filter.ts';
import { numberOf } from './literal.ts';
import { compilePath, leafText } from './walk.ts';
import { taxonomyOf } from './within.ts';

/** At `path` the event has a value with one of the keys; which keys a value has is what `how` says. */
export interface Anchor {
  readonly path: Path;
  /** A value as text; as number; each node of a taxonomy that it is within; or its first `chars` characters. */
  readonly how: 'text' | 'number' | 'within' | 'prefix';
  /** Of `prefix`, else 0. */
  readonly chars: number;
  readonly keys: readonly string[];
}

/** What is looked up of an event, of all anchors of one kind at one path. */
export type AnchorKind = Pick<Anchor, 'path' | 'how' | 'chars'>;

/** More keys than this are dearer to hold than the filter is to ask. */
const MAX_KEYS = 1000;
const MAX_ALTERNATIVES = 16;
/** Segments of a node that is looked up, so that a value of many segments has few keys. */
const MAX_STEPS = 32;

/**
 * Of each event that the filter passes at least one of the anchors holds. Undefined where nothing like that is known:
 * such a filter has to be asked of every event.
 */
export function anchorsOf(filter: Filter): readonly Anchor[] | undefined {
  switch (filter.kind) {
    case 'and': {
      const found = filter.terms.flatMap((term) => {
        const anchors = anchorsOf(term);
        return anchors === undefined ? [] : [anchors];
      });
      // The one that is likely to hold of the fewest events.
      return found.sort((left, right) => commonness(left) - commonness(right))[0];
    }
    case 'or': {
      const found = filter.terms.map(anchorsOf);
      const all = found.flatMap((anchors) => anchors ?? []);
      return found.includes(undefined) || all.length > MAX_ALTERNATIVES ? undefined : all;
    }
    case 'compare':
      return filter.operator === '=' ? anchorOf(filter, [filter.value]) : undefined;
    case 'in':
      return anchorOf(filter, filter.values);
    case 'within': {
      const keys = nodeKeys(filter.path, filter.text);
      if (keys.some((key) => key.split('/').length > MAX_STEPS)) return undefined;
      return [{ path: filter.path, how: 'within', chars: 0, keys }];
    }
    case 'prefix': {
      const { path, text } = filter;
      return text === '' ? undefined : [{ path, how: 'prefix', chars: text.length, keys: [text] }];
    }
    default:
      return undefined;
  }
}

/** The keys that an event has at the path, each at least once. */
export function anchorKeys(kind: AnchorKind): (event: unknown) => readonly string[] {
  let keys: string[] = [];
  const see = seeAnchorKeys(kind, (key) => void keys.push(key));
  const visit = compilePath(kind.path, (value) => {
    see(value);
    return false;
  });
  return (event) => {
    keys = [];
    visit(event);
    return keys;
  };
}

/** Calls `add` with each key that a value has: one that was found without parsing (`createRawScan`), or a parsed one. */
export function seeAnchorKeys(
  { path, how, chars }: AnchorKind,
  add: (key: string) => void,
): (value: unknown) => void {
  switch (how) {
    case 'text':
      return (value) => {
        const text = leafText(value);
        if (text !== undefined) add(text);
      };
    case 'number':
      return (value) => {
        const number =
          typeof value === 'number' ? value : typeof value === 'string' ? numberOf(value) : Number.NaN;
        if (Number.isFinite(number)) add(numberKey(number));
      };
    case 'within':
      return (value) => {
        const text = leafText(value);
        if (text !== undefined) addNodes(path, text, add);
      };
    case 'prefix':
      return (value) => {
        const text = leafText(value);
        if (text !== undefined && text.length >= chars) add(text.slice(0, chars));
      };
  }
}

/** One anchor for texts, one for numbers; none where another kind of value is among them. */
function anchorOf(
  { path }: FilterTest & { path: Path },
  values: readonly FilterValue[],
): Anchor[] | undefined {
  const texts: string[] = [];
  const numbers: string[] = [];
  for (const value of values) {
    if (value.kind === 'string') texts.push(value.text);
    else if (value.kind === 'boolean') texts.push(String(value.boolean));
    else if (value.kind === 'number') numbers.push(numberKey(value.number));
    else return undefined;
  }
  if (texts.length + numbers.length > MAX_KEYS) return undefined;
  const anchors: Anchor[] = [];
  if (texts.length > 0) anchors.push({ path, how: 'text', chars: 0, keys: texts });
  if (numbers.length > 0) anchors.push({ path, how: 'number', chars: 0, keys: numbers });
  return anchors;
}

/** -0 equals 0. */
function numberKey(number: number): string {
  return String(number === 0 ? 0 : number);
}

/** The two ways in which `compileWithin` compares: as written (`=`) and as meant (`~`). */
function nodeKeys(path: Path, text: string): readonly string[] {
  const node = text.endsWith('/') ? text.slice(0, -1) : text;
  const taxonomy = taxonomyOf(path);
  if (taxonomy === undefined) return [`=${node}`];
  const { path: written, canonical } = taxonomy.classify(node);
  return [`=${written}`, `~${canonical}`];
}

/** A node within which the value is, for each `/` of it and for the whole. */
function addNodes(path: Path, text: string, add: (key: string) => void): void {
  const taxonomy = taxonomyOf(path);
  if (taxonomy === undefined) {
    addSteps('=', text, add);
    return;
  }
  const { path: written, canonical } = taxonomy.classify(text);
  addSteps('=', written, add);
  addSteps('~', canonical, add);
}

function addSteps(mark: string, text: string, add: (key: string) => void): void {
  add(mark + text);
  let at = text.indexOf('/');
  // No node is longer than a filter: what the rest of a long value says does not matter.
  for (let steps = 0; at !== -1 && at <= maxFilterBytes && steps < MAX_STEPS; steps++) {
    add(mark + text.slice(0, at));
    at = text.indexOf('/', at + 1);
  }
}

/** How many events are likely to have such values: a guess from the name, to choose between tests. */
function commonness(anchors: readonly Anchor[]): number {
  let most = 0;
  for (const { path, how, keys } of anchors) {
    const name = path.at(-1) ?? '';
    const rank = COMMON.get(name) ?? (/(?:^|_)id$|Id$/.test(name) ? 1 : 2);
    most = Math.max(
      most,
      rank * 1000 + (how === 'within' || how === 'prefix' ? 500 : 0) + Math.min(keys.length, 499),
    );
  }
  return most;
}

const COMMON = new Map([
  ['action', 5],
  ['typeURI', 6],
  ['reasonCode', 6],
  ['reasonType', 7],
  ['severity', 7],
  ['outcome', 8],
  ['eventType', 9],
]);
