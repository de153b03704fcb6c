/** The CADF resource an operation is done to. Names are unique within a cluster: ids are qualified by its master. */
import type { Resource } from '@cadf-pipeline/cadf-model';
import { qualifiedId, resource, UNKNOWN_ID } from '../../src/normalize/resources.ts';
import type { TargetKind } from './opcodes.ts';

/** What a record says of the target. */
export interface TargetFacts {
  readonly name?: string | undefined;
  readonly uuid?: string | undefined;
  /** Of a tagged object: `cluster`, `instance`, `node`, `nodegroup`, `network`. */
  readonly taggedKind?: string | undefined;
}

const TYPES: Readonly<Record<TargetKind, string>> = {
  instance: 'compute/machine',
  disks: 'storage/volume',
  backup: 'storage/volume',
  node: 'compute/node',
  group: 'network/cluster',
  network: 'network',
  cluster: 'service/compute',
  filter: 'data/config',
  job: 'data/workload/task',
  tagged: 'unknown',
  unknown: 'unknown',
};

const TAGGED: ReadonlyMap<string, TargetKind> = new Map([
  ['cluster', 'cluster'],
  ['instance', 'instance'],
  ['node', 'node'],
  ['nodegroup', 'group'],
  ['group', 'group'],
  ['network', 'network'],
]);

/** `host`: the machine whose log or queue it is. A target the record does not name has the id `unknown`. */
export function targetOf(host: string, kind: TargetKind, facts: TargetFacts): Resource {
  if (kind === 'tagged') {
    const tagged = TAGGED.get(facts.taggedKind ?? '');
    return tagged === undefined
      ? resource('unknown', UNKNOWN_ID)
      : targetOf(host, tagged, { name: facts.name });
  }
  const type = TYPES[kind];
  if (kind === 'cluster') return resource(type, qualifiedId(host, 'cluster'), facts.name || 'ganeti cluster');
  const { name, uuid } = facts;
  if (kind === 'unknown' || ((name === undefined || name === '') && uuid === undefined))
    return resource(type, UNKNOWN_ID, name);
  const own = kind === 'disks' || kind === 'backup' ? 'instance' : kind;
  const id = uuid === undefined ? qualifiedId(host, own, name ?? '') : qualifiedId(uuid);
  return resource(type, own === kind ? id : `${id}/${kind}`, name);
}
