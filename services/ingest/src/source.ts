/**
 * What a log source is: a folder `services/ingest/sources/<id>/` whose `source.ts` exports `source`. It turns raw
 * records into CADF events and is pure: no clock, no randomness, no I/O; ids derive from the record, so a record read
 * again gives the same event again (`docs/adding-a-source.md`, the README of any source).
 */
import type { CadfEvent } from '@cadf-pipeline/cadf-model';
import type { RecordHeader } from './normalize/header.ts';

/** One thing received once. */
export interface RawRecord {
  /** Decoded as UTF-8, without the line end. Invalid bytes are U+FFFD. */
  readonly text: string;
  /** The bytes as received; present where `text` does not tell them (invalid UTF-8). */
  readonly bytes?: Buffer;
  /** When it came in, milliseconds since 1970 UTC: the only hint at a year where a record has none. */
  readonly receivedMs: number;
  /** Where it was read, for a person: `<inode>:<offset>` of a file, a line number of a body. */
  readonly position?: string;
  /** Network address of the sender. */
  readonly address?: string;
  /** What the way in took off the record, or was told beside it: a shipper's JSON, a journal, a syslog listener. */
  readonly envelope?: RecordEnvelope;
  /** The record was longer than the reader's bound: its whole length, `text` holds the beginning only. */
  readonly cutFromBytes?: number;
  /** The reader could not cut this out as a record (`framing/`): it never reaches a normalizer. */
  readonly fault?: RecordFault;
}

/** Why what was read is no record: a code, and a sentence that says what is wrong and how to mend it. */
export interface RecordFault {
  readonly code: string;
  readonly detail: string;
}

/** Who wrote a record, where its text does not say so any more (`normalize/header.ts` reads both). */
export interface RecordEnvelope {
  /** The machine that wrote it, not a relay. */
  readonly host?: string;
  readonly program?: string;
  readonly pid?: string;
  /** When it was written, milliseconds since 1970 UTC. */
  readonly sentMs?: number;
  /** What relative references in the record are relative to, absolute. */
  readonly baseUri?: string;
}

/** Bad data is an outcome, never an exception. */
export type Outcome =
  | {
      readonly kind: 'event';
      readonly event: CadfEvent;
      /** Name of the mapping rule, stable; begins with `unmapped` where the record kind is not known. */
      readonly rule: string;
      /** Of `type: auto`: the source that made the event, and the feature it was recognized by. */
      readonly recognized?: { readonly source: string; readonly rule: string };
      /** The records this event was made of, the one that decided it first. */
      readonly records: readonly RawRecord[];
    }
  | {
      /** Understood, and not of interest to an audit. */
      readonly kind: 'ignored';
      readonly rule: string;
      readonly records: readonly RawRecord[];
    }
  | {
      /** Not understood; kept, can be repaired and replayed. */
      readonly kind: 'dead-letter';
      /** Stable, upper case, listed in the source's README. */
      readonly code: string;
      /** What is wrong, where, and how to mend it. */
      readonly detail: string;
      readonly records: readonly RawRecord[];
    };

/**
 * Each record pushed is in the `records` of exactly one outcome, given by that or a later push or by flush. After
 * `flush` it starts anew.
 */
export interface Normalizer {
  push(record: RawRecord): Outcome[];
  flush(): Outcome[];
  /**
   * How many of the records pushed have no outcome yet, or may be needed by the outcome of a later record; bounded. A
   * reader that starts again does so behind a record after which this was 0, or before the records without outcome where
   * these are all that is held and no other one came between them (`follow/restart-place.ts`): reading on from there
   * gives the same outcomes. 0 always where records stand alone.
   */
  readonly held: number;
}

export interface NormalizerContext {
  /** Id of the source instance, such as `hypervisors-a`. */
  readonly sourceName: string;
  /** Name of the machine the records come from, where they do not tell themselves. */
  readonly host?: string;
  /**
   * Base name of the file the records are from, as it was before rotation (`web1.log`), where there is one: some logs
   * tell whose they are by their name only.
   */
  readonly file?: string;
  /**
   * Settings of the source instance; each source's README lists its own. All know `keep` (normalize/outcomes.ts) and,
   * where times have no zone, `timezone` (normalize/local-clock.ts). Unknown ones are ignored.
   */
  readonly options?: Readonly<Record<string, string>>;
}

export interface SourceDescription {
  readonly title: string;
  readonly vendor: string;
  /** URLs or names of the documents the mapping follows. */
  readonly documents: readonly string[];
  /** What its bodies and files may be, most usual first; which one a body is, its first bytes tell. */
  readonly framings: readonly Framing[];
}

/**
 * How records are cut out of a body or file (`framing/`): a line each, a JSON value each (a document, the elements of its
 * list, NDJSON, values one after the other), an XML element each. Entries of the journal come as JSON to every source.
 */
export type Framing = 'lines' | 'json' | 'xml';

/** Why a record is taken for one of a source. */
export interface Recognition {
  /** Name of the feature that decided, stable: `task-upid`. */
  readonly rule: string;
  /**
   * 0 to 1. 1: nothing else writes this; 0.9: the program's name and the shape of its message agree; 0.5: only the
   * program's name, or a shape that others have too. Of several sources the surest one gets the record.
   */
  readonly certainty: number;
}

export interface Source {
  /** Equals the name of its folder: lower-case letters, digits, hyphens. */
  readonly id: string;
  readonly describe: SourceDescription;
  /**
   * Whether one record is of this source; undefined: no. Called for records of many sources mixed (`type: auto`), so it
   * is quick: it looks at the header and at the beginning of the message, and parses nothing.
   */
  recognize(header: RecordHeader, record: RawRecord): Recognition | undefined;
  /** Whether a record that no source recognizes goes on with the one before it, which is this source's; default no. */
  continues?(record: RawRecord): boolean;
  /** CADF member (`initiator.id`) → where it comes from in the record, for people; README.md has the same table. */
  readonly fields: Readonly<Record<string, string>>;
  /** Rule of an outcome → what it matches and makes of it. A name that ends in `*` stands for all that begin so. */
  readonly rules: Readonly<Record<string, string>>;
  createNormalizer(context: NormalizerContext): Normalizer;
}

/** The outcome of a record that never reaches a normalizer, because its reader had to cut it or could not read it. */
export function readerOutcome(record: RawRecord): Outcome | undefined {
  const { cutFromBytes, fault } = record;
  if (fault !== undefined) return { kind: 'dead-letter', ...fault, records: [record] };
  if (cutFromBytes === undefined) return undefined;
  const length = Buffer.byteLength(record.text);
  return {
    kind: 'dead-letter',
    code: 'RECORD_TOO_LONG',
    detail: `The record has ${cutFromBytes} bytes, only its first ${length} were kept. Raise the bound if such records are real.`,
    records: [record],
  };
}
