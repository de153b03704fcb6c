/** The instances that make up a subscription (DSP1054 8: filter, listener destination, subscription), and which of a server's are ours. */
import { cimString, cimUint16, isSameName, propertyOf, textOfProperty } from './cim-object.ts';
import type { CimInstanceName, CimKey, CimObject, CimValue } from './cim-object.ts';
import type { WantedFilter } from './indication-sets.ts';
import { withoutPassword } from './without-password.ts';

/** Names of our instances begin so. */
export const ownPrefix = 'cadf-pipeline:';

export const filterClass = 'CIM_IndicationFilter';
export const subscriptionClass = 'CIM_IndicationSubscription';
/** The second is what servers had before CIM 2.6. */
export const destinationClasses = ['CIM_ListenerDestinationCIMXML', 'CIM_IndicationHandlerCIMXML'] as const;

/** Values of CIM_ListenerDestination and CIM_IndicationSubscription. */
const PERSISTENCE_PERMANENT = 2;
const PROTOCOL_CIM_XML = 2;
const STATE_ENABLED = 2;
const ON_FATAL_ERROR_IGNORE = 2;
const REPEAT_NONE = 2;

export function destinationName(name: string): string {
  return `${ownPrefix}${name}`;
}

export function filterName(name: string, filter: WantedFilter): string {
  return `${ownPrefix}${name}:${filter.id}`;
}

/** The same instance with ever fewer properties: servers refuse those that their schema does not have. */
export type Variants = readonly [CimObject, ...CimObject[]];

export function destinationObjects(
  className: string,
  systemName: string,
  name: string,
  listener: string,
): Variants {
  const required = [...keys(className, systemName, name), ['Destination', cimString(listener)]] as const;
  const permanent = ['PersistenceType', cimUint16(PERSISTENCE_PERMANENT)] as const;
  return [
    toObject(className, [...required, permanent, ['Protocol', cimUint16(PROTOCOL_CIM_XML)]]),
    toObject(className, [...required, permanent]),
    toObject(className, required),
  ];
}

export function filterObjects(systemName: string, name: string, filter: WantedFilter): Variants {
  const { query, language, namespace } = filter;
  const required = [
    ...keys(filterClass, systemName, name),
    ['Query', cimString(query)],
    ['QueryLanguage', cimString(language)],
  ] as const;
  // CIM 2.22 put the list in the place of the single one; both are read by servers in use.
  const single = ['SourceNamespace', cimString(namespace)] as const;
  const list = ['SourceNamespaces', { kind: 'array', type: 'string', texts: [namespace] }] as const;
  return [
    toObject(filterClass, [...required, single, list]),
    toObject(filterClass, [...required, single]),
    toObject(filterClass, [...required, list]),
  ];
}

export function subscriptionObjects(filter: CimInstanceName, handler: CimInstanceName): Variants {
  const required = [
    ['Filter', { kind: 'reference', to: filter }],
    ['Handler', { kind: 'reference', to: handler }],
  ] as const;
  return [
    toObject(subscriptionClass, [
      ...required,
      ['SubscriptionState', cimUint16(STATE_ENABLED)],
      ['OnFatalErrorPolicy', cimUint16(ON_FATAL_ERROR_IGNORE)],
      ['RepeatNotificationPolicy', cimUint16(REPEAT_NONE)],
    ]),
    toObject(subscriptionClass, required),
  ];
}

/** The one change servers allow on a subscription. */
export function enabledSubscription(className: string): CimObject {
  return toObject(className, [['SubscriptionState', cimUint16(STATE_ENABLED)]]);
}

/** The name that an instance has by its keys, where a server does not say it. */
export function nameByKeys({ className, properties }: CimObject): CimInstanceName {
  const named = ['SystemCreationClassName', 'SystemName', 'CreationClassName', 'Name', 'Filter', 'Handler'];
  return {
    className,
    keys: named.flatMap((name): readonly CimKey[] => {
      const value = properties.get(name);
      if (value?.kind === 'value') return [{ name, value: value.text }];
      return value?.kind === 'reference' ? [{ name, value: value.to }] : [];
    }),
  };
}

/** What makes a destination another than the one wanted; undefined where they are equal. */
export function destinationDifference(existing: CimObject, listener: string): string | undefined {
  const destination = textOfProperty(existing, 'Destination') ?? '';
  if (destination !== listener) {
    const shown = withoutPassword(destination);
    return shown === withoutPassword(listener)
      ? 'it shows another password'
      : `it sends to ${shown === '' ? 'nowhere' : shown}`;
  }
  const persistence = textOfProperty(existing, 'PersistenceType');
  if (persistence !== undefined && persistence !== '' && Number(persistence) !== PERSISTENCE_PERMANENT)
    return `its PersistenceType is ${persistence}, not ${PERSISTENCE_PERMANENT} (permanent)`;
  return undefined;
}

/** As `destinationDifference`, of a filter. */
export function filterDifference(existing: CimObject, wanted: WantedFilter): string | undefined {
  const query = textOfProperty(existing, 'Query') ?? '';
  if (withSingleSpaces(query) !== withSingleSpaces(wanted.query)) return `its query is ${query}`;
  const language = textOfProperty(existing, 'QueryLanguage') ?? '';
  if (!isSameName(language, wanted.language)) return `its query language is ${language}`;
  const namespaces = sourceNamespaces(existing);
  const isSame = namespaces.length === 1 && isSameName(namespaces[0] ?? '', wanted.namespace);
  return namespaces.length === 0 || isSame ? undefined : `its namespace is ${namespaces.join(', ')}`;
}

/** Undefined where it is enabled, as far as the server says. */
export function subscriptionDifference(existing: CimObject): string | undefined {
  const state = textOfProperty(existing, 'SubscriptionState');
  if (state === undefined || state === '' || Number(state) === STATE_ENABLED) return undefined;
  return `its SubscriptionState is ${state}, not ${STATE_ENABLED} (enabled)`;
}

export function sourceNamespaces(filter: CimObject): readonly string[] {
  const list = propertyOf(filter, 'SourceNamespaces');
  if (list?.kind === 'array' && list.texts.length > 0) return list.texts;
  const single = textOfProperty(filter, 'SourceNamespace');
  return single === undefined || single === '' ? [] : [single];
}

function keys(className: string, systemName: string, name: string): readonly (readonly [string, CimValue])[] {
  return [
    ['SystemCreationClassName', cimString('CIM_ComputerSystem')],
    ['SystemName', cimString(systemName)],
    ['CreationClassName', cimString(className)],
    ['Name', cimString(name)],
  ];
}

function toObject(className: string, properties: readonly (readonly [string, CimValue])[]): CimObject {
  return { className, properties: new Map(properties) };
}

function withSingleSpaces(text: string): string {
  return text.trim().split(/\s+/).join(' ');
}
