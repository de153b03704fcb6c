/** CIM indications as CIM-XML: what a WBEM server, such as that of libvirt-cim, exports to a listener. */
import type { Source } from '../../src/source.ts';
import { createNormalizer } from './normalizer.ts';

const MESSAGE =
  /^\uFEFF?\s{0,64}(?:<\?xml[^>]{0,200}\?>\s{0,64})?(?:<!DOCTYPE CIM[^>]{0,200}>\s{0,64})?<CIM\s/;
const INSTANCE = /^\uFEFF?\s{0,64}(?:<\?xml[^>]{0,200}\?>\s{0,64})?<INSTANCE\s[^>]{0,40}CLASSNAME\s?=/;

export const source: Source = {
  id: 'cim-indications',
  describe: {
    title: 'CIM indications as CIM-XML',
    vendor: 'DMTF WBEM servers (libvirt-cim, OpenPegasus, SFCB, vendors’ CIM providers)',
    documents: [
      'https://www.dmtf.org/sites/default/files/standards/documents/DSP0200_1.4.0.pdf',
      'https://www.dmtf.org/sites/default/files/standards/documents/DSP0201_2.4.0.pdf',
      'https://www.dmtf.org/sites/default/files/standards/documents/DSP1054_1.2.2.pdf',
      'https://libvirt.org/CIM/',
    ],
    framings: ['xml'],
  },
  recognize({ message }) {
    const start = message.slice(0, 1024);
    if (start.indexOf('<') < 0) return undefined;
    if (MESSAGE.test(start)) {
      if (!start.includes('CIMVERSION')) return undefined;
      const isExport = start.includes('EXPREQ>') || start.includes('EXPRSP>');
      return isExport ? { rule: 'cim-export', certainty: 1 } : { rule: 'cim-message', certainty: 0.9 };
    }
    return INSTANCE.test(start) ? { rule: 'cim-instance', certainty: 0.9 } : undefined;
  },
  fields: {
    id: 'host and digest of all properties; MESSAGE@ID where there is neither sequence number nor time',
    eventType: 'monitor for thresholds, control for alerts, else activity',
    eventTime:
      'EventTime, else IndicationTime; else the header of the record or its arrival, told as guessed',
    action: 'class of the indication, states before and after, MethodName',
    outcome: 'OperationalStatus, JobState, ReturnValue or PerceivedSeverity',
    initiator: 'the CIM server: no indication tells who asked',
    target:
      'SourceInstance, its model path, AlertingManagedElement; an alert that names nothing: the CIM server',
    observer: 'the CIM server at SourceInstanceHost, the host of the model path, SystemName',
    reason:
      'MessageID, EventID; of failures ErrorDescription, ErrorCode, ProbableCause, ReturnValue; else the name',
    name: 'CLASSNAME of the indication, and MethodName',
    measurements: 'ThresholdIdentifier and ObservedValue',
    tags: 'sequence context and number, ids, severity, states, the part of a system, DTD version',
  },
  rules: {
    'instance-*':
      'CIM_InstCreation, CIM_InstModification, CIM_InstDeletion, CIM_InstRead and their subclasses',
    'state-changed': 'EnabledState differs between PreviousInstance and SourceInstance',
    'state-requested': 'RequestedState differs, EnabledState not yet',
    'part-*': 'a resource allocation (disk, adapter, processor) of a system',
    'snapshot-*': 'the setting data of a snapshot came or went',
    migration: 'a migration job of libvirt-cim, or another one by its class',
    'job-*': 'an instance with JobState',
    'class-*': 'CIM_ClassCreation, CIM_ClassModification, CIM_ClassDeletion',
    'method-called': 'CIM_InstMethodCall of a method that is known',
    'unmapped-method': 'CIM_InstMethodCall of any other method',
    alert: 'CIM_AlertIndication and classes like it',
    process: 'CIM_ProcessIndication',
    threshold: 'CIM_ThresholdIndication, or a ThresholdIdentifier',
    'unmapped-indication': 'any other class',
    'export-refused': 'a listener answered with ERROR',
    response: 'a listener answered without ERROR',
    'other-message': 'CIM-XML without an export: an operation or its answer',
    blank: 'nothing in the record',
  },
  createNormalizer,
};
