/**
 * Records of the Linux audit system that a CVM or AHV host relays: `node=NAME type=TYPE msg=audit(SECONDS.mmm:SERIAL): …`
 * (https://github.com/linux-audit/audit-documentation). Those of machines (`VIRT_…`) are the source libvirt-audit's.
 */
import { readFields } from '../libvirt-audit/payload.ts';
import type { Fields } from '../libvirt-audit/payload.ts';

export interface AuditRecord {
  readonly type: string;
  readonly epochMs: number;
  /** `1651176975.464:2828209`: names the event on its host. */
  readonly stamp: string;
  readonly node: string | undefined;
  /** Of the kernel: pid, uid, auid, ses, subj; of records without an inner message all fields. */
  readonly kernel: Fields;
  /** Of `msg='…'`; empty where there is none. */
  readonly payload: Fields;
  /** Names that auditd looked up, behind the byte 0x1D: AUID, UID, ID. */
  readonly names: Fields;
  /** All behind the stamp, without those names: the same in every relay of the record. */
  readonly body: string;
}

export interface AuditHead {
  readonly type: string;
  readonly node: string | undefined;
  readonly stamp: string;
  /** Where the fields begin. */
  readonly end: number;
}

const HEAD =
  /^(?:node=(\S{1,255}) )?type=(?:UNKNOWN\[)?([A-Z0-9_]{1,40})\]? (?:msg=)?audit\(([^)]{1,60})\) ?: ?/;
const STAMP = /^(\d{1,11})\.(\d{3}):\d{1,20}$/;
/** auditd writes at most 8,970 bytes. */
const MAX_BODY = 16 * 1024;

/** Undefined where the text does not begin with an audit record. */
export function readAuditHead(text: string): AuditHead | undefined {
  const found = HEAD.exec(text.length > 512 ? text.slice(0, 512) : text);
  if (found === null) return undefined;
  const [whole, node, type = '', stamp = ''] = found;
  return { type, node, stamp, end: whole.length };
}

/** Undefined where it breaks off, or its stamp is in words (`ausearch -i`). */
export function readAuditRecord(
  text: string,
  { type, node, stamp, end }: AuditHead,
): AuditRecord | undefined {
  const time = STAMP.exec(stamp);
  if (time === null || text.length - end > MAX_BODY) return undefined;
  const mark = [text.indexOf('\u001D', end), text.indexOf('#035', end)].find((at) => at >= 0) ?? -1;
  const body = mark < 0 ? text.slice(end) : text.slice(end, mark);
  const names = mark < 0 ? '' : text.slice(mark + (text.charCodeAt(mark) === 0x1d ? 1 : 4));
  const open = body.indexOf("msg='");
  const close = body.lastIndexOf("'");
  if (open >= 0 && close < open + 5) return undefined;
  const kernel = readFields(open < 0 ? body : body.slice(0, open));
  const payload = open < 0 ? new Map() : readFields(body.slice(open + 5, close));
  if (kernel === undefined || payload === undefined) return undefined;
  return {
    type,
    node,
    stamp,
    epochMs: Number(time[1]) * 1000 + Number(time[2]),
    kernel,
    payload,
    names: readFields(names) ?? new Map(),
    body,
  };
}
