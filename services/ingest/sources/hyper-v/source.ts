/** Windows events of Hyper-V: machines, disks, switches, migrations, as XML, JSON or text. */
import type { Source } from '../../src/source.ts';
import { isEventViewerStart } from './event-viewer-text.ts';
import { createNormalizer } from './normalizer.ts';

const PROVIDER = /Microsoft-Windows-(?:Hyper-V|VHDMP)|Microsoft-VirtualMachineManager/;
const EVENT_XML = /^\s{0,64}(?:<\?xml[^>]{0,200}\?>\s{0,64})?<(?:[\w.-]{1,20}:)?Events?[\s>]/;

export const source: Source = {
  id: 'hyper-v',
  describe: {
    title: 'Hyper-V channels of the Windows event log',
    vendor: 'Microsoft',
    documents: [
      'https://learn.microsoft.com/windows/win32/wes/eventschema-schema',
      'https://learn.microsoft.com/windows-server/virtualization/hyper-v/hyper-v-event-log',
      'https://www.elastic.co/guide/en/beats/winlogbeat/current/exported-fields-winlog.html',
      'https://docs.nxlog.co/refman/current/im/msvistalog.html',
    ],
    framings: ['xml', 'json', 'lines'],
  },
  recognize({ message }) {
    const start = message.slice(0, 800);
    if (EVENT_XML.test(start)) {
      if (PROVIDER.test(start)) return { rule: 'event-xml', certainty: 1 };
      // The first line of an event that goes on; other programs' Windows events begin the same way.
      return start.includes('Provider') ? undefined : { rule: 'event-xml-begin', certainty: 0.5 };
    }
    if (start.startsWith('{') || start.startsWith('[{')) {
      // Members stand in any order: the provider may be far down, the beginning decides only what is cheap.
      return PROVIDER.test(message.slice(0, 4096)) ? { rule: 'event-json', certainty: 0.9 } : undefined;
    }
    if (isEventViewerStart(start)) return { rule: 'event-viewer-text', certainty: 0.5 };
    return undefined;
  },
  continues({ text }) {
    return /^(?:\s|<\/?[A-Za-z]|[\]}]|(?:Log Name|Source|Date|Event ID|Task Category|Level|Keywords|User|Computer|Description|Event Xml):)/.test(
      text.slice(0, 40),
    );
  },
  fields: {
    id: 'Computer, Channel, EventRecordID and EventID; without a record number time and values',
    eventType: 'activity',
    eventTime: 'TimeCreated@SystemTime, UTC',
    action: 'Provider and EventID',
    outcome: 'Provider and EventID; Level 1 and 2, or an ErrorCode that is not 0, are failure',
    'initiator.id': 'Security@UserID of a person; the machine where its guest acted; else the service',
    'initiator.name': 'name of the account where it is told',
    'target.id': 'VmId, else from the SID; path of the disk file; switch; the service',
    'target.name': 'VmName, VhdFileName, SwitchFName',
    'observer.id': 'Computer and Provider',
    'reason.reasonCode': 'ErrorCode, VmErrorCode0, Status or Reason, else Provider and EventID',
    name: 'Provider and EventID',
    measurements: 'number of a fault of a disk',
    tags: 'key of a disk operation, Force, a machine told by its SID, how the time was read',
  },
  rules: {
    'machine-*': 'VMMS, Worker and High-Availability: life of a machine',
    'checkpoint-*': 'VMMS 18012, 18014, 18016: a checkpoint was made, applied, deleted, or not',
    'service-*': 'VMMS 14070, 14092, 14094: the management service itself',
    'network-*': 'VMMS and VmSwitch 26000 to 26144: switches and their ports',
    'disk-handle': 'VHDMP: a disk file was opened, flushed or closed',
    'disk-undescribed': 'VHDMP 29, 300, 301: frequent information that nothing published describes',
    'disk-request': 'VHDMP 1001, 1002, 1010, 1011: single requests to read and write',
    'disk-recovery': 'VHDMP 100 to 126: recovery from failures of the storage below goes well',
    trace: 'messages for developers (TraceData)',
    'driver-message': 'the hypervisor and drivers about themselves, without a fault',
    'device-message': 'SynthNic 12582, 12597: a network adapter of a machine came up',
    'machine-booted': 'Worker 18601: a guest system booted',
    'disk-*': 'VHDMP: disks attached, detached, made and changed',
    'unmapped-*': 'any other event of a provider of Hyper-V',
    'other-provider': 'an event of another provider',
    frame: 'lines around the events of a document',
    'blank-line': 'nothing on the line',
  },
  createNormalizer,
};
