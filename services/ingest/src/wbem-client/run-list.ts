/** `cadf wbem list`: the subscriptions of a CIM server, and what of them is incomplete. */
import { exitStatus, visible } from '@cadf-pipeline/cli';
import type { CommandContext, ExitStatus } from '@cadf-pipeline/cli';
import { readConnection } from './caller-settings.ts';
import type { ConnectionOptions } from './caller-settings.ts';
import { keyOf, textOfProperty } from './cim-object.ts';
import type { CimInstanceName, NamedCimObject } from './cim-object.ts';
import { findInterop } from './interop.ts';
import { isReferenceTo, nameOf, readSubscriptions, referenceOf } from './server-subscriptions.ts';
import type { ServerSubscriptions } from './server-subscriptions.ts';
import { ownPrefix, sourceNamespaces } from './subscription-objects.ts';
import { tellingFailure } from './told-failure.ts';
import { createWbemClient } from './wbem-client.ts';
import { withoutPassword } from './without-password.ts';

export interface ListOptions extends ConnectionOptions {
  readonly server: string;
  readonly interop?: string | undefined;
  readonly all: boolean;
  readonly json: boolean;
}

interface Listed {
  /** Of the subscription; `none` for a filter or destination that no subscription uses. */
  readonly state: string;
  readonly filter?: string;
  readonly query?: string;
  readonly queryLanguage?: string;
  readonly namespaces?: readonly string[];
  readonly destination?: string;
  /** URL, its password masked. */
  readonly url?: string;
}

export async function runList(
  options: ListOptions,
  { stdout, stderr }: Pick<CommandContext, 'stdout' | 'stderr'>,
): Promise<ExitStatus> {
  return tellingFailure({ stderr }, async () => {
    const client = createWbemClient(await readConnection(options.server, options));
    const { namespace } = await findInterop(client, options.interop);
    const listed = toList(await readSubscriptions(client, namespace)).filter(
      ({ filter = '', destination = '' }) =>
        options.all || filter.startsWith(ownPrefix) || destination.startsWith(ownPrefix),
    );
    for (const one of listed) await stdout.write(options.json ? `${JSON.stringify(one)}\n` : linesOf(one));
    const count = listed.filter(({ state }) => state !== 'none').length;
    const of = options.all ? '' : ' of cadf';
    if (!options.json) await stderr.write(`${count} subscriptions${of} in ${namespace}\n`);
    return exitStatus.ok;
  });
}

function toList({ destinations, filters, subscriptions }: ServerSubscriptions): readonly Listed[] {
  const used = new Set<NamedCimObject>();
  const find = (objects: readonly NamedCimObject[], name: CimInstanceName | undefined) => {
    const found = objects.find((one) => isReferenceTo(name, one.name));
    if (found !== undefined) used.add(found);
    return found;
  };
  const complete = subscriptions.map((one): Listed => {
    const filter = referenceOf(one, 'Filter');
    const handler = referenceOf(one, 'Handler');
    return {
      state: stateOf(one),
      ...filterFacts(find(filters, filter), filter),
      ...destinationFacts(find(destinations, handler), handler),
    };
  });
  const unused = [
    ...filters.filter((one) => !used.has(one)).map((one) => filterFacts(one, one.name)),
    ...destinations.filter((one) => !used.has(one)).map((one) => destinationFacts(one, one.name)),
  ];
  return [...complete, ...unused.map((facts) => ({ state: 'none', ...facts }))];
}

function filterFacts(
  filter: NamedCimObject | undefined,
  name: CimInstanceName | undefined,
): Omit<Listed, 'state'> {
  if (filter === undefined) return { filter: keyText(name) };
  return {
    filter: nameOf(filter),
    query: textOfProperty(filter, 'Query') ?? '',
    queryLanguage: textOfProperty(filter, 'QueryLanguage') ?? '',
    namespaces: sourceNamespaces(filter),
  };
}

function destinationFacts(
  destination: NamedCimObject | undefined,
  name: CimInstanceName | undefined,
): Omit<Listed, 'state'> {
  if (destination === undefined) return { destination: keyText(name) };
  return {
    destination: nameOf(destination),
    url: withoutPassword(textOfProperty(destination, 'Destination') ?? ''),
  };
}

function keyText(name: CimInstanceName | undefined): string {
  const key = name === undefined ? undefined : keyOf(name, 'Name');
  return typeof key === 'string' ? key : '';
}

/** Values of CIM_IndicationSubscription.SubscriptionState. */
const states: Readonly<Record<string, string>> = {
  0: 'unknown',
  1: 'other',
  2: 'enabled',
  3: 'degraded',
  4: 'disabled',
};

function stateOf(subscription: NamedCimObject): string {
  const state = textOfProperty(subscription, 'SubscriptionState') ?? '';
  return states[state] ?? (state === '' ? 'enabled' : `state ${state}`);
}

function linesOf({ state, filter, query, namespaces = [], destination, url }: Listed): string {
  const from = filter === undefined ? 'no filter' : `${filter}${query === undefined ? '' : `: ${query}`}`;
  const where = namespaces.length === 0 ? '' : ` in ${namespaces.join(', ')}`;
  const to =
    destination === undefined ? 'nowhere' : `${url ?? 'a destination of another kind,'} (${destination})`;
  return `${state.padEnd(9)}  ${visible(`${from}${where} → ${to}`)}\n`;
}
