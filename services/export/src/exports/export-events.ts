/** The audit events of exports that are no changes of the control state: how they ended, and who took their files. */
import { hash, randomUUID } from 'node:crypto';
import type { Audit, ExportJob } from '@cadf-pipeline/control-state';
import { JSON_TYPE, namedTenants, shownDestination } from '@cadf-pipeline/control-state';
import type { ExportRecord } from './export-record.ts';

export interface ExportEvents {
  /** How it ended; the same event however often it is told. Throws where it cannot be written. */
  ended(job: ExportJob, record: ExportRecord): Promise<void>;
  /** A file is about to be sent to somebody. Throws where that cannot be written. */
  downloaded(job: ExportJob, file: string, by: Reader): Promise<void>;
}

export interface Reader {
  readonly id: string;
  readonly name: string;
  readonly remoteAddress: string;
  /** Whether by a signed link that the owner gave away. */
  readonly byLink: boolean;
}

export function createExportEvents(audit: Audit, now: () => number): ExportEvents {
  return {
    async ended(job, record) {
      const { destination, filter, format, owner } = job;
      const { bytes, events, failure, files, state } = record;
      const told = { state, events, bytes, files, format, failure, filter };
      await audit(
        {
          ...eventOf(job, idOf(job.id, state), new Date(record.endedMs ?? now())),
          action: state === 'cancelled' ? 'stop' : 'backup',
          outcome: state === 'failed' ? 'failure' : 'success',
          initiator: { id: owner.id, typeURI: 'data/security/account', name: owner.name },
          ...(failure === undefined
            ? {}
            : { reason: { reasonType: '/docs/errors', reasonCode: failure.code } }),
          attachments: [
            {
              name: 'export',
              contentType: JSON_TYPE,
              content: { ...told, destination: shownDestination(destination) },
            },
          ],
        },
        namedTenants(job),
      );
    },
    async downloaded(job, file, { byLink, id, name, remoteAddress }) {
      await audit(
        {
          ...eventOf(job, randomUUID(), new Date(now())),
          action: 'read',
          outcome: 'success',
          initiator: { id, typeURI: 'data/security/account', name, host: { address: remoteAddress } },
          attachments: [{ name: 'file', contentType: JSON_TYPE, content: { file, byLink } }],
        },
        namedTenants(job),
      );
    },
  };
}

function eventOf({ id, name }: ExportJob, eventId: string, time: Date) {
  return {
    typeURI: 'http://schemas.dmtf.org/cloud/audit/1.0/event',
    id: eventId,
    eventType: 'activity',
    // CADF wants an offset; `Z` is not one.
    eventTime: time.toISOString().replace('Z', '+00:00'),
    target: { id, typeURI: 'data/workload/job/export', ...(name === undefined ? {} : { name }) },
    observer: { id: 'cadf-pipeline', typeURI: 'service/oss/logging', name: 'CADF pipeline export' },
  };
}

/** A UUID made of what it is about (RFC 9562 version 8). */
export function idOf(...words: readonly string[]): string {
  const digest = hash('sha256', words.join('\n'), 'hex');
  return [
    digest.slice(0, 8),
    digest.slice(8, 12),
    `8${digest.slice(13, 16)}`,
    `8${digest.slice(17, 20)}`,
    digest.slice(20, 32),
  ].join('-');
}
