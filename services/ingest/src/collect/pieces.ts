/** The things that are collected of a provider, in the order in which they are: what was asked for precedes what was done. */
import type { PollDefinition } from '@cadf-pipeline/control-state';
import type { CimiDiscovery } from '../cimi/discover.ts';
import { collectEventLogs } from './event-logs.ts';
import { collectJobs } from './jobs.ts';
import { collectMeters } from './meters.ts';
import type { PollContext } from './poll-context.ts';
import { collectResourceStates } from './resource-states.ts';

type Name = NonNullable<PollDefinition['collect']>[number];

export interface Piece {
  readonly name: Name;
  readonly collect: (context: PollContext) => Promise<void>;
}

/** What a source wants of what a provider has. */
export function piecesOf(
  { collect, resources }: PollDefinition,
  { collections }: CimiDiscovery,
): readonly Piece[] {
  const tellsChanges = ['jobs', 'eventlogs', 'events'].some((name) => collections.has(name));
  const wanted: readonly Name[] = collect ?? [
    'events',
    'jobs',
    'meters',
    ...(tellsChanges ? [] : (['states'] as const)),
  ];
  const all: readonly Piece[] = [
    { name: 'events', collect: collectEventLogs },
    { name: 'jobs', collect: collectJobs },
    { name: 'meters', collect: collectMeters },
    {
      name: 'states',
      collect: (context) =>
        collectResourceStates(context, resources === undefined ? {} : { collections: resources }),
    },
  ];
  return all.filter(({ name }) => wanted.includes(name));
}
