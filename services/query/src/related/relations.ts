/** What makes events related to one: as conditions that find them, and as reasons that say why one was found. */
import { isMembers, resolveRole } from '@cadf-pipeline/cadf-model';
import { compilePredicate, sqlCondition } from '@cadf-pipeline/event-filter';
import type { Filter } from '@cadf-pipeline/event-filter';
import type { Condition } from '@cadf-pipeline/event-store';
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
  /** An event is related, apart from when it was, where one of them holds. To be asked one by one: each is narrow. */
  readonly conditions: readonly Condition[];
  /** Of a parsed event; undefined when it is not related so. */
  readonly relationOf: (event: unknown) => Relation | undefined;
}

/** Those of the kinds for which a parsed event says what another would have to share. */
export function relationTests(event: unknown, kinds: readonly RelationKind[]): RelationTest[] {
  if (!isMembers(event)) return [];
  return kinds.flatMap((kind) => {
    const tags = new Set(TAGS[kind](event));
    const filter = FILTERS[kind](event);
    if (tags.size === 0 && filter === undefined) return [];
    const passes = filter === undefined ? () => false : compilePredicate(filter);
    const relationOf = (other: unknown): Relation | undefined => {
      if (!isMembers(other)) return undefined;
      const common = tagsOf(other).filter((tag) => tags.has(tag));
      const values = passes(other) ? SAME[kind](event, other) : {};
      if (common.length === 0 && Object.keys(values).length === 0) return undefined;
      return { kind, same: { ...values, ...(common.length === 0 ? {} : { tags: common }) } };
    };
    const conditions = [...(tags.size === 0 ? [] : [hasTag([...tags])]), ...CONDITIONS[kind](event)];
    return [{ kind, conditions, relationOf }];
  });
}

/** Only texts that stand in the list of tags: those are all in their column. */
function hasTag(tags: readonly string[]): Condition {
  return { sql: 'hasAny(tags, {related_tags: Array(String)})', params: { related_tags: tags } };
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

const TAGS: Readonly<Record<RelationKind, (event: Event) => readonly string[]>> = {
  correlation: (event) => [
    ...correlationTags(tagsOf(event)),
    ...REQUEST_IDS.flatMap((name) => {
      const request = INITIATOR[`initiator/${name}`](event);
      return request === '' ? [] : requestTags(request);
    }),
  ],
  session: (event) => sessionTags(tagsOf(event)),
  target: () => [],
};

/** What `FILTERS` asks; of values that have columns only the columns, whatever else an event says there. */
const CONDITIONS: Readonly<Record<RelationKind, (event: Event) => readonly Condition[]>> = {
  correlation: () => [],
  session(event) {
    const id = INITIATOR['initiator/id'](event);
    if (id === '') return [];
    const values: Readonly<Record<string, string>> = {
      initiator_id: id,
      initiator_address: INITIATOR['initiator/host/address'](event),
      initiator_agent: INITIATOR['initiator/host/agent'](event),
    };
    const asked = Object.entries(values).filter(([, value]) => value !== '');
    const requests = requestTests(event);
    const sql = asked.map(([column]) => `${column} = {related_${column}: String}`).join(' AND ');
    const params = Object.fromEntries(asked.map(([column, value]) => [`related_${column}`, value]));
    return [
      ...(asked.length === 1 && requests.length > 0 ? [] : [{ sql, params }]),
      ...requests.map((request) => sqlCondition(allOf([equals('initiator/id', id), request]))),
    ];
  },
  target(event) {
    const id = textAt(roleOf(event, 'target')['id']);
    return id === '' ? [] : [{ sql: 'target_id = {related_target: String}', params: { related_target: id } }];
  },
};

const FILTERS: Readonly<Record<RelationKind, (event: Event) => Filter | undefined>> = {
  correlation: () => undefined,
  session(event) {
    const id = INITIATOR['initiator/id'](event);
    if (id === '') return undefined;
    const host = valueTests(event, ['initiator/host/address', 'initiator/host/agent']);
    const requests = requestTests(event);
    // An event that tells neither is of its initiator's only session.
    const [place, ...others] = [...(host.length === 0 ? [] : [allOf(host)]), ...requests];
    const initiator = equals('initiator/id', id);
    if (place === undefined) return initiator;
    return allOf([initiator, others.length === 0 ? place : { kind: 'or', terms: [place, ...others] }]);
  },
  target(event) {
    const id = textAt(roleOf(event, 'target')['id']);
    return id === '' ? undefined : equals('target/id', id);
  },
};

/** Values that both have, by path; of an event that passes the filter. */
const SAME: Readonly<Record<RelationKind, (event: Event, other: Event) => Readonly<Record<string, string>>>> =
  {
    correlation: () => ({}),
    session: (event, other) =>
      Object.fromEntries(
        Object.entries(INITIATOR).flatMap(([path, read]) => {
          const value = read(event);
          return value !== '' && read(other) === value ? [[path, value] as const] : [];
        }),
      ),
    target: (event) => ({ 'target/id': textAt(roleOf(event, 'target')['id']) }),
  };

function requestTests(event: Event): Filter[] {
  return valueTests(event, ['initiator/request_id', 'initiator/global_request_id']);
}

function valueTests(event: Event, paths: readonly (keyof typeof INITIATOR)[]): Filter[] {
  return paths.flatMap((path) => {
    const value = INITIATOR[path](event);
    return value === '' ? [] : [equals(path, value)];
  });
}

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

/** One term at least. */
function allOf(terms: readonly Filter[]): Filter {
  const [only] = terms;
  return terms.length === 1 && only !== undefined ? only : { kind: 'and', terms };
}
