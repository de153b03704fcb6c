/** Dialects by name: habits alone, and real servers of CIMI with all of theirs. */
import { kebab } from './dialect.ts';
import type { Dialect } from './dialect.ts';
import {
  deltacloudWords,
  nuvlaWords,
  siroccoWords,
  slipstreamWords,
  stratuslabWords,
  zimoryWords,
} from './server-words.ts';

export type DialectName =
  | 'standard'
  | 'plain-references'
  | 'kebab-case'
  | 'entries'
  | 'deltacloud'
  | 'osaddon'
  | 'sirocco'
  | 'stratuslab'
  | 'slipstream'
  | 'nuvla'
  | 'vendor';

const DMTF_1 = 'http://schemas.dmtf.org/cimi/1/';
const RESOURCES = ['systems', 'machines', 'machineImages', 'volumes', 'volumeImages', 'networks'];
const SIXSQ = 'http://sixsq.com/slipstream/1/';

export const DIALECTS: Readonly<Record<DialectName, Dialect>> = {
  standard: {},
  'plain-references': { plainReferences: 'all' },
  'kebab-case': { kebabCase: true, plainReferences: 'all', listKey: 'resources' },
  entries: { listKey: 'entries' },
  deltacloud: {
    version: '1',
    entryPointPath: 'cloudEntryPoint',
    collections: ['resourceMetadata', ...RESOURCES],
    hasTypeAttribute: true,
    errors: 'element',
    jobHeader: 'none',
    versionHeader: ['CIMI-Specification-Version', '1.0.1'],
    dress: deltacloudWords,
  },
  osaddon: {
    version: '1',
    collections: RESOURCES,
    paths: {
      systems: 'system',
      machines: 'machine',
      machineImages: 'machineImage',
      volumes: 'volume',
      volumeImages: 'volumeImage',
      networks: 'network',
    },
    listKey: 'entries',
    hasInnerReferences: true,
    isCareless: true,
    namespace: DMTF_1,
    isPadded: true,
    errors: 'text',
    jobHeader: 'none',
    versionHeader: ['Cimi-Specification-Version', '1.0.0'],
  },
  sirocco: {
    version: '1',
    hasHrefs: true,
    items: 'references',
    errors: 'text',
    jobHeader: 'X-CIMI-Job-URI',
    versionHeader: ['X-CIMI-Specification-Version', '1.0'],
    dress: siroccoWords,
  },
  stratuslab: {
    version: '1',
    formats: ['json'],
    collections: ['machines', 'volumes', 'jobs', 'events'],
    paths: { machines: 'Machine', volumes: 'Volume', jobs: 'Job', events: 'Event' },
    plainReferences: ['Job', 'Event'],
    dress: stratuslabWords,
  },
  slipstream: {
    version: '1',
    formats: ['json'],
    root: SIXSQ,
    typeUriOf: (type) =>
      type === 'CloudEntryPoint' ? 'http://schemas.dmtf.org/cimi/2/CloudEntryPoint' : SIXSQ + type,
    collections: ['jobs', 'events'],
    paths: { jobs: 'job', events: 'event' },
    errors: 'members',
    dress: slipstreamWords,
  },
  nuvla: {
    version: '2',
    formats: ['json'],
    typeUriOf: (type) => kebab(type).slice(1),
    collections: ['jobs', 'events'],
    hasCollectionsMember: true,
    paths: { jobs: 'job', events: 'event' },
    kebabCase: true,
    plainReferences: ['Job'],
    listKey: 'resources',
    errors: 'members',
    dress: nuvlaWords,
  },
  vendor: { version: '1', root: 'http://schemas.vendor.example/cloud/1/', dress: zimoryWords },
};
