/** What the types of CIMI's resources are in CADF's taxonomy of resources. */

/** Lower case → CADF; from CIMI 1 and 2, with the names that are no types but stand in their places. */
const TYPES: Readonly<Record<string, string>> = {
  cloudentrypoint: 'service/oss',
  resourcemetadata: 'data/config',
  system: 'service/composition',
  systemtemplate: 'data/template',
  systemservice: 'service/oss',
  systemsystem: 'service/composition',
  systemmachine: 'compute/machine',
  systemcredential: 'data/security/credential',
  systemvolume: 'storage/volume',
  systemnetwork: 'network',
  systemnetworkport: 'network/connection',
  systemaddress: 'network',
  systemforwardinggroup: 'network/cluster',
  machine: 'compute/machine',
  disk: 'storage/volume',
  machinedisk: 'storage/volume',
  machinevolume: 'storage/volume',
  locatedvolume: 'storage/volume',
  machinenetworkinterface: 'network/connection',
  machinenetworkinterfaceaddress: 'network/connection',
  machinesnapshot: 'data/image',
  machineimage: 'data/image',
  volumeimage: 'data/image',
  volumevolumeimage: 'data/image',
  credential: 'data/security/credential',
  credentialtemplate: 'data/security/credential',
  volume: 'storage/volume',
  network: 'network',
  networkport: 'network/connection',
  networknetworkport: 'network/connection',
  address: 'network',
  forwardinggroup: 'network/cluster',
  forwardinggroupnetwork: 'network/cluster',
  protocolsegment: 'network',
  segment: 'network',
  protocolendpoint: 'network/connection',
  endpoint: 'network/connection',
  networkinterface: 'network/connection',
  interface: 'network/connection',
  networkservice: 'service/network',
  job: 'data/workload/job',
  meter: 'service/bss/metering',
  sample: 'data',
  eventlog: 'data/file/log',
  event: 'data/message',
};
const SPOKEN: Readonly<Record<string, string>> = {
  credentials: 'credential',
  credentialstemplate: 'credentialtemplate',
  addresses: 'address',
  machinenetworkinterfacesaddress: 'machinenetworkinterfaceaddress',
};

export interface ResourceType {
  /** Lower case, without `Collection`: `machineimage`. */
  readonly name: string;
  readonly isCollection: boolean;
}

export const NO_TYPE: ResourceType = { name: '', isCollection: false };

/** Of a type URI, or a bare type name: its last segment, whatever stands before it. */
export function typeOfUri(uri: string): ResourceType {
  const path = uri
    .trim()
    .replace(/[?#].*$/s, '')
    .replace(/\/{1,8}$/, '');
  const last = path.slice(path.lastIndexOf('/') + 1);
  const name = last.replaceAll(/[-_]/g, '').toLowerCase();
  const item = name.replace(/collection(?:entry)?$/, '');
  const isCollection = name.endsWith('collection');
  return { name: SPOKEN[item] ?? item, isCollection };
}

/**
 * Of a reference, by the names in its path: `machines/m1`, `Machine/m1`, `machines`. The last segment that is a type's
 * name decides; when it ends the path, it is the collection.
 */
export function typeOfReference(reference: string): ResourceType {
  const path = reference
    .slice(0, 2048)
    .replace(/[?#].*$/s, '')
    .replace(/\/{1,8}$/, '');
  const segments = path.split('/').slice(-8);
  for (let at = segments.length - 1; at >= 0; at -= 1) {
    const name = knownName(segments[at] ?? '');
    if (name !== undefined) return { name, isCollection: at === segments.length - 1 };
  }
  return NO_TYPE;
}

/** `unknown` for a type that is none of CIMI's. */
export function cadfTypeOf({ name }: ResourceType): string {
  const known = Object.hasOwn(TYPES, name) ? TYPES[name] : undefined;
  if (known !== undefined) return known;
  if (name.endsWith('template')) return 'data/template';
  return name.endsWith('configuration') ? 'data/config' : 'unknown';
}

function knownName(segment: string): string | undefined {
  const { name } = typeOfUri(segment);
  const singular = name.replace(/configs?$/, 'configuration').replace(/(?<!s)s$/, '');
  for (const one of [name, singular]) {
    const known = SPOKEN[one] ?? one;
    // Who makes a session logs in: `verbs.ts`.
    if (known === 'session' || cadfTypeOf({ name: known, isCollection: false }) !== 'unknown') return known;
  }
  return undefined;
}
