/** CloudEntryPoint (DSP0263 clause 5.11): where a consumer begins, and what it may ask with. */
import { listInMemory } from './in-memory.ts';
import type { ListOptions } from './list-options.ts';
import { CIMI_ROOT, reference } from './resource.ts';
import type { Attributes, CimiCollection, CimiResource, CimiVersion } from './resource.ts';

/** All that is obeyed, and nothing else. */
const CAPABILITIES = [
  ['FilterParameter', '$filter on every collection'],
  ['FirstParameter', '$first and $last on every collection'],
  ['SelectParameter', '$select'],
  ['ExpandParameter', '$expand of eventLogs, events and resourceMetadata'],
  ['OrderByParameter', '$orderby on every collection'],
  ['FormatParameter', '$format'],
] as const;
const METADATA_HREF = 'resourceMetadata/CloudEntryPoint';

export function entryPoint(
  base: string,
  logs: CimiCollection | undefined,
  metadata: CimiCollection | undefined,
): CimiResource {
  return {
    kind: 'resource',
    type: 'CloudEntryPoint',
    attributes: [
      ['id', 'cloudEntryPoint'],
      ['name', 'cadf-pipeline'],
      ['description', 'Audit events, read-only'],
      ['baseURI', base],
      ['resourceMetadata', reference('resourceMetadata', metadata)],
      ['eventLogs', reference('eventLogs', logs)],
    ],
  };
}

/** Of the entry point, which is about all collections. */
export function metadata(version: CimiVersion): CimiResource {
  return { kind: 'resource', type: 'ResourceMetadata', attributes: metadataAttributes(version) };
}

export function metadataCollection(version: CimiVersion, options: ListOptions): CimiCollection {
  const { count, items } = listInMemory(
    [metadataAttributes(version)],
    () => ({ id: METADATA_HREF, typeURI: typeOf(version), name: 'CloudEntryPoint' }),
    options,
  );
  return {
    kind: 'collection',
    itemType: 'ResourceMetadata',
    plural: 'resourceMetadata',
    attributes: [
      ['id', 'resourceMetadata'],
      ['count', count],
    ],
    items,
  };
}

function typeOf(version: CimiVersion): string {
  return `${CIMI_ROOT}${version}/CloudEntryPoint`;
}

function metadataAttributes(version: CimiVersion): Attributes {
  return [
    ['id', METADATA_HREF],
    ['typeURI', typeOf(version)],
    ['name', 'CloudEntryPoint'],
    [
      'capabilities',
      {
        kind: 'list',
        singular: 'capability',
        flat: ['name', 'uri', 'description'],
        items: CAPABILITIES.map(([name, description]) => [
          ['name', name],
          ['uri', `${CIMI_ROOT}${version}/capability/CloudEntryPoint/${name}`],
          ['description', description],
          ['value', 'true'],
        ]),
      },
    ],
  ];
}
