/** Reads the facts of one event out of a JSON value, in one walk along the tree of places. */
import { isMembers } from '@cadf-pipeline/cadf-model';
import type { Members } from '@cadf-pipeline/cadf-model';
import { PLACE_TREE } from './json-places.ts';
import type { FactName, Place } from './json-places.ts';

export interface JsonFacts {
  /** By name of the fact, what the surest place tells; empty texts tell nothing. */
  readonly facts: ReadonlyMap<FactName, string>;
  /** The event's own values, under the names they have. */
  readonly data: Map<string, string>;
  /** Texts that may hold the whole event as XML. */
  readonly xml: readonly string[];
  /** Texts that may hold values, as JSON or XML. */
  readonly embedded: readonly string[];
}

const MAX_DEPTH = 12;
const MAX_VALUES = 1024;
const MAX_STEPS = 4096;
/** Steps that XML converters put in for attributes: they say nothing. */
const ATTRIBUTE_STEPS = ['#attributes', '_attributes', '@attributes', '$'];
const TEXT_STEPS = ['#text', '_text', '_', '$text', '#value'];
const SILENT_STEPS = new Set([...ATTRIBUTE_STEPS, ...TEXT_STEPS]);
/** Values that NXLog and hand-made exports have beside the members of the event. */
const OWN_VALUE =
  /^(?:vm|vhd|targetvhd|switch|nic|snapshot|destination|parameter\d|errorcode|errormessage|status|reason|force)/;
const INDEX = /^\d{1,4}$/;

/** A name in the document. */
interface Step {
  /** As it is compared. */
  readonly lower: string;
  /** As it is written, signs of attributes cut off, with a capital: some exporters write `vmName`. */
  readonly key: string;
  readonly isSilent: boolean;
  readonly isNamespace: boolean;
  readonly isOwnValue: boolean;
  /** Names with dots are paths that an exporter has joined. */
  readonly parts: readonly Step[] | undefined;
}

/** Where the walk is. */
interface Position {
  readonly step: Step;
  /** Undefined: no place of the tree is here or below. */
  readonly place: Place | undefined;
  readonly isTop: boolean;
  /** What members are that stand here. */
  readonly within: Place['below'];
  /** Path behind `properties`. */
  readonly rest: string;
  /** Of a `Data` element, or one of a list of them: where its value belongs. */
  readonly home: Position | undefined;
}

interface Gathered extends JsonFacts {
  readonly facts: Map<FactName, string>;
  readonly ranks: Map<FactName, number>;
  readonly xml: string[];
  readonly embedded: string[];
  count: number;
}

/** Names come again in each record. */
const steps = new Map<string, Step>();
const ROOT: Position = {
  step: stepOf(''),
  place: PLACE_TREE,
  isTop: false,
  within: undefined,
  rest: '',
  home: undefined,
};

/** Bounds: 12 levels, 1,024 values; what is past them is not read. */
export function readJsonFacts(value: unknown): JsonFacts {
  const gathered: Gathered = {
    facts: new Map(),
    ranks: new Map(),
    data: new Map(),
    xml: [],
    embedded: [],
    count: 0,
  };
  walk(gathered, value, ROOT, 0);
  return gathered;
}

function walk(gathered: Gathered, value: unknown, at: Position, depth: number): void {
  if (value === null || value === undefined || gathered.count >= MAX_VALUES) return;
  if (typeof value !== 'object') {
    take(gathered, String(value), at);
    return;
  }
  if (depth >= MAX_DEPTH) return;
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length && gathered.count < MAX_VALUES; index++)
      walk(gathered, value[index], below(at, stepOf(String(index))), depth + 1);
    return;
  }
  if (!isMembers(value)) return;
  if (at.home !== undefined) {
    const named = namedData(value);
    if (named !== undefined) {
      take(gathered, named.value, below(at.home, stepOf(named.name)));
      return;
    }
  }
  for (const name of Object.keys(value)) {
    const step = stepOf(name);
    walk(gathered, value[name], step.isSilent ? at : below(at, step), depth + 1);
  }
}

function below(at: Position, step: Step): Position {
  if (step.parts !== undefined && at.within === undefined) {
    let position = at;
    for (const part of step.parts) position = below(position, part);
    return position;
  }
  const place = at.place?.steps.get(step.lower);
  const within = at.within ?? at.place?.below;
  const rest = within !== 'properties' ? '' : at.rest === '' ? step.lower : `${at.rest}.${step.lower}`;
  const isItem = at.home !== undefined && at.step.lower === 'data' && INDEX.test(step.lower);
  const home = step.lower === 'data' ? at : isItem ? at.home : undefined;
  return { step, place, isTop: at === ROOT, within, rest, home };
}

function take(gathered: Gathered, text: string, { step, place, isTop, within, rest }: Position): void {
  gathered.count++;
  if (place !== undefined && text !== '') takeFacts(gathered, text, place);
  if (step.isNamespace) return;
  const key =
    within === 'properties'
      ? rest.replace(/\.value$/, '')
      : within === 'values' || (isTop && step.isOwnValue)
        ? step.key
        : undefined;
  if (key !== undefined) putValue(gathered.data, key, text);
}

function takeFacts(gathered: Gathered, text: string, place: Place): void {
  const { facts, ranks } = gathered;
  for (const { name, rank } of place.facts) {
    const before = ranks.get(name);
    if (before !== undefined && before <= rank) continue;
    ranks.set(name, rank);
    facts.set(name, text);
  }
  if (place.isXml) gathered.xml.push(text);
  if (place.isEmbedded) gathered.embedded.push(text);
}

/** Values without a name of their own are counted: `Data0`. */
export function putValue(data: Map<string, string>, key: string, text: string): void {
  const name = INDEX.test(key) ? `Data${key}` : key;
  if (!data.has(name)) data.set(name, text);
}

/** `{"@Name": "VhdFileName", "#text": "C:\\…"}`, in the spellings of the converters. */
function namedData(members: Members): { name: string; value: string } | undefined {
  const attributes = ATTRIBUTE_STEPS.map((step) => members[step]).find((one) => isMembers(one));
  const name = members['@Name'] ?? (isMembers(attributes) ? attributes['Name'] : undefined);
  if (typeof name !== 'string' || name === '') return undefined;
  const text = TEXT_STEPS.map((step) => members[step]).find((one) => one !== undefined);
  if (text === undefined && Object.keys(members).length > 1) return undefined;
  return { name, value: typeof text === 'string' || typeof text === 'number' ? String(text) : '' };
}

function stepOf(name: string): Step {
  const known = steps.get(name);
  if (known !== undefined) return known;
  const key = name.replace(/^@(?!timestamp)/, '');
  const lower = key.toLowerCase();
  const isPath = key.includes('.') && key.length <= 256;
  const step: Step = {
    lower,
    key: key.charAt(0).toUpperCase() + key.slice(1),
    isSilent: SILENT_STEPS.has(name),
    isNamespace: /^(?:xmlns$|xmlns:|xml_name$)/.test(key),
    isOwnValue: OWN_VALUE.test(lower),
    parts: isPath ? key.split('.', MAX_DEPTH).map(stepOf) : undefined,
  };
  if (name.length <= 256) {
    if (steps.size >= MAX_STEPS) steps.clear();
    steps.set(name, step);
  }
  return step;
}
