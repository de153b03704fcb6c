/** The files of a signed segment: staged as they are verified, and then read from there. */
import { checkContent, checkOrigins, readBounded, unpackContent } from '@cadf-pipeline/federation';
import type { ManifestFile, SegmentManifest, SegmentReader } from '@cadf-pipeline/federation';
import type { ImportRun } from './import-run-context.ts';
import { blocksOf, documentItems, ndjsonBlocks } from './item-blocks.ts';
import type { ItemBlock } from './item-blocks.ts';
import { Refused } from './refused.ts';

const READ_FORMATS: ReadonlyMap<string, 'ndjson' | 'json' | 'xml'> = new Map([
  ['cadf-ndjson', 'ndjson'],
  ['cadf-json', 'json'],
  ['cadf-xml', 'xml'],
]);

/** Stages every file as it is verified, and makes sure that its events can be counted. */
export async function verifyFiles(
  run: ImportRun,
  reader: SegmentReader,
  manifest: SegmentManifest,
): Promise<void> {
  const { limits, signal, staging } = run;
  const { sequence } = manifest;
  for (const [index, file] of manifest.files.entries()) {
    const chunks = await reader.read(file.name, signal);
    if (chunks === undefined)
      throw new Refused('file-missing', 'The manifest names it, and it is not there.', {
        file: file.name,
        sequence,
      });
    const staged = staging.through(index, chunks);
    if (isEvents(file)) {
      // Unpacked once: what was verified is what is read then.
      if (isPackedLines(file))
        await readToEnd(staging.through(unpackedNumber(manifest, index), unpackContent(file, staged)));
      else await checkContent(file, staged);
    } else {
      const about = manifest.files.find((other) => other.name === file.of);
      if (about === undefined) await checkContent(file, staged);
      else await checkOrigins(about, file, staged);
    }
  }
  for (const [index, file] of manifest.files.entries()) {
    if (!isEvents(file)) continue;
    const form = READ_FORMATS.get(file.format);
    const site = { file: file.name, sequence };
    if (form === undefined)
      throw new Refused(
        'IMPORT_FORMAT_UNKNOWN',
        `Its format is ${file.format}: cadf-ndjson, cadf-json and cadf-xml can be imported.`,
        site,
      );
    if (file.lines) continue;
    if (form === 'ndjson')
      throw new Refused('manifest-invalid', 'Its format has lines, and the manifest says it has none.', site);
    const items = await readDocument(run, file, index, form, limits.maxUnpackedBytes);
    if (items.length !== file.count)
      throw new Refused(
        'count-differs',
        `It has ${items.length} events, its manifest says ${file.count}.`,
        site,
      );
  }
}

/** The events of a file that was verified. */
export async function blocksOfFile(
  run: ImportRun,
  manifest: SegmentManifest,
  index: number,
  file: ManifestFile,
): Promise<AsyncIterable<ItemBlock> | Iterable<ItemBlock>> {
  const { limits, staging } = run;
  const form = READ_FORMATS.get(file.format);
  if (form === 'json' || form === 'xml')
    return blocksOf(await readDocument(run, file, index, form, limits.maxUnpackedBytes));
  return ndjsonBlocks(
    staging.read(isPackedLines(file) ? unpackedNumber(manifest, index) : index),
    limits,
    true,
  );
}

async function readDocument(
  run: ImportRun,
  file: ManifestFile,
  index: number,
  form: 'json' | 'xml',
  most: number,
): Promise<ReturnType<typeof documentItems>> {
  const body = await readBounded(unpackContent(file, run.staging.read(index)), most);
  if (body === undefined)
    throw new Refused(
      'IMPORT_TOO_LARGE',
      `A document of more than ${most} bytes is not read whole: have it made as cadf-ndjson, or in smaller files.`,
      { file: file.name },
    );
  try {
    return documentItems(body, form, run.limits);
  } catch (error) {
    throw new Refused('IMPORT_FILE_UNREADABLE', messageOf(error), { file: file.name }, { cause: error });
  }
}

export function isEvents({ role }: ManifestFile): boolean {
  return role !== 'origins';
}

function isPackedLines({ compression, lines }: ManifestFile): boolean {
  return lines && compression !== undefined;
}

/** Under which number its content is staged; under its own it is packed. */
function unpackedNumber({ files }: SegmentManifest, index: number): number {
  return files.length + index;
}

async function readToEnd(chunks: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const chunk of chunks) void chunk;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
