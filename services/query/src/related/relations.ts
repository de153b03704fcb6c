/** What makes events related to one: as a filter that finds them, and as reasons that say why one was found. */
import { isMembers, resolveRole } from '@cadf-pipeline/cadf-model';
import { compilePredicate } from '@cadf-pipeline/event-filter';
import type { Filter } from '@cadf-pipeline/event-filter';
import { correlationTags, requestTags, sessionTags } from './shared-tags.ts';

export const relationKinds = ['correlation', 'session', 'target'] as const;
export type RelationKind = (typeof relationKinds)[number];

export interface Relation {
  readonly kind: RelationKind;
  /** What both have: values by path; of tags those in common. */
  readonly same: Readonly<Record<string, string | readonly string[]>>;
}

export interface RelationTest {
  readonly kind: RelationKind;
  /** Passes for related events, apart from when they were. */
  readonly filter: Filter;
  /** Of a parsed event; undefined when it is not related so. */
  readonly relationOf: (event: unknown) => Relation | undefined;
}

/** Those of the kinds for which a parsed event says what another would have to share. */
export function relationTests(event: unknown, kinds: readonly RelationKind[]): RelationTest[] {
  if (!isMembers(event)) return [];
  return kinds.flatMap((kind) => {
    const filter = FILTERS[kind](event);
    if (filter === undefined) return [];
    const passes = compilePredicate(filter);
    const relationOf = (other: unknown): Relation | undefined =>
      passes(other) && isMembers(other) ? { kind, same: SAME[kind](event, other) } : undefined;
    return [{ kind, filter, relationOf }];
  });
}

type Event = Readonly<Record<string, unknown>>;

const REQUEST_IDS = ['request_id', 'global_request_id'] as const;
const INITIATOR = {
  'initiator/id': (event: Event) => textAt(roleOf(event, 'initiator')['id']),
  'initiator/host/address': (event: Event) => textAt(hostOf(event)['address']),
  'initiator/host/agent': (event: Event) => textAt(hostOf(event)['agent']),
  'initiator/request_id': (event: Event) => textAt(roleOf(event, 'initiator')['request_id']),
  'initiator/global_request_id': (event: Event) => textAt(roleOf(event, 'initiator')['global_request_id']),
} as const;

const FILTERS: Readonly<Record<RelationKind, (event: Event) => Filter | undefined>> = {
  correlation(event) {
    const requests = REQUEST_IDS.map((name) => INITIATOR[`initiator/${name}`](event)).filter(
      (id) => id !== '',
    );
    const tags = [...correlationTags(tagsOf(event)), ...requests.flatMap(requestTags)];
    return tags.length === 0 ? undefined : tagsIn(tags);
  },
  session(event) {
    const tags = sessionTags(tagsOf(event));
    const ofTags = tags.length === 0 ? [] : [tagsIn(tags)];
    const id = INITIATOR['initiator/id'](event);
    if (id === '') return anyOf(ofTags);
    const host = (['initiator/host/address', 'initiator/host/agent'] as const).flatMap((path) => {
      const value = INITIATOR[path](event);
      return value === '' ? [] : [equals(path, value)];
    });
    const requests = REQUEST_IDS.flatMap((name) => {
      const value = INITIATOR[`initiator/${name}`](event);
      return value === '' ? [] : [equals(`initiator/${name}`, value)];
    });
    // An event that tells neither is of its initiator's only session.
    const place = anyOf([...(host.length === 0 ? [] : [allOf(host)]), ...requests]);
    const initiator = equals('initiator/id', id);
    return anyOf([...ofTags, place === undefined ? initiator : allOf([initiator, place])]);
  },
  target(event) {
    const id = textAt(roleOf(event, 'target')['id']);
    return id === '' ? undefined : equals('target/id', id);
  },
};

const SAME: Readonly<Record<RelationKind, (event: Event, other: Event) => Relation['same']>> = {
  correlation(event, other) {
    const requests = REQUEST_IDS.map((name) => INITIATOR[`initiator/${name}`](event)).filter(
      (id) => id !== '',
    );
    const wanted = new Set([...correlationTags(tagsOf(event)), ...requests.flatMap(requestTags)]);
    return { tags: tagsOf(other).filter((tag) => wanted.has(tag)) };
  },
  session(event, other) {
    const wanted = new Set(sessionTags(tagsOf(event)));
    const tags = tagsOf(other).filter((tag) => wanted.has(tag));
    const same = Object.entries(INITIATOR).flatMap(([path, read]) => {
      const value = read(event);
      return value !== '' && read(other) === value ? [[path, value] as const] : [];
    });
    return { ...Object.fromEntries(same), ...(tags.length === 0 ? {} : { tags }) };
  },
  target: (event) => ({ 'target/id': textAt(roleOf(event, 'target')['id']) }),
};

function tagsOf(event: Event): string[] {
  const tags = event['tags'];
  return Array.isArray(tags) ? tags.filter((tag): tag is string => typeof tag === 'string') : [];
}

function roleOf(event: Event, role: 'initiator' | 'target'): Event {
  const { resource } = resolveRole(event, role);
  return isMembers(resource) ? resource : {};
}

function hostOf(event: Event): Event {
  const host = roleOf(event, 'initiator')['host'];
  return isMembers(host) ? host : {};
}

function textAt(value: unknown): string {
  if (typeof value === 'string') return value.toWellFormed();
  return typeof value === 'number' ? String(value) : '';
}

function equals(path: string, text: string): Filter {
  return { kind: 'compare', path: path.split('/'), operator: '=', value: { kind: 'string', text } };
}

function tagsIn(tags: readonly string[]): Filter {
  const values = [...new Set(tags)].map((text) => ({ kind: 'string', text }) as const);
  return { kind: 'in', path: ['tags'], values };
}

function anyOf(terms: readonly Filter[]): Filter | undefined {
  return terms.length > 1 ? { kind: 'or', terms } : terms[0];
}

/** One term at least. */
function allOf(terms: readonly Filter[]): Filter {
  const [only] = terms;
  return terms.length === 1 && only !== undefined ? only : { kind: 'and', terms };
}
