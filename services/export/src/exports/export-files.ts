/**
 * Writes the events of an export to files, from where its record says on. A file counts when it is durable, was carried to
 * its destination, is in the ledger, and the record says so, in this order: whoever takes over after a crash begins behind
 * the last file that counts, so nothing is in it twice and nothing is missing.
 */
import type { ExportJob } from '@cadf-pipeline/control-state';
import { fileFormats } from '@cadf-pipeline/event-formats';
import type { FileFormat } from '@cadf-pipeline/event-formats';
import type { EventBlock, EventPlace, EventStore, Scope } from '@cadf-pipeline/event-store';
import { contentName, hasOrigins, MAX_FILES, originsName } from '@cadf-pipeline/federation';
import type { ManifestFile } from '@cadf-pipeline/federation';
import { ProblemError } from '@cadf-pipeline/service-kit';
import { exportErrors } from '../errors.ts';
import type { Carrier } from './destination.ts';
import type { ExportDirectory, LedgerEntry } from './export-directory.ts';
import type { ExportPart, ExportQuestion } from './export-question.ts';
import type { ExportRecord } from './export-record.ts';
import { createFileWriter } from './file-writer.ts';

export interface FilesDependencies {
  readonly store: Pick<EventStore, 'stream'>;
  readonly directory: ExportDirectory;
  /** Undefined: files stay to be downloaded. */
  readonly carrier: Carrier | undefined;
  /** Names this run among those of the export. */
  readonly run: string;
  /** Whether this process has the export certainly still. */
  readonly certain: () => Promise<void>;
  /** Resolves when the record counts. */
  readonly save: (record: ExportRecord) => Promise<void>;
  /** Asked all along: throws where there may not be so many bytes more than what the record has, or nothing any more. */
  readonly requireAllowed: (more: number) => void;
  readonly now: () => number;
  readonly signal: AbortSignal;
}

const DEFAULT_FILE_BYTES = 268_435_456;
const ORIGINS_TYPE = 'application/x-ndjson';
/** How often it is told how far a file has come. */
const TELL_EVERY_MS = 2000;

