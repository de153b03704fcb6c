/** What VMware's operations are about, and the CADF resource type of each. */

export const TARGET_TYPES = {
  machine: 'compute/machine',
  node: 'compute/node',
  volume: 'storage/volume',
  snapshot: 'storage/volume/snapshot',
  file: 'data/file',
  network: 'network',
  portgroup: 'network/domain',
  switch: 'network/node/switch',
  firewall: 'network/node/firewall',
  cluster: 'network/cluster',
  pool: 'compute',
  container: 'service/composition',
  user: 'data/security/account/user',
  group: 'data/security/group',
  role: 'data/security/role',
  credential: 'data/security/credential',
  key: 'data/security/key',
  policy: 'data/security/policy',
  license: 'data/security/license',
  alarm: 'service/oss/monitoring',
  task: 'data/workload/task',
  config: 'data/config',
  library: 'data/catalog',
  image: 'data/image',
  package: 'data/package',
  log: 'data/file/log',
  namespace: 'service/composition',
  service: 'service/compute',
  /** A name says what was done and not to what. */
  unnamed: 'unknown',
} as const;

export type TargetKind = keyof typeof TARGET_TYPES;

/** What a kind of managed object (`VirtualMachine` of a reference) is; undefined for one that is not in the table. */
export function kindOfObject(type: string): TargetKind | undefined {
  return OBJECT_KINDS.get(type);
}

const OBJECT_KINDS: ReadonlyMap<string, TargetKind> = new Map([
  ['VirtualMachine', 'machine'],
  ['HostSystem', 'node'],
  ['Datastore', 'volume'],
  ['StoragePod', 'volume'],
  ['Network', 'network'],
  ['OpaqueNetwork', 'network'],
  ['DistributedVirtualPortgroup', 'portgroup'],
  ['DistributedVirtualSwitch', 'switch'],
  ['VmwareDistributedVirtualSwitch', 'switch'],
  ['ClusterComputeResource', 'cluster'],
  ['ComputeResource', 'pool'],
  ['ResourcePool', 'pool'],
  ['VirtualApp', 'pool'],
  ['Datacenter', 'container'],
  ['Folder', 'container'],
  ['Alarm', 'alarm'],
  ['ScheduledTask', 'task'],
]);
