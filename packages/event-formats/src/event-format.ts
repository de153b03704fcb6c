/** What every format of exported files keeps to: blocks of events in, bytes of one file out. */

/** The formats of exported files, by the names of the API. */
export const EXPORT_FORMATS = [
  'cadf-ndjson',
  'cadf-json',
  'cadf-xml',
  'csv',
  'parquet',
  'ocsf-json',
  'ocsf-parquet',
  'cef',
  'leef',
  'syslog',
] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** What is known of an event beside its text. */
export interface EventFacts {
  readonly source: string;
  /** Milliseconds since 1970 UTC. */
  readonly receivedMs: number;
  readonly partition: number;
  readonly offset: number;
}

/** Events that are written together. */
export interface EventBatch {
  /** 1 or more. */
  readonly count: number;
  /** Their texts in UTF-8, each followed by a line feed; no other line breaks. */
  readonly lines: Buffer;
  /** One for each line, in their order. Made when it is called. */
  facts(): readonly EventFacts[];
}

/** An event with all that is known of it. */
export interface EventToWrite extends EventFacts {
  /** The JSON, UTF-8. Not to be changed. */
  readonly text: Buffer;
  /** What `JSON.parse` makes of the text. */
  readonly event: unknown;
}

/** Writes one file. Its memory does not grow with the number of events, but for what a format keeps to its end. */
export interface FormatWriter {
  /** The bytes that are ready now, perhaps none. They are the caller's until the next call. */
  write(batch: EventBatch): readonly Uint8Array[] | Promise<readonly Uint8Array[]>;
  /** What is left. The file is whole with it, also where nothing was written before. */
  end(): readonly Uint8Array[] | Promise<readonly Uint8Array[]>;
}

/** What a file of the forms that are documents (`cadf-json`, `cadf-xml`) says of itself; other formats have no place for it. */
export interface DocumentOptions {
  /** DSP0262: a Log is what was recorded, a Report is made for a reader. Default `log`. */
  readonly document?: 'log' | 'report';
  readonly id?: string;
  /** `logTime` or `reportTime`: milliseconds since 1970 UTC. */
  readonly timeMs?: number;
  /** The Resource that made it; needs `id` and `typeURI`. */
  readonly generator?: { readonly id: string; readonly typeURI: string; readonly name?: string };
  readonly name?: string;
  readonly description?: string;
}

/** What a format is to those who name files and answer requests. */
export interface FileFormat {
  /** Behind the name of a file: `.ndjson`. */
  readonly extension: string;
  readonly mediaType: string;
  /** Whether gzip or zstd over the whole file is of use; Parquet compresses by itself. */
  readonly compressible: boolean;
  /** How many events a file has unless more are asked for; undefined: any number. A document is read whole. */
  readonly usualEvents?: number;
  readonly open: (options?: DocumentOptions) => FormatWriter;
}
