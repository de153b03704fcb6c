/** Which collections the simulated cloud has, what is in them, and its entry point (DSP0263, clause 5.11). */
import { ref } from './resource.ts';
import type { CimiVersion, Resource } from './resource.ts';
import { typeUri } from './resource.ts';

export interface CollectionKind {
  /** Key of the items. */
  readonly plural: string;
  readonly itemType: string;
}

/** Last segment of a collection's path → key of its items and their type. */
const KINDS: Readonly<Record<string, string>> = {
  jobs: 'Job',
  systems: 'System',
  machines: 'Machine',
  machineImages: 'MachineImage',
  volumes: 'Volume',
  volumeImages: 'VolumeImage',
  networks: 'Network',
  eventLogs: 'EventLog',
  events: 'Event',
  meters: 'Meter',
  samples: 'Sample',
};

export function collectionKind(path: string): CollectionKind | undefined {
  const segments = path.split('/');
  const last = segments.at(-1) ?? '';
  if (last === 'resourceMetadata') return { plural: last, itemType: 'ResourceMetadata' };
  // What version 1 has between a system and its machines: the association.
  if (last === 'machines' && segments[0] === 'systems' && segments.length > 1)
    return { plural: 'systemMachines', itemType: 'SystemMachine' };
  const itemType = Object.hasOwn(KINDS, last) ? KINDS[last] : undefined;
  return itemType === undefined ? undefined : { plural: last, itemType };
}

/** References of the entry point to its collections, in the standard's order. */
export const OF_THE_ENTRY_POINT: readonly string[] = [
  'resourceMetadata',
  'systems',
  'machines',
  'machineImages',
  'volumes',
  'volumeImages',
  'networks',
  'jobs',
  'meters',
  'eventLogs',
];

export function entryPoint(baseURI: string, collections: readonly string[]): Resource {
  const links = collections.map((name) => [name, ref(name)] as const);
  return { id: '', type: 'CloudEntryPoint', attributes: { baseURI, ...Object.fromEntries(links) } };
}

/** That advertises the capabilities of the entry point. */
export function entryPointMetadata(version: CimiVersion, capabilities: ReadonlySet<string>): Resource {
  const root = typeUri(version, 'capability/CloudEntryPoint');
  const listed = [...capabilities].map((name) => ({ name, uri: `${root}/${name}`, value: true }));
  return {
    id: 'resourceMetadata/cloudEntryPoint',
    type: 'ResourceMetadata',
    attributes: {
      typeURI: typeUri(version, 'CloudEntryPoint'),
      name: 'CloudEntryPoint',
      ...(listed.length === 0 ? {} : { capabilities: listed }),
    },
  };
}
