/** The resources of a document: itself, or the items of a collection, and what is expanded inside them. */
import { isMembers } from '@cadf-pipeline/cadf-model';
import { fold, listOf, textOf } from './document.ts';
import type { CimiDocument, Folded } from './document.ts';
import { isListOfObjects, itemsOf } from './items.ts';
import { NO_TYPE, typeOfReference, typeOfUri } from './resource-types.ts';
import type { ResourceType } from './resource-types.ts';

export interface CimiResource {
  readonly type: ResourceType;
  readonly value: unknown;
  readonly members: Folded;
  /** Of a sample: its meter, or what its collection says of it. */
  readonly within: CimiResource | undefined;
}

const MAX_DEPTH = 6;
/** Made by value or from a template, without saying so. */
const REQUEST: ResourceType = { name: 'create', isCollection: false };
/** Type of what is inside → the member that holds it when it is expanded, and the name of one in XML. */
const INSIDE: Readonly<
  Record<string, readonly (readonly [member: string, singular: string, type: string])[]>
> = {
  job: [
    ['nestedjobs', 'nestedjob', 'job'],
    ['nestedjob', 'nestedjob', 'job'],
  ],
  eventlog: [['events', 'event', 'event']],
  meter: [['samples', 'sample', 'sample']],
};

/** Each resource of a document that may be told of; a collection itself is none. */
export function resourcesOf({ value, rootName }: CimiDocument): readonly CimiResource[] {
  const members = fold(value);
  const found: CimiResource[] = [];
  const type = typeOf(members, rootName);
  collect({ type, value, members, within: undefined }, found, 0);
  return found;
}

function collect(resource: CimiResource, found: CimiResource[], depth: number): void {
  if (depth > MAX_DEPTH) return;
  const { type, members } = resource;
  if (type.isCollection) {
    for (const item of itemsOf(members, type.name)) {
      if (!isMembers(item)) continue;
      const inner = fold(item);
      const own = typeOf(inner, undefined);
      // 1.0 wrote samples as <Sample><sample timestamp="…" value="…"/></Sample>.
      const nested = type.name === 'sample' ? listOf(inner.get('sample'), 'sample') : [];
      const values = nested.length === 0 ? [item] : nested;
      // What an item leaves open, its collection tells.
      const isOpen = own.name === '' || (own.name === 'resource' && type.name !== '');
      const itemType = isOpen || type.name === 'sample' ? { name: type.name, isCollection: false } : own;
      for (const one of values)
        collect(
          { type: itemType, value: one, members: fold(one), within: resource.within ?? resource },
          found,
          depth + 1,
        );
    }
    return;
  }
  if (type.name === 'sample' && members.has('sample') && !members.has('value')) {
    for (const one of listOf(members.get('sample'), 'sample'))
      found.push({ type, value: one, members: fold(one), within: resource.within });
    return;
  }
  // What a meter or log holds is what its document was sent for: the record is that outcome's.
  const isLast = type.name === 'meter' || type.name === 'eventlog';
  if (!isLast) found.push(resource);
  const places = Object.hasOwn(INSIDE, type.name) ? INSIDE[type.name] : undefined;
  for (const [member, singular, name] of places ?? []) {
    for (const one of listOf(members.get(member), singular)) {
      const inner = fold(one);
      // A reference alone says nothing; an expanded collection has its items inside.
      if (inner.size < 2) continue;
      const isCollection =
        ([...inner.values()].some(isListOfObjects) || isMembers(inner.get(member))) &&
        !inner.has('timestamp') &&
        !inner.has('state');
      collect(
        { type: { name, isCollection }, value: one, members: inner, within: resource },
        found,
        depth + 1,
      );
    }
  }
  if (isLast) found.push(resource);
}

/** By what it says it is, else by what it has. */
function typeOf(members: Folded, rootName: string | undefined): ResourceType {
  const uri = textOf(members.get('resourceuri')) ?? textOf(members.get('resourcetype'));
  const isGeneric = rootName === undefined || rootName.toLowerCase() === 'collection';
  if (uri !== undefined && (isGeneric || rootName.toLowerCase() !== 'entry')) return typeOfUri(uri);
  if (!isGeneric) return typeOfUri(rootName);
  const has = (...names: readonly string[]): boolean => names.every((name) => members.has(name));
  if (has('state', 'targetresource') || has('timeofstatuschange'))
    return { name: 'job', isCollection: false };
  if (has('timestamp', 'content') || has('category', 'content'))
    return { name: 'event', isCollection: false };
  if (has('timestamp', 'value')) return { name: 'sample', isCollection: false };
  if (has('action') && !has('state')) return { name: 'action', isCollection: false };
  if (!has('id')) return [...members.keys()].some((name) => name.endsWith('template')) ? REQUEST : NO_TYPE;
  const isResource = ['created', 'updated', 'operations', 'state'].some((name) => members.has(name));
  if (isResource) return { name: 'resource', isCollection: false };
  // Where it is says what it is.
  return { name: typeOfReference(textOf(members.get('id')) ?? '').name, isCollection: false };
}
