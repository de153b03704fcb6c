/**
 * What `audit_logging = 1` writes into the daemon's log: `success=yes|no ` and the payload of the audit record. The kind
 * of record is told by its fields (libvirt: src/util/viraudit.c, src/conf/domain_audit.c).
 */
import type { AuditLine } from '../libvirt-audit/audit-line.ts';
import { readFields } from '../libvirt-audit/payload.ts';
import type { Fields } from '../libvirt-audit/payload.ts';
import type { TimedLine } from './to-event.ts';

const NONE: Fields = new Map();

/** Undefined where the text is no such payload. */
export function auditLineOf({
  text,
  time,
  stamp,
  thread,
  host,
  program,
}: TimedLine): AuditLine | 'truncated' | undefined {
  if (!text.startsWith('success=yes ') && !text.startsWith('success=no ')) return undefined;
  const payload = readFields(text);
  if (payload === undefined) return 'truncated';
  const type = typeOf(payload);
  if (type === undefined) return undefined;
  return {
    kind: 'record',
    type,
    time,
    stamp,
    serial: thread,
    node: host,
    program,
    kernel: NONE,
    payload,
    names: NONE,
    payloadText: text,
  };
}

function typeOf(payload: Fields): string | undefined {
  if (payload.has('resrc')) return 'VIRT_RESOURCE';
  if (payload.has('op')) return 'VIRT_CONTROL';
  if (payload.has('vm-ctx') || payload.has('model')) return 'VIRT_MACHINE_ID';
  return payload.has('vm') ? 'VIRT_UNKNOWN' : undefined;
}
