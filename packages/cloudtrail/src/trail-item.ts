/** What the verification of a trail gives. */
import type { TrailKeys } from './trail-keys.ts';
import type { TrailLimits } from './trail-file.ts';

/**
 * - `missing-digest`: a digest names one before it that is not there;
 * - `unsigned-digest`: there is no signature for it;
 * - `unknown-key`: it is signed with a key that was not given;
 * - `changed-digest`: its signature is not of its content, name and place in the chain;
 * - `moved-digest`: it was signed as another object than the one it is;
 * - `unreadable-digest`: it is no digest file, or too large;
 * - `broken-chain`: the digest before it has another content, signature or name than it says;
 * - `gap`: it says that none is before it, and there are earlier ones: nothing vouches for the time between. Also when
 *   the last one ends before `until`;
 * - `missing-log-file`, `changed-log-file`, `unreadable-log-file`: of a log file that a digest names;
 * - `unlisted-log-file`: a log file of that time which no verified digest names.
 */
export type TrailFaultCode =
  | 'missing-digest'
  | 'unsigned-digest'
  | 'unknown-key'
  | 'changed-digest'
  | 'moved-digest'
  | 'unreadable-digest'
  | 'broken-chain'
  | 'gap'
  | 'missing-log-file'
  | 'changed-log-file'
  | 'unreadable-log-file'
  | 'unlisted-log-file';

export interface TrailFault {
  readonly code: TrailFaultCode;
  /** The file it is about. */
  readonly name: string;
  /** The digest file that told it, where it is another one. */
  readonly digest?: string;
  /** What is wrong, for a person. */
  readonly detail: string;
}

/** The last digest of a chain that was verified: where to go on. */
export interface ChainHead {
  readonly object: string;
  /** Of its content, hexadecimal. */
  readonly sha256: string;
  /** Hexadecimal. */
  readonly signature: string;
  /** Milliseconds since 1970 UTC. */
  readonly endMs: number;
}

export type TrailItem =
  | {
      /** Its content is what the digest says. */
      readonly kind: 'log-file';
      readonly chain: string;
      readonly name: string;
      readonly digest: string;
      /** Of its content, hexadecimal. */
      readonly sha256: string;
      /** Its content's length. */
      readonly bytes: number;
      /** The records of exactly the bytes that were verified, as `openLogFile`; good until the next item is asked for. */
      records(): AsyncGenerator<string, void, undefined>;
    }
  | {
      /** Comes behind the log files of a digest that was verified. */
      readonly kind: 'digest';
      readonly chain: string;
      readonly name: string;
      readonly head: ChainHead;
      /** How many log files it names, and how many of them were good. */
      readonly logFiles: number;
      readonly verified: number;
    }
  | { readonly kind: 'fault'; readonly chain: string; readonly fault: TrailFault };

export interface VerifyTrailOptions {
  readonly keys: TrailKeys;
  /** Only files whose names begin so, such as `AWSLogs/111122223333/`. Default all. */
  readonly prefix?: string;
  /** What stands before the reader's names in the bucket, such as `AWSLogs/` for a copy of that folder. Default nothing. */
  readonly root?: string;
  /** Chains go on behind these; by chain. A chain that is not in it begins with its first digest. */
  readonly after?: ReadonlyMap<string, ChainHead>;
  /** The first digest of a chain may say that there is one before it: earlier ones are kept elsewhere. Default false. */
  readonly partial?: boolean;
  /** Each chain has to reach this time, milliseconds since 1970 UTC: finds digests taken away at the end. */
  readonly until?: number;
  /** Look for log files that no digest names; holds the names of the log files of a region. Default true. */
  readonly unlisted?: boolean;
  readonly limits?: Partial<TrailLimits>;
  readonly signal?: AbortSignal;
}
