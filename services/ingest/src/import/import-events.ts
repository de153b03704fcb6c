/** The audit events of imports that are no changes of the control state: what was taken, and what was refused. */
import { hash } from 'node:crypto';
import type { Audit, ImportDefinition } from '@cadf-pipeline/control-state';
import { JSON_TYPE, namedTenants, shownImportFrom } from '@cadf-pipeline/control-state';
import type { ImportCounts, ImportFault } from './import-record.ts';

export interface TakenUnit {
  /** Tells it from all others of the import: the same is told under the same id. */
  readonly of: string;
  readonly counts: ImportCounts;
  readonly chain?: string;
  readonly sequence?: number;
  readonly file?: string;
  /** Whether the provider says that values were taken out. */
  readonly redaction?: boolean;
}

export interface ImportEvents {
  /** A segment or a file was taken whole. Throws where it cannot be written. */
  taken(definition: ImportDefinition, unit: TakenUnit): Promise<void>;
  /** Something was refused. Throws where it cannot be written. */
  refused(definition: ImportDefinition, fault: ImportFault): Promise<void>;
}

/** `now`: milliseconds since 1970 UTC. */
export function createImportEvents(audit: Audit, now: () => number): ImportEvents {
  return {
    taken: (definition, unit) =>
      audit(
        {
          ...eventOf(definition, idOf(definition.id, definition.created, 'taken', unit.of), now()),
          outcome: 'success',
          attachments: [attachment({ ...unit, from: shownImportFrom(definition.from) })],
        },
        namedTenants(definition),
      ),
    refused: (definition, fault) =>
      audit(
        {
          ...eventOf(
            definition,
            idOf(
              definition.id,
              definition.created,
              'refused',
              fault.file ?? '',
              fault.code,
              String(fault.atMs),
            ),
            now(),
          ),
          outcome: 'failure',
          reason: { reasonType: '/docs/errors', reasonCode: fault.code },
          attachments: [attachment({ ...fault, from: shownImportFrom(definition.from) })],
        },
        namedTenants(definition),
      ),
  };
}

function eventOf({ id, name, owner }: ImportDefinition, eventId: string, timeMs: number) {
  return {
    typeURI: 'http://schemas.dmtf.org/cloud/audit/1.0/event',
    id: eventId,
    eventType: 'activity',
    action: 'receive',
    // CADF wants an offset; `Z` is not one.
    eventTime: new Date(timeMs).toISOString().replace('Z', '+00:00'),
    initiator: { id: owner.id, typeURI: 'data/security/account', name: owner.name },
    target: { id, typeURI: 'data/workload/job/import', ...(name === undefined ? {} : { name }) },
    observer: { id: 'cadf-pipeline', typeURI: 'service/oss/logging', name: 'CADF pipeline import' },
  };
}

function attachment(content: object): object {
  return { name: 'import', contentType: JSON_TYPE, content };
}

/** A UUID made of what it is about (RFC 9562 version 8). */
function idOf(...words: readonly string[]): string {
  const digest = hash('sha256', words.join('\n'), 'hex');
  const parts = [
    digest.slice(0, 8),
    digest.slice(8, 12),
    `8${digest.slice(13, 16)}`,
    `8${digest.slice(17, 20)}`,
    digest.slice(20, 32),
  ];
  return parts.join('-');
}
