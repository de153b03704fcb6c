/** `cadf federation list`. */
import Type from 'typebox';
import type { Static, TObject } from 'typebox';
import type { CommandContext } from '../command.ts';
import type { ExitStatus } from '../exit-status.ts';
import { ServiceRefused } from '../service/ask-service.ts';
import type { AskedService, ServiceAccess } from '../service/ask-service.ts';
import { visible } from '../validate/visible.ts';
import { runFederation } from './run-federation.ts';

export interface ListOptions extends ServiceAccess {
  readonly json: boolean;
}

const Trouble = Type.Object({ code: Type.String(), at: Type.String() });
const Feed = Type.Object({
  id: Type.String(),
  peer: Type.Optional(Type.Object({ name: Type.String() })),
  status: Type.Object({
    state: Type.String(),
    sequence: Type.Integer(),
    events: Type.Integer(),
    redacted: Type.Integer(),
    loops: Type.Integer(),
    lagSeconds: Type.Number(),
    failure: Type.Optional(Trouble),
    refused: Type.Optional(Trouble),
  }),
});
const Import = Type.Object({
  id: Type.String(),
  from: Type.Object({
    type: Type.String(),
    url: Type.Optional(Type.String()),
    feed: Type.Optional(Type.String()),
  }),
  status: Type.Object({
    state: Type.String(),
    sequence: Type.Optional(Type.Integer()),
    head: Type.Optional(Type.Integer()),
    counts: Type.Object({
      events: Type.Integer(),
      accepted: Type.Integer(),
      duplicates: Type.Integer(),
      deadLettered: Type.Integer(),
      loops: Type.Integer(),
    }),
    fault: Type.Optional(Trouble),
  }),
});
const MAX_PAGES = 1000;

export function listFederation(
  { json, ...access }: ListOptions,
  context: Pick<CommandContext, 'interruption' | 'stderr' | 'stdout'>,
): Promise<ExitStatus> {
  return runFederation(access, context, async (service) => {
    const feeds = await allOf(service, '/cadf/v1/feeds', Feed);
    const imports = await allOf(service, '/cadf/v1/imports', Import);
    if (feeds instanceof ServiceRefused && imports instanceof ServiceRefused) throw feeds;
    const given = feeds instanceof ServiceRefused ? undefined : feeds;
    const taken =
      imports instanceof ServiceRefused ? undefined : imports.filter(({ from }) => from.type === 'feed');
    const write = (text: string): Promise<void> => context.stdout.write(`${visible(text)}\n`);
    if (json) {
      for (const feed of given ?? []) await write(JSON.stringify({ type: 'feed', ...feed }));
      for (const each of taken ?? []) await write(JSON.stringify({ type: 'import', ...each }));
      return;
    }
    await write('Given:');
    await writeTable(write, given?.map(feedRow));
    await write('Taken:');
    await writeTable(write, taken?.map(importRow));
  });
}

/** A key that may see the one and not the other sees the one. */
async function allOf<T extends TObject>(
  service: AskedService,
  path: string,
  schema: T,
): Promise<Static<T>[] | ServiceRefused> {
  const page = Type.Object({ items: Type.Array(schema), next: Type.Optional(Type.String()) });
  const found: Static<T>[] = [];
  let after = '';
  try {
    for (let pages = 0; pages < MAX_PAGES; pages++) {
      const { items, next } = await service.get(`${path}${after}`, page);
      for (const item of items) found.push(item);
      if (next === undefined) break;
      after = `?after=${encodeURIComponent(next)}`;
    }
    return found;
  } catch (error) {
    if (error instanceof ServiceRefused && error.code === 'FORBIDDEN_ROLE') return error;
    throw error;
  }
}

function feedRow({ id, peer, status }: Static<typeof Feed>): readonly string[] {
  const { events, failure, lagSeconds, loops, redacted, refused, sequence, state } = status;
  const trouble = failure ?? refused;
  return [
    id,
    state,
    `segment ${sequence}`,
    `${events} events (${redacted} redacted, ${loops} left out)`,
    `${lagSeconds} s behind`,
    peer === undefined ? '' : `to ${peer.name}`,
    troubleText(trouble),
  ];
}

function importRow({ from, id, status }: Static<typeof Import>): readonly string[] {
  const { counts, fault, head = 0, sequence = 0, state } = status;
  const { accepted, deadLettered, duplicates, events, loops } = counts;
  return [
    id,
    state,
    `segment ${sequence} of ${head}`,
    `${events} events (${accepted} new, ${duplicates} known, ${deadLettered} dead letters, ${loops} from here)`,
    '',
    `from ${from.feed ?? ''} of ${from.url ?? ''}`,
    troubleText(fault),
  ];
}

function troubleText(trouble: Static<typeof Trouble> | undefined): string {
  return trouble === undefined ? '' : `${trouble.code} since ${trouble.at}`;
}

async function writeTable(
  write: (text: string) => Promise<void>,
  rows: readonly (readonly string[])[] | undefined,
): Promise<void> {
  if (rows === undefined || rows.length === 0)
    return write(rows === undefined ? '  (not to be seen with this key)' : '  (nothing)');
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  for (const row of rows) {
    const cells = row.map((cell, column) => cell.padEnd(widths[column] ?? 0));
    await write(`  ${cells.filter((_, column) => (widths[column] ?? 0) > 0).join('  ')}`.trimEnd());
  }
}
