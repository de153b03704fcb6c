/** `cadf wbem subscribe`: what it says and how it ends. */
import { createHash } from 'node:crypto';
import { escapeText } from '@cadf-pipeline/cadf-model';
import { exitStatus, visible } from '@cadf-pipeline/cli';
import type { CommandContext, ExitStatus } from '@cadf-pipeline/cli';
import { listenerUrl, readConnection } from './caller-settings.ts';
import type { ConnectionOptions, ListenerOptions } from './caller-settings.ts';
import { adviceFor, nameOfStatus } from './cim-status.ts';
import { createDryRun } from './dry-run.ts';
import { filtersOf } from './indication-sets.ts';
import type { SetName, WantedFilter } from './indication-sets.ts';
import { findInterop } from './interop.ts';
import { subscribe } from './subscribe.ts';
import type { Outcome } from './subscribe.ts';
import { tellingFailure } from './told-failure.ts';
import { createWbemClient, isOnLoopback } from './wbem-client.ts';
import { withoutPassword } from './without-password.ts';

export interface SubscribeOptions extends ConnectionOptions, ListenerOptions {
  readonly server: string;
  readonly for?: SetName | undefined;
  readonly query: readonly string[];
  readonly queryLanguage: string;
  readonly namespace: readonly string[];
  readonly name: string;
  readonly interop?: string | undefined;
  readonly systemName?: string | undefined;
  readonly replace: boolean;
  readonly dryRun: boolean;
}

/** Where a query of the caller's own looks unless told. */
const DEFAULT_NAMESPACE = 'root/cimv2';

export async function runSubscribe(
  options: SubscribeOptions,
  { stdout, stderr }: Pick<CommandContext, 'stdout' | 'stderr'>,
): Promise<ExitStatus> {
  return tellingFailure({ stderr }, async () => {
    const listener = await listenerUrl(options);
    const connection = await readConnection(options.server, options);
    if (isOnLoopback(new URL(listener)) && !isOnLoopback(connection.server))
      await stderr.write(
        `note: ${connection.server.host} will look for the listener on itself: ${withoutPassword(listener)}\n`,
      );
    const asking = createWbemClient(connection);
    const show = (message: string): Promise<void> =>
      stdout.write(message.replaceAll(escapeText(listener), escapeText(withoutPassword(listener))));
    const client = options.dryRun ? createDryRun(asking, show) : asking;
    const interop = await findInterop(asking, options.interop);
    const outcomes: Outcome[] = [];
    const request = {
      name: options.name,
      listener,
      filters: wantedFilters(options),
      isReplacing: options.replace,
      systemName: options.systemName ?? connection.server.hostname,
    };
    const settings =
      options.systemName === undefined ? interop : { ...interop, systemName: options.systemName };
    try {
      await subscribe(client, settings, request, async (outcome) => {
        outcomes.push(outcome);
        if (outcome.kind === 'left-out') return;
        const detail =
          outcome.kind === 'different' ? `: ${visible(outcome.detail)}; --replace changes it` : '';
        const word = options.dryRun ? (conditional[outcome.kind] ?? outcome.kind) : outcome.kind;
        await (options.dryRun ? stderr : stdout).write(`${word.padEnd(9)}  ${outcome.what}${detail}\n`);
      });
    } finally {
      await stderr.write(summaryOf(outcomes, interop.namespace, options.dryRun));
    }
    return outcomes.some(({ kind }) => kind === 'different') ? exitStatus.faults : exitStatus.ok;
  });
}

const conditional: Readonly<Record<string, string>> = {
  created: 'to create',
  replaced: 'to replace',
  enabled: 'to enable',
  removed: 'to remove',
};

function wantedFilters(options: SubscribeOptions): readonly WantedFilter[] {
  const { queryLanguage: language, namespace: namespaces } = options;
  const ofSet = options.for === undefined ? [] : filtersOf(options.for, language, namespaces);
  const own = options.query.flatMap((query) =>
    (namespaces.length > 0 ? namespaces : [DEFAULT_NAMESPACE]).map((namespace) => ({
      id: `query/${createHash('sha256').update(query).digest('hex').slice(0, 16)}@${namespace}`,
      query,
      language,
      namespace,
      isOptional: false,
    })),
  );
  // The same may be named twice.
  return [...new Map([...ofSet, ...own].map((one) => [one.id, one])).values()];
}

/** Filters left out, by why; then how many of all there are now. */
function summaryOf(outcomes: readonly Outcome[], namespace: string, isDryRun: boolean): string {
  const byStatus = new Map<number, { readonly ids: string[]; readonly message: string }>();
  for (const outcome of outcomes) {
    if (outcome.kind !== 'left-out') continue;
    const status = outcome.failure.status ?? 0;
    const group = byStatus.get(status) ?? { ids: [], message: outcome.failure.message };
    group.ids.push(outcome.what);
    byStatus.set(status, group);
  }
  const leftOut = [...byStatus].map(
    ([status, { ids, message }]) =>
      `left out, ${nameOfStatus(status)} (${visible(`${message} ${adviceFor(status)}`.trimEnd())}):\n${ids.map((id) => `  ${id}\n`).join('')}`,
  );
  const subscribed = outcomes.filter(
    ({ kind, what }) => what.startsWith('subscription ') && kind !== 'different',
  ).length;
  return `${leftOut.join('')}${subscribed} subscriptions in ${namespace}${isDryRun ? ' there would be' : ''}\n`;
}
