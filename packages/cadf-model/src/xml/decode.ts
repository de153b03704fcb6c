/**
 * Reads CADF in XML: `cadf:event` of the 1.0 namespace, logs and reports of events, Atom entries and feeds that carry
 * them, and the element style of the drafts.
 */
import type { Definitions } from '../document/definitions.ts';
import { definitionsOf, noDefinitions } from '../document/definitions.ts';
import type { Members } from '../json-members.ts';
import { isMembers } from '../json-members.ts';
import type { DecodeContext } from './decode-entity.ts';
import { decodeEntity } from './decode-entity.ts';
import type { XmlFault } from './fault.ts';
import { xmlFault } from './fault.ts';
import { rootName } from './namespaces.ts';
import type { XmlLimits } from './read-tree.ts';
import { defaultXmlLimits, readXmlTree } from './read-tree.ts';
import type { XmlElement, XmlPlace } from './tree.ts';
import { childElements } from './tree.ts';

export interface DecodedEvent extends XmlPlace {
  /** The event in its JSON form; validate it like any other. */
  readonly value: Members;
  /** JSON Pointer of the event within `DecodedXml.json`. */
  readonly path: string;
  readonly definitions: Definitions;
  /** Where the members of the event that are elements begin, by JSON Pointer within the event. */
  readonly places: ReadonlyMap<string, XmlPlace>;
}

export interface DecodedXml {
  readonly form: 'event' | 'log' | 'report' | 'list' | 'unknown';
  /** The whole document in JSON: the event, Log or Report; a list when there were several side by side; undefined when there is none. */
  readonly json: unknown;
  /** In the order of the document. */
  readonly events: readonly DecodedEvent[];
  /** Codes `CADF_XML_*`, see ./fault.ts. With an error among them the document should be refused. */
  readonly faults: readonly XmlFault[];
}

/** Never throws for what the text contains; what cannot be read is a fault with line and column. */
export function decodeXml(text: string, limits: XmlLimits = defaultXmlLimits): DecodedXml {
  const tree = readXmlTree(text, limits);
  if ('fault' in tree) return { form: 'unknown', json: undefined, events: [], faults: [tree.fault] };
  const roots = rootsIn(tree.root);
  const events: DecodedEvent[] = [];
  const faults: XmlFault[] = [];
  const documents = roots.map((root, index) => {
    const path = roots.length === 1 ? '' : `/${index}`;
    return decodeRoot(root.element, root.name, path, events, faults);
  });
  // A Log or Report may say that it has none: what was asked for may not have happened.
  if (events.length === 0 && !documents.some(saysEvents))
    faults.push(xmlFault('CADF_XML_NO_EVENT', tree.root, '', `<${shortName(tree.root)}>`));
  if (documents.length === 0) return { form: 'unknown', json: undefined, events, faults };
  if (documents.length > 1) return { form: 'list', json: documents, events, faults };
  return { form: roots[0]?.name ?? 'unknown', json: documents[0], events, faults };
}

/** Whether a Log or Report has a list of events or of Logs. */
function saysEvents(document: unknown): boolean {
  return isMembers(document) && (Array.isArray(document['events']) || Array.isArray(document['logs']));
}

/** Where a member of a decoded event is: its own element, or the nearest one around it. */
export function placeInXml(event: DecodedEvent, pointer: string): XmlPlace {
  for (let at = pointer; at !== ''; at = at.slice(0, at.lastIndexOf('/'))) {
    const place = event.places.get(at);
    if (place !== undefined) return place;
  }
  return { line: event.line, column: event.column };
}

interface Root {
  readonly element: XmlElement;
  readonly name: 'event' | 'log' | 'report';
}

/** CADF's own elements, wherever they are in foreign ones: an Atom entry's content, a feed's entries, an envelope. */
function rootsIn(documentRoot: XmlElement): readonly Root[] {
  const roots: Root[] = [];
  const visit = (element: XmlElement): void => {
    const name = rootName(element, element === documentRoot);
    if (name !== undefined) roots.push({ element, name });
    else for (const child of childElements(element)) visit(child);
  };
  visit(documentRoot);
  return roots;
}

function decodeRoot(
  element: XmlElement,
  name: Root['name'],
  path: string,
  events: DecodedEvent[],
  faults: XmlFault[],
): unknown {
  const places = new Map<string, XmlPlace>();
  const placesOf = new Map<string, Map<string, XmlPlace>>();
  const found: { readonly value: Members; readonly path: string; readonly at: XmlElement }[] = [];
  const context: DecodeContext = {
    faults,
    places,
    onEvent: (value, pointer, at) => {
      found.push({ value, path: pointer, at });
      placesOf.set(pointer, new Map());
    },
  };
  const json = decodeEntity(context, element, name, path);
  for (const [pointer, place] of places) {
    const event = eventPathOf(pointer, placesOf);
    if (event !== undefined) placesOf.get(event)?.set(pointer.slice(event.length), place);
  }
  const definitionsFor = definitionsIn(json);
  for (const one of found) {
    const { line, column } = one.at;
    const definitions = definitionsFor(one.path.slice(path.length));
    const below = placesOf.get(one.path) ?? new Map<string, XmlPlace>();
    events.push({ value: one.value, path: one.path, definitions, places: below, line, column });
  }
  return json;
}

function eventPathOf(pointer: string, byPath: ReadonlyMap<string, unknown>): string | undefined {
  for (let at = pointer; ; at = at.slice(0, at.lastIndexOf('/'))) {
    if (byPath.has(at)) return at;
    if (at === '') return undefined;
  }
}

/** What the Log or Report, and a Log within it, define for the event at a pointer; each worked out once. */
function definitionsIn(json: unknown): (pointer: string) => Definitions {
  if (!isMembers(json)) return () => noDefinitions;
  const outer = definitionsOf(json, noDefinitions);
  const logs: unknown = json['logs'];
  const inner = new Map<string, Definitions>();
  return (pointer) => {
    if (pointer === '') return noDefinitions;
    const [, index] = /^\/logs\/(\d+)\//.exec(pointer) ?? [];
    if (index === undefined || !Array.isArray(logs)) return outer;
    const log: unknown = logs[Number(index)];
    const known = inner.get(index) ?? (isMembers(log) ? definitionsOf(log, outer) : outer);
    inner.set(index, known);
    return known;
  };
}

function shortName(element: XmlElement): string {
  return element.name.slice(0, 100);
}
