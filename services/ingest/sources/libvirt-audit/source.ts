/** Audit records libvirt writes about machines and their devices, as auditd, the journal or syslog deliver them. */
import type { Source } from '../../src/source.ts';
import { createNormalizer } from './normalizer.ts';

const RECORD = /type=(?:VIRT_[A-Z_]+|250[0-7]) (?:msg=)?audit\(|audit\[\d{1,10}\]: VIRT_/;
const AUDIT = /type=[A-Z0-9_]+ (?:msg=)?audit\(/;

export const source: Source = {
  id: 'libvirt-audit',
  describe: {
    title: 'libvirt machine and device operations in the Linux audit log',
    vendor: 'libvirt',
    documents: ['https://libvirt.org/auditlog.html', 'https://github.com/linux-audit/audit-documentation'],
    framing: 'lines',
  },
  /** An audit log without machine records may still be one of a hypervisor that has been quiet. */
  detect: (sample) => (RECORD.test(sample) ? 0.95 : AUDIT.test(sample) ? 0.4 : 0),
  createNormalizer,
};