/** Answers the record when all parts are in files. Throws EXPORT_COUNT_WRONG where one has not what was counted. */
export async function writeFiles(
  deps: FilesDependencies,
  job: ExportJob,
  scope: Scope,
  parts: readonly ExportPart[],
  begun: ExportRecord,
): Promise<ExportRecord> {
  const { carrier, certain, directory, now, requireAllowed, run, save, signal, store } = deps;
  const { maxBytes, maxEvents } = job.split ?? {};
  const format = formatOf(job);
  const { usualEvents = Infinity } = maxBytes === undefined && maxEvents === undefined ? format : {};
  const withOrigins = hasOrigins(job.format);
  const mostFiles = withOrigins ? MAX_FILES / 2 : MAX_FILES;
  const writer = createFileWriter(parts.reduce((sum, { count }) => sum + count, 0) - begun.events);
  let record = begun;
  let isOpen = false;
  let inFile = 0;
  let after = record.after;
  let toldMs = now();

  async function open(): Promise<void> {
    if (record.files >= mostFiles)
      throw new ProblemError(exportErrors.EXPORT_QUOTA, {
        detail: `It has ${mostFiles} files; let each have more events.`,
      });
    const name = fileName(job, format, record.files);
    await writer.open({
      path: directory.pathOf(keptName(run, name)),
      name,
      ...(withOrigins ? { origins: directory.pathOf(keptName(run, originsName(name))) } : {}),
      format: job.format,
      compression: job.compression ?? 'none',
      document: { document: job.document ?? 'log', id: `${job.id}/${name}`, timeMs: Date.parse(job.created) },
    });
    isOpen = true;
    inFile = 0;
  }

  /** The file is whole. */
  async function close(part: ExportPart): Promise<void> {
    const { file, origins } = await writer.end();
    isOpen = false;
    const written = [file, ...(origins === undefined ? [] : [origins])];
    const bytes = written.reduce((sum, one) => sum + one.bytes, 0);
    requireAllowed(bytes);
    for (const one of written) await carry(one, part);
    const entry = (one: ManifestFile): LedgerEntry =>
      carrier === undefined ? { file: one, kept: keptName(run, one.name) } : { file: one };
    await directory.note(run, {
      ...entry(file),
      ...(origins === undefined ? {} : { origins: entry(origins) }),
    });
    const { writing: _writing, ...rest } = record;
    record = {
      ...rest,
      events: record.events + file.count,
      bytes: record.bytes + bytes,
      files: record.files + 1,
      partEvents: record.partEvents + file.count,
      runs: record.runs.map((one) => (one.id === run ? { ...one, files: one.files + 1 } : one)),
      attempts: 0,
      ...(after === undefined ? {} : { after, last: positionOf(after) }),
    };
    await save(record);
    toldMs = now();
    if (carrier === undefined) return;
    for (const { name } of written) await directory.remove(keptName(run, name));
  }

  /** To where it is to be, unless that is here. */
  async function carry(file: ManifestFile, { of }: ExportPart): Promise<void> {
    if (carrier === undefined) return;
    await certain();
    const { bytes, name, sha256 } = file;
    const content = (): AsyncIterable<Buffer> => directory.read(keptName(run, name));
    const mediaType = mediaTypeOf(job, file);
    // Readers of a data lake take all that is in a layout for events.
    const lies = of === undefined || file.role === 'origins' ? {} : { of };
    await carrier.carry({ bytes, name, sha256, mediaType, content, ...lies }, signal);
  }

  async function write(block: EventBlock): Promise<void> {
    if (record.first === undefined) {
      const [fact] = block.facts();
      if (fact !== undefined) record = { ...record, first: positionOf(fact) };
    }
    if (!isOpen) await open();
    // The block's memory is gone after it.
    const { count, last } = block;
    await writer.write(block);
    inFile += count;
    after = last;
    requireAllowed(writer.bytes);
    if (now() - toldMs < TELL_EVERY_MS) return;
    toldMs = now();
    record = { ...record, writing: { events: inFile, bytes: writer.bytes } };
    await save(record);
  }

  async function writePart(part: ExportPart): Promise<void> {
    let isAll = false;
    while (!isAll) {
      let found = 0;
      const question: ExportQuestion & { limit?: number; after?: EventPlace } = {
        ...part.question,
        ...(after === undefined ? {} : { after }),
        ...(maxEvents === undefined ? {} : { limit: maxEvents }),
      };
      for await (const block of store.stream(scope, { ...question, order: 'asc' }, signal)) {
        found += block.count;
        await write(block);
        if (writer.bytes >= (maxBytes ?? DEFAULT_FILE_BYTES) || inFile >= usualEvents) await close(part);
      }
      signal.throwIfAborted();
      isAll = maxEvents === undefined || found < maxEvents;
      if (isOpen) await close(part);
    }
    if (record.partEvents !== part.count) throw countWrong(part, record.partEvents);
  }

  try {
    while (record.part < parts.length) {
      const part = parts[record.part];
      if (part === undefined) break;
      await writePart(part);
      if (record.files === 0 && part.of === undefined) {
        await open();
        await close(part);
      }
      const { after: _after, ...rest } = record;
      record = { ...rest, part: record.part + 1, partEvents: 0 };
      after = undefined;
      await save(record);
    }
    return record;
  } finally {
    await writer.stop();
  }
}

/** Throws EXPORT_INVALID for a format that this version does not write. */
export function formatOf({ format }: Pick<ExportJob, 'format'>): FileFormat {
  const found = fileFormats[format];
  if (found !== undefined) return found;
  throw new ProblemError(exportErrors.EXPORT_INVALID, { detail: `This version does not write ${format}.` });
}

/** Of a file as it is: packed ones are of the packer's type. */
export function mediaTypeOf(
  job: Pick<ExportJob, 'compression' | 'format'>,
  { role }: Pick<ManifestFile, 'role'>,
): string {
  if (role === 'origins') return ORIGINS_TYPE;
  const { compression = 'none' } = job;
  return compression === 'none' ? formatOf(job).mediaType : `application/${compression}`;
}

/** `000000000001.events-000001.ndjson.gz` */
function fileName({ compression = 'none' }: ExportJob, { extension }: FileFormat, index: number): string {
  const packed = { none: '', gzip: '.gz', zstd: '.zst' }[compression];
  return contentName(1, `events-${String(index + 1).padStart(6, '0')}${extension}${packed}`);
}

function keptName(run: string, name: string): string {
  return `${run}-${name}`;
}

function positionOf({ offset, partition }: { readonly offset: number; readonly partition: number }) {
  return { partition, offset };
}

function countWrong(part: ExportPart, found: number): ProblemError {
  const where = part.of === undefined ? '' : ` of ${part.of.source} on ${part.of.day}`;
  return new ProblemError(exportErrors.EXPORT_COUNT_WRONG, {
    detail: `${part.count} events${where} were counted, and ${found} found.`,
  });
}
