import { expect, test } from 'vitest';
import { classifyResource } from '@cadf-pipeline/cadf-model';
import { cadfTypeOf, typeOfReference, typeOfUri } from './resource-types.ts';

test.each([
  ['http://schemas.dmtf.org/cimi/1/Machine', 'compute/machine'],
  ['http://schemas.dmtf.org/cimi/2/MachineCollection', 'compute/machine'],
  ['http://schemas.dmtf.org/cimi/1/CloudEntryPoint', 'service/oss'],
  ['http://schemas.dmtf.org/cimi/1/ResourceMetadata', 'data/config'],
  ['http://schemas.dmtf.org/cimi/1/System', 'service/composition'],
  ['SystemTemplate', 'data/template'],
  ['NetworkServiceTemplate', 'data/template'],
  ['VolumeConfiguration', 'data/config'],
  ['CredentialTemplate', 'data/security/credential'],
  ['VolumeVolumeImage', 'data/image'],
  ['NetworkPort', 'network/connection'],
  ['Address', 'network'],
  ['ForwardingGroup', 'network/cluster'],
  ['NetworkService', 'service/network'],
  ['Job', 'data/workload/job'],
  ['Meter', 'service/bss/metering'],
  ['EventLog', 'data/file/log'],
  ['Event', 'data/message'],
  ['http://example.org/Spaceship', 'unknown'],
  ['__proto__', 'unknown'],
])('a %s is %s', (uri, expected) => {
  expect(cadfTypeOf(typeOfUri(uri))).toBe(expected);
  expect(classifyResource(expected).kind).not.toBe('unknown-root');
});

test.each([
  ['machines/m1', 'machine', false],
  ['https://cloud.example.org/cimi/machines?$first=1', 'machine', true],
  ['Machine/57eb', 'machine', false],
  ['t1//machineConfigs/small', 'machineconfiguration', false],
  ['machines/m1/disks/d1', 'disk', false],
  ['addresses', 'address', true],
  ['api/session/s1', 'session', false],
  ['sessions', 'session', true],
  ['t1/MachineNetworkInterfacesAddress/a1/private/192.0.2.7', 'machinenetworkinterfaceaddress', false],
  ['deployment/d1', '', false],
])('the reference %s is of a %s', (reference, name, isCollection) => {
  expect(typeOfReference(reference)).toEqual({ name, isCollection });
});
