/** The files of one segment, while they are written below a stage. */
import { fileFormats } from '@cadf-pipeline/event-formats';
import type { EventFacts, ExportFormat } from '@cadf-pipeline/event-formats';
import { contentName, hasOrigins, originsName } from '@cadf-pipeline/federation';
import type { ManifestFile, Position } from '@cadf-pipeline/federation';
import { openFileOutput } from '../exports/file-output.ts';
import type { FileOutput } from '../exports/file-output.ts';
import type { Stage } from './feed-directory.ts';

export interface SegmentForm {
  readonly format: ExportFormat;
  readonly compression: 'none' | 'gzip' | 'zstd';
  /** Names the deployment in files that are documents. */
  readonly issuer: string;
  readonly timeMs: number;
}

export interface SegmentContent {
  readonly files: readonly ManifestFile[];
  readonly count: number;
  readonly first: Position | null;
  readonly last: Position | null;
  /** Of its files. */
  readonly bytes: number;
}

export interface SegmentOutput {
  /** Of events so far, before they are packed. */
  readonly size: number;
  readonly count: number;
  add(text: string, facts: EventFacts): void;
  /** Writes what was added. */
  flush(): Promise<void>;
  /** Resolves when all is written; without events there is no file. */
  end(): Promise<SegmentContent>;
  /** Gives up what was begun. */
  abandon(): Promise<void>;
}

const SUFFIXES = { none: '', gzip: '.gz', zstd: '.zst' } as const;

export function createSegmentOutput(stage: Stage, sequence: number, form: SegmentForm): SegmentOutput {
  const format = fileFormats[form.format];
  const compression = format.compressible ? form.compression : 'none';
  const name = contentName(sequence, `events${format.extension}${SUFFIXES[compression]}`);
  let texts: string[] = [];
  let facts: EventFacts[] = [];
  let output: FileOutput | undefined;
  let first: Position | null = null;
  let last: Position | null = null;
  let count = 0;
  let size = 0;

  async function open(): Promise<FileOutput> {
    return openFileOutput({
      kind: 'open',
      path: stage.pathOf(name),
      name,
      ...(hasOrigins(form.format) ? { origins: stage.pathOf(originsName(name)) } : {}),
      format: form.format,
      compression,
      document: {
        id: `${form.issuer}/${name}`,
        timeMs: form.timeMs,
        generator: { id: form.issuer, typeURI: 'service/oss/logging', name: 'CADF pipeline' },
      },
    });
  }

  async function flush(): Promise<void> {
    if (texts.length === 0) return;
    output ??= await open();
    const batch = { texts, facts };
    texts = [];
    facts = [];
    await output.write({
      count: batch.texts.length,
      lines: Buffer.from(`${batch.texts.join('\n')}\n`),
      facts: () => batch.facts,
    });
  }

  return {
    get size() {
      return size;
    },
    get count() {
      return count;
    },
    add(text, of) {
      texts.push(text);
      facts.push(of);
      last = { partition: of.partition, offset: of.offset };
      first ??= last;
      count++;
      size += text.length;
    },
    flush,
    async end() {
      await flush();
      if (output === undefined) return { files: [], count: 0, first: null, last: null, bytes: 0 };
      const { file, origins } = await output.end();
      const files = [file, ...(origins === undefined ? [] : [origins])];
      output = undefined;
      return { files, count, first, last, bytes: files.reduce((sum, file) => sum + file.bytes, 0) };
    },
    async abandon() {
      // Its end closes what is open; the stage is removed.
      await output?.end().catch(() => undefined);
    },
  };
}
