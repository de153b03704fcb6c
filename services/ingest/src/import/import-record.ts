/** What is remembered of an import: how far it has come, what was taken, why it stopped. */
import Type from 'typebox';
import type { Static } from 'typebox';

const Count = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });
const Milliseconds = Type.Integer();

/** How events ended; the members but `events` sum to it. */
export const ImportCounts = Type.Object({
  events: Count,
  accepted: Count,
  duplicates: Count,
  deadLettered: Count,
  /** Events that have been here already: this deployment is in their reporter chain. */
  loops: Count,
  /** Records that say nothing of interest to an audit (CloudTrail). */
  ignored: Count,
});
export type ImportCounts = Static<typeof ImportCounts>;

export const ImportFault = Type.Object({
  code: Type.String(),
  message: Type.String(),
  file: Type.Optional(Type.String()),
  sequence: Type.Optional(Type.Integer()),
  atMs: Milliseconds,
});
export type ImportFault = Static<typeof ImportFault>;

/** The last digest of each chain of a CloudTrail trail that was verified. */
const TrailHead = Type.Object({
  chain: Type.String(),
  object: Type.String(),
  sha256: Type.String(),
  signature: Type.String(),
  endMs: Milliseconds,
});

export const ImportRecord = Type.Object({
  counts: ImportCounts,
  segments: Count,
  files: Count,
  bytes: Count,
  /** Files and segments that were refused, each time they were. */
  refused: Count,
  /** Where the chain of segments was verified and taken up to. */
  point: Type.Optional(
    Type.Object({
      chain: Type.String(),
      sequence: Type.Integer(),
      manifest: Type.Union([Type.String(), Type.Null()]),
      createdMs: Type.Optional(Milliseconds),
    }),
  ),
  /** The head that was read last. */
  head: Type.Optional(
    Type.Object({ sequence: Type.Integer(), final: Type.Boolean(), created: Type.String() }),
  ),
  trail: Type.Optional(Type.Array(TrailHead)),
  /** Keys that those given handed over to: text of a JWK set, and the SHA-256 of the text of those given. */
  learned: Type.Optional(Type.Object({ of: Type.String(), keys: Type.String() })),
  /** The file under way, and how many events of it are durable: of the segment or file `of`. */
  within: Type.Optional(Type.Object({ of: Type.String(), done: ImportCounts })),
  /** Why nothing more is taken of the chain, or why the place cannot be read. */
  fault: Type.Optional(ImportFault),
  /** What was refused lately, the newest first. */
  recent: Type.Array(ImportFault),
  /** Segments that an administrator let be left out. */
  gaps: Type.Optional(Type.Array(Type.Object({ from: Type.Integer(), upto: Type.Integer() }))),
  /** Resumes that were heeded. */
  resumed: Type.Integer(),
  takenMs: Type.Optional(Milliseconds),
});
export type ImportRecord = Static<typeof ImportRecord>;

export const MAX_RECENT = 10;
const MAX_GAPS = 20;
const MAX_MESSAGE = 300;

export const NO_COUNTS: ImportCounts = Object.freeze({
  events: 0,
  accepted: 0,
  duplicates: 0,
  deadLettered: 0,
  loops: 0,
  ignored: 0,
});

export const NEW_RECORD: ImportRecord = {
  counts: NO_COUNTS,
  segments: 0,
  files: 0,
  bytes: 0,
  refused: 0,
  recent: [],
  resumed: 0,
};

export function addCounts(a: ImportCounts, b: ImportCounts): ImportCounts {
  return {
    events: a.events + b.events,
    accepted: a.accepted + b.accepted,
    duplicates: a.duplicates + b.duplicates,
    deadLettered: a.deadLettered + b.deadLettered,
    loops: a.loops + b.loops,
    ignored: a.ignored + b.ignored,
  };
}

/** The record after something was refused. */
export function withRefusal(record: ImportRecord, fault: ImportFault): ImportRecord {
  const short = { ...fault, message: fault.message.slice(0, MAX_MESSAGE) };
  return { ...record, refused: record.refused + 1, recent: [short, ...record.recent].slice(0, MAX_RECENT) };
}

export function withGap(record: ImportRecord, gap: { from: number; upto: number }): ImportRecord {
  return { ...record, gaps: [...(record.gaps ?? []), gap].slice(-MAX_GAPS) };
}
