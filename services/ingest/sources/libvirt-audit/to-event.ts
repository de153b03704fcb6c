/** Builds the CADF event of a record libvirt wrote about a machine. */
import type { CadfEvent, Resource } from '@cadf-pipeline/cadf-model';
import {
  attachment,
  createSourceEvents,
  digestOf,
  recordAttachment,
} from '../../src/normalize/event-draft.ts';
import { MAX_NAME, UNKNOWN_ID, resource, service, uriPart } from '../../src/normalize/resources.ts';
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

export interface MachineEvents {
  /** `devices` describe parts of the machine; `details` are the records folded into this event. */
  toEvent(entry: Entry, meaning: Meaning, devices: readonly Device[], details: readonly Entry[]): CadfEvent;
  /** The machine the record was written on; the source's name where neither record nor settings tell. */
  hostOf(line: AuditLine): string;
}

export const REASON_TYPE = 'https://libvirt.org/auditlog.html';
const UNSET_AUID = new Set(['4294967295', '-1', 'unset']);

/** `sourceId`: whose events they are; the same payload reaches the audit log and, with `audit_logging`, the daemon's own. */
export function createMachineEvents(sourceId: string, context: NormalizerContext): MachineEvents {
  const events = createSourceEvents(sourceId, REASON_TYPE);

  function hostOf(line: AuditLine): string {
    return line.node ?? context.host ?? context.sourceName;
  }

  return {
    hostOf,
    toEvent({ record, line }, meaning, devices, details) {
      const host = hostOf(line);
      const observer = daemon(line, host);
      return events.make([record], {
        // What the kernel stamped and what libvirt said: the same in the raw, enriched and relayed form of a record.
        identity: [host, line.stamp, line.serial ?? '', line.type, digestOf(line.payloadText)],
        time: line.time,
        action: meaning.action,
        outcome: meaning.outcome ?? recordOutcome(line.payload),
        initiator: person(line, host) ?? observer,
        target: target(line, meaning, host) ?? observer,
        observer,
        name: nativeName(line),
        reasonCode: last(line.payload, 'reason') ?? last(line.payload, 'op') ?? line.type,
        ...containerRun(line),
        tags: meaning.withoutStart === true ? [events.tag('incomplete', 'no-start-record')] : [],
        attachments: [
          ...(devices.length > 0 ? [attachment('devices', 'application/json', devices)] : []),
          ...details.map((detail) => recordAttachment(detail.record, 'start-record')),
        ],
      });
    },
  };
}

/** The start of a container may be told twice, the second time with its first process. */
function containerRun({ payload }: AuditLine): { readonly operation?: string } {
  if (last(payload, 'op') !== 'start' || last(payload, 'virt') !== 'lxc') return {};
  return { operation: `${last(payload, 'uuid') ?? ''} ${last(payload, 'vm-pid') ?? ''}`.trim() };
}

function nativeName(line: AuditLine): string {
  const parts = [line.type];
  for (const key of ['op', 'resrc', 'reason']) {
    const value = last(line.payload, key);
    if (value !== undefined) parts.push(`${key}=${value}`);
  }
  return parts.join(' ');
}

/** The daemon that wrote the record: a service on a host. */
function daemon({ payload, program }: AuditLine, host: string): Resource {
  const exe = last(payload, 'exe');
  if (exe === undefined) {
    if (program !== undefined) return service(host, program);
    return { id: UNKNOWN_ID, typeURI: 'service/compute', host: { id: uriPart(host) } };
  }
  return {
    id: `${uriPart(host)}${exe.startsWith('/') ? '' : '/'}${uriPart(exe)}`,
    typeURI: 'service/compute',
    name: exe.slice(exe.lastIndexOf('/') + 1).slice(0, MAX_NAME),
    host: { id: uriPart(host), agent: exe.slice(0, MAX_NAME) },
  };
}

/** The person, where a login is recorded (auid set); undefined otherwise: uid 0 is the daemon's, not a person's. */
function person({ kernel, names, payload }: AuditLine, host: string): Resource | undefined {
  const docker = isDocker(payload);
  const auid = (docker ? first(payload, 'auid') : undefined) ?? last(kernel, 'auid');
  if (auid === undefined || UNSET_AUID.has(auid)) return undefined;
  const name = docker ? first(payload, 'user') : last(names, 'AUID');
  const address = docker ? undefined : last(payload, 'addr');
  return {
    ...resource('data/security/account/user', `${uriPart(host)}/uid/${uriPart(auid)}`, name),
    host: { id: uriPart(host), ...(address === undefined ? {} : { address }) },
  };
}

/** The machine, or the device a machine was granted; undefined where docker's record names no container. */
function target({ payload }: AuditLine, meaning: Meaning, host: string): Resource | undefined {
  const path = last(payload, 'path');
  if (meaning.isDeviceRule === true && path !== undefined)
    return resource('data/file', `${uriPart(host)}${uriPart(path)}`, path);
  const docker = isDocker(payload);
  const vm = last(payload, 'vm');
  const id = docker ? first(payload, 'hostname') : last(payload, 'uuid');
  if (docker && id === undefined && vm === undefined) return undefined;
  const isContainer = docker || last(payload, 'virt') === 'lxc';
  // Without an id of its own, a machine is told by its name on its host.
  return resource(
    isContainer ? 'compute/machine/container' : 'compute/machine',
    id === undefined ? `${uriPart(host)}/machine/${uriPart(vm ?? '')}` : uriPart(id),
    vm,
  );
}
