/** What goes between the thread that reads events and the one that writes files of them. */
import type { DocumentOptions, EventFacts, ExportFormat } from '@cadf-pipeline/event-formats';
import type { ManifestFile } from '@cadf-pipeline/federation';

export interface OpenFile {
  readonly kind: 'open';
  /** Where it is written; nothing may be there. */
  readonly path: string;
  /** As manifests name it. */
  readonly name: string;
  /** Where is written which source each event is of, in a file beside it; left out: nowhere. */
  readonly origins?: string;
  readonly format: ExportFormat;
  readonly compression: 'none' | 'gzip' | 'zstd';
  readonly document: DocumentOptions;
}

export interface WriteBlock {
  readonly kind: 'block';
  readonly count: number;
  /** `lines` of a block: the first `length` bytes. */
  readonly lines: ArrayBuffer;
  readonly length: number;
  readonly facts: PackedFacts;
}

/** What manifests say of a whole file. */
export interface WrittenFile {
  readonly file: ManifestFile;
  /** Of the file beside it; none where there are no events. */
  readonly origins?: ManifestFile;
}

/** Ends the file: it is durable when it is answered. */
export interface EndFile {
  readonly kind: 'end';
}

export type FileRequest = OpenFile | WriteBlock | EndFile;

export type FileAnswer =
  /** A block was written; `bytes` of the file so far. */
  | { readonly kind: 'written'; readonly bytes: number }
  | { readonly kind: 'opened' }
  | { readonly kind: 'ended'; readonly written: WrittenFile }
  | { readonly kind: 'failed'; readonly code: string; readonly message: string };

/** `EventFacts` of a block, as few and large values. */
export interface PackedFacts {
  readonly sources: readonly string[];
  /** Into `sources`. */
  readonly source: Uint32Array<ArrayBuffer>;
  readonly receivedMs: Float64Array<ArrayBuffer>;
  readonly partition: Uint32Array<ArrayBuffer>;
  readonly offset: Float64Array<ArrayBuffer>;
}

export function packFacts(facts: readonly EventFacts[]): PackedFacts {
  const places = new Map<string, number>();
  const packed = {
    source: new Uint32Array(facts.length),
    receivedMs: new Float64Array(facts.length),
    partition: new Uint32Array(facts.length),
    offset: new Float64Array(facts.length),
  };
  for (const [index, fact] of facts.entries()) {
    const place = places.get(fact.source) ?? places.size;
    places.set(fact.source, place);
    packed.source[index] = place;
    packed.receivedMs[index] = fact.receivedMs;
    packed.partition[index] = fact.partition;
    packed.offset[index] = fact.offset;
  }
  return { sources: [...places.keys()], ...packed };
}

export function unpackFacts({
  offset,
  partition,
  receivedMs,
  source,
  sources,
}: PackedFacts): readonly EventFacts[] {
  return Array.from(source, (place, index) => ({
    source: sources[place] ?? '',
    receivedMs: receivedMs[index] ?? 0,
    partition: partition[index] ?? 0,
    offset: offset[index] ?? 0,
  }));
}
