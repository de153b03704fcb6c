/** Builds the CADF event of an audit record. */
import { createHash } from 'node:crypto';
import { eventTypeUri, formatTimestamp } from '@cadf-pipeline/cadf-model';
import type { Attachment, CadfEvent, Resource } from '@cadf-pipeline/cadf-model';
import { recordId } from '../../src/record-id.ts';
import type { NormalizerContext, RawRecord } from '../../src/source.ts';
import type { AuditLine } from './audit-line.ts';
import type { Device } from './device.ts';
import { isDocker, recordOutcome } from './mapping.ts';
import type { Meaning } from './mapping.ts';
import { first, last } from './payload.ts';

/** A record as received, and as read. */
export interface Entry {
  readonly record: RawRecord;
  readonly line: AuditLine;
}

const MEDIA_TYPES = 'https://www.iana.org/assignments/media-types/';
const REASON_TYPE = 'https://libvirt.org/auditlog.html';
const UNSET_AUID = new Set(['4294967295', '-1', 'unset']);
/** Names longer than this are cut in `name`; the record attached has them whole. */
const MAX_NAME = 1024;

/**
 * `devices` describe parts of the machine; `details` are the records folded into this event. Throws RangeError for a
 * time outside the years 0 to 9999.
 */
export function toEvent(
  entry: Entry,
  meaning: Meaning,
  context: NormalizerContext,
  devices: readonly Device[],
  details: readonly Entry[],
): CadfEvent {
  const { line, record } = entry;
  const reason = last(line.payload, 'reason');
  const observer = daemon(line, context);
  const attachments = [recordAttachment(record)];
  if (devices.length > 0) attachments.push(attachment('devices', 'application/json', devices));
  const tags = line.timeGuessed ? ['//libvirt-audit/event-time?value=guessed'] : [];
  if (meaning.withoutStart === true) tags.push('//libvirt-audit/incomplete?value=no-start-record');
  for (const detail of details)
    attachments.push({ ...recordAttachment(detail.record), name: 'start-record' });
  return {
    typeURI: eventTypeUri,
    id: eventId(line, context),
    eventType: meaning.eventType,
    eventTime: formatTimestamp(line.timeMs),
    action: meaning.action,
    outcome: meaning.outcome ?? recordOutcome(line.payload),
    initiator: initiator(line, context) ?? observer,
    target: target(line, meaning, context) ?? observer,
    observer,
    reason: { reasonType: REASON_TYPE, reasonCode: reason ?? last(line.payload, 'op') ?? line.type },
    name: nativeName(line),
    ...(tags.length === 0 ? {} : { tags }),
    attachments,
  };
}

/** From what the kernel stamped and what libvirt said: the same in the raw, enriched and relayed form of a record. */
export function eventId(line: AuditLine, context: NormalizerContext): string {
  const digest = createHash('sha256').update(line.payloadText).digest('hex');
  return recordId(['libvirt-audit', hostOf(line, context), line.stamp, line.serial ?? '', line.type, digest]);
}

/** The machine the record was written on; the source's name where neither record nor settings tell. */
export function hostOf(line: AuditLine, context: NormalizerContext): string {
  return line.node ?? context.host ?? context.sourceName;
}

function nativeName(line: AuditLine): string {
  const parts = [line.type];
  for (const key of ['op', 'resrc', 'reason']) {
    const value = last(line.payload, key);
    if (value !== undefined) parts.push(`${key}=${value}`);
  }
  return parts.join(' ').slice(0, MAX_NAME);
}

/** The daemon that wrote the record: a service on a host. */
function daemon(line: AuditLine, context: NormalizerContext): Resource {
  const exe = last(line.payload, 'exe');
  const host = hostOf(line, context);
  if (exe === undefined) return { id: 'unknown', typeURI: 'service/compute', host: { id: host } };
  return {
    id: `${uriPart(host)}${exe.startsWith('/') ? '' : '/'}${uriPart(exe)}`,
    typeURI: 'service/compute',
    name: exe.slice(exe.lastIndexOf('/') + 1).slice(0, MAX_NAME),
    host: { id: host, agent: exe },
  };
}

/** The person, where a login is recorded (auid set); undefined otherwise: uid 0 is the daemon's, not a person's. */
function initiator(line: AuditLine, context: NormalizerContext): Resource | undefined {
  const docker = isDocker(line.payload);
  const auid = (docker ? first(line.payload, 'auid') : undefined) ?? last(line.kernel, 'auid');
  if (auid === undefined || UNSET_AUID.has(auid)) return undefined;
  const host = hostOf(line, context);
  const name = docker ? first(line.payload, 'user') : last(line.names, 'AUID');
  const address = docker ? undefined : last(line.payload, 'addr');
  return {
    id: `${uriPart(host)}/uid/${uriPart(auid)}`,
    typeURI: 'data/security/account/user',
    ...(name === undefined ? {} : { name: name.slice(0, MAX_NAME) }),
    host: { id: host, ...(address === undefined ? {} : { address }) },
  };
}

/** The machine, or the device a machine was granted; undefined where docker's record names no container. */
function target(line: AuditLine, meaning: Meaning, context: NormalizerContext): Resource | undefined {
  const { payload } = line;
  const path = last(payload, 'path');
  const host = uriPart(hostOf(line, context));
  if (meaning.eventType === 'control' && path !== undefined) {
    return { id: `${host}${uriPart(path)}`, typeURI: 'data/file', name: path.slice(0, MAX_NAME) };
  }
  const docker = isDocker(payload);
  const vm = last(payload, 'vm');
  const id = docker ? first(payload, 'hostname') : last(payload, 'uuid');
  if (docker && id === undefined && vm === undefined) return undefined;
  return {
    // Without an id of its own, a machine is told by its name on its host.
    id: id ?? `${host}/machine/${uriPart(vm ?? '')}`,
    typeURI: docker || last(payload, 'virt') === 'lxc' ? 'compute/machine/container' : 'compute/machine',
    ...(vm === undefined ? {} : { name: vm.slice(0, MAX_NAME) }),
  };
}

/** Percent-encodes what a URI reference may not hold; `/` stays. */
function uriPart(text: string): string {
  return encodeURI(text.toWellFormed().slice(0, 256)).replaceAll(/[?#]/g, encodeURIComponent);
}

function recordAttachment(record: RawRecord): Attachment {
  return record.bytes === undefined
    ? attachment('record', 'text/plain', record.text)
    : attachment('record', 'application/octet-stream', record.bytes.toString('base64'));
}

function attachment(name: string, mediaType: string, content: unknown): Attachment {
  return { name, contentType: MEDIA_TYPES + mediaType, content };
}
