/** What each type of resource is, a case a row: types of DSP0263 2.0.0 and of `http://schemas.dmtf.org/cimi/1`. */
import { expect, test } from 'vitest';
import { eventOf, happening } from './cimi-event.test-support.ts';

const ONE = 'http://schemas.dmtf.org/cimi/1/';
const TWO = 'http://schemas.dmtf.org/cimi/2/';

const rows: readonly (readonly [types: string, roots: readonly string[], cadf: string])[] = [
  ['CloudEntryPoint', [ONE, TWO], 'service/oss'],
  ['ResourceMetadata', [ONE, TWO], 'data/config'],
  ['System', [ONE, TWO], 'service/composition'],
  ['SystemTemplate', [ONE, TWO], 'data/template'],
  ['SystemService', [TWO], 'service/oss'],
  ['SystemSystem', [ONE], 'service/composition'],
  ['SystemMachine', [ONE], 'compute/machine'],
  ['SystemCredential', [ONE], 'data/security/credential'],
  ['SystemVolume', [ONE], 'storage/volume'],
  ['SystemNetwork SystemAddress', [ONE], 'network'],
  ['SystemNetworkPort', [ONE], 'network/connection'],
  ['SystemForwardingGroup', [ONE], 'network/cluster'],
  ['Machine', [ONE, TWO], 'compute/machine'],
  ['Disk', [ONE, TWO], 'storage/volume'],
  ['MachineVolume', [ONE], 'storage/volume'],
  ['MachineNetworkInterface MachineNetworkInterfaceAddress', [ONE], 'network/connection'],
  ['MachineSnapshot', [ONE], 'data/image'],
  [
    'MachineTemplate VolumeTemplate NetworkTemplate MeterTemplate EventLogTemplate',
    [ONE, TWO],
    'data/template',
  ],
  ['NetworkPortTemplate AddressTemplate ForwardingGroupTemplate', [ONE], 'data/template'],
  [
    'ProtocolSegmentTemplate ProtocolEndpointTemplate NetworkInterfaceTemplate NetworkServiceTemplate',
    [TWO],
    'data/template',
  ],
  ['MachineConfiguration VolumeConfiguration MeterConfiguration', [ONE, TWO], 'data/config'],
  ['NetworkConfiguration NetworkPortConfiguration', [ONE], 'data/config'],
  ['MachineImage', [ONE, TWO], 'data/image'],
  ['Credential CredentialTemplate', [ONE, TWO], 'data/security/credential'],
  ['Volume', [ONE, TWO], 'storage/volume'],
  ['VolumeImage', [ONE, TWO], 'data/image'],
  ['VolumeVolumeImage', [ONE], 'data/image'],
  ['Network', [ONE, TWO], 'network'],
  ['NetworkPort NetworkNetworkPort', [ONE], 'network/connection'],
  ['Address', [ONE], 'network'],
  ['ForwardingGroup ForwardingGroupNetwork', [ONE], 'network/cluster'],
  ['ProtocolSegment', [TWO], 'network'],
  ['ProtocolEndpoint NetworkInterface', [TWO], 'network/connection'],
  ['NetworkService', [TWO], 'service/network'],
  ['Job', [ONE, TWO], 'data/workload/job'],
  ['Meter', [ONE, TWO], 'service/bss/metering'],
  ['Sample', [ONE, TWO], 'data'],
  ['EventLog', [ONE, TWO], 'data/file/log'],
  ['Event', [ONE, TWO], 'data/message'],
  ['Spaceship', [ONE, TWO, 'http://example.org/'], 'unknown'],
];

test.each(rows)('%s is told as its node', (types, roots, cadf) => {
  for (const type of types.split(' ')) {
    for (const root of ['', ...roots]) {
      for (const resType of [`${root}${type}`, `${root}${type.toLowerCase()}`, `${root}${type}Collection`]) {
        const event = eventOf(
          happening('model', { resource: { href: 'things/x' }, resType, change: 'update' }),
        );
        expect(event.target, resType).toMatchObject({ id: 'host-1/things/x', typeURI: cadf });
      }
    }
  }
});

/** Collections of the entry point and of resources → the node of what is in them. */
test.each([
  ['resourceMetadata', 'data/config'],
  ['systems', 'service/composition'],
  ['systemTemplates', 'data/template'],
  ['machines', 'compute/machine'],
  ['machineTemplates', 'data/template'],
  ['machineConfigs', 'data/config'],
  ['machineConfigurations', 'data/config'],
  ['machineImages', 'data/image'],
  ['credentials', 'data/security/credential'],
  ['credentialTemplates', 'data/security/credential'],
  ['volumes', 'storage/volume'],
  ['volumeTemplates', 'data/template'],
  ['volumeConfigs', 'data/config'],
  ['volumeImages', 'data/image'],
  ['networks', 'network'],
  ['networkTemplates', 'data/template'],
  ['networkConfigs', 'data/config'],
  ['networkPorts', 'network/connection'],
  ['networkPortTemplates', 'data/template'],
  ['networkPortConfigs', 'data/config'],
  ['addresses', 'network'],
  ['addressTemplates', 'data/template'],
  ['forwardingGroups', 'network/cluster'],
  ['forwardingGroupTemplates', 'data/template'],
  ['segments', 'network'],
  ['segmentTemplates', 'data/template'],
  ['endpoints', 'network/connection'],
  ['endpointTemplates', 'data/template'],
  ['interfaces', 'network/connection'],
  ['interfaceTemplates', 'data/template'],
  ['networkServices', 'service/network'],
  ['networkServiceTemplates', 'data/template'],
  ['jobs', 'data/workload/job'],
  ['meters', 'service/bss/metering'],
  ['meterTemplates', 'data/template'],
  ['meterConfigs', 'data/config'],
  ['eventLogs', 'data/file/log'],
  ['eventLogTemplates', 'data/template'],
  ['disks', 'storage/volume'],
  ['networkInterfaces', 'network/connection'],
])('what is in %s is known by its reference', (collection, cadf) => {
  for (const href of [`${collection}/x`, collection, `https://cloud.example.org/cimi/${collection}/x`]) {
    const event = eventOf(happening('access', { operation: 'DELETE', resource: { href } }));
    expect(event.target, href).toMatchObject({ typeURI: cadf });
  }
});
