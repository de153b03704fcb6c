/** Where whole files are carried to. */
import { hash } from 'node:crypto';
import type { ExportDestination } from '@cadf-pipeline/control-state';
import { securityLakeName } from '@cadf-pipeline/file-places';
import type { FilePlace } from '@cadf-pipeline/file-places';
import type { ExportPart } from './export-question.ts';

export interface CarriedFile {
  /** As manifests name it. */
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly mediaType: string;
  /** Of the layout by source and day. */
  readonly of?: ExportPart['of'];
  /** Each call begins anew. */
  readonly content: () => AsyncIterable<Uint8Array>;
}

export interface Carrier {
  /** Resolves when the file is durable there, or was taken. Throws where it is not: what `retryable` says may succeed later. */
  carry(file: CarriedFile, signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

/** Undefined: files stay where they are, to be downloaded. */
export type OpenCarrier = (destination: ExportDestination, id: string) => Carrier | undefined;

const LAKE_SOURCE = /^[\w-]{1,20}$/;
const LAKE_SOURCE_KEPT = 11;
export const DEFAULT_REGION = 'us-east-1';
const DEFAULT_ACCOUNT = 'external';

/** Files of different exports in one place have different names. */
export function createPlaceCarrier(place: FilePlace, nameOf: (file: CarriedFile) => string): Carrier {
  return {
    async carry(file, signal) {
      const { bytes, mediaType, sha256 } = file;
      await place.put(nameOf(file), file.content(), { bytes, sha256, contentType: mediaType, signal });
    },
    close: () => place.close(),
  };
}

/** `<id>/<name>`. */
export function plainName(id: string, { name }: Pick<CarriedFile, 'name'>): string {
  return `${id}/${name}`;
}

/** Content by source and day as Amazon Security Lake has it, and the manifest beside, as of any export. */
export function eventDayName(
  destination: Extract<ExportDestination, { type: 's3' }>,
  id: string,
  { name, of }: Pick<CarriedFile, 'name' | 'of'>,
): string {
  if (of === undefined) return plainName(id, { name });
  const { account = DEFAULT_ACCOUNT, region = DEFAULT_REGION } = destination;
  const dayMs = Date.parse(of.day.replace(/^(\d{4})(\d{2})(\d{2})$/, '$1-$2-$3'));
  return securityLakeName({ source: lakeSource(of.source), region, account, dayMs }, `${id}-${name}`);
}

/** Names of custom sources have 20 characters at most; the beginning of a digest keeps others apart. */
export function lakeSource(source: string): string {
  if (LAKE_SOURCE.test(source)) return source;
  const kept = source.replaceAll(/[^\w-]/g, '-').slice(0, LAKE_SOURCE_KEPT);
  return `${kept}-${hash('sha256', source, 'hex').slice(0, 8)}`;
}
