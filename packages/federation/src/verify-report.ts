/** What the verification of one chain answers. */
import type { ChainPoint } from './chain-verifier.ts';
import type { Fault } from './fault.ts';
import type { TrustedKeys } from './trusted-keys.ts';

export interface VerifyOptions {
  readonly keys: TrustedKeys;
  /** The chain it must be; else any of the issuer. With `remembered` it is that one's. */
  readonly chain?: string;
  /** The end of an earlier verification: the chain must still go through it. */
  readonly remembered?: ChainPoint;
  /** Begin behind `remembered`: what is before is not looked at again, and may be gone. */
  readonly onlyNew?: boolean;
  /**
   * Milliseconds until the head is read once more where segments are behind it: they may be written while they are
   * verified. Default 1000.
   */
  readonly settleMs?: number;
  readonly signal?: AbortSignal;
  /** Told after each segment that is good. */
  readonly onSegment?: (sequence: number, events: number) => void;
}

export interface VerifyCounts {
  readonly segments: number;
  readonly files: number;
  readonly bytes: number;
  readonly events: number;
  /** Of `events`, those that were counted in content; of the others the hash is right, and the signer said how many. */
  readonly eventsCounted: number;
  /** Events that the signer says it could not give away; their reasons are in the manifests. */
  readonly withheld: number;
  /** Content of a segment that has no manifest yet, of a chain that goes on: not verified. */
  readonly unfinishedFiles: number;
}

export interface VerifyReport extends VerifyCounts {
  /** The first fault; undefined: all is good. What was counted is up to there. */
  readonly fault?: Fault;
  readonly chain?: string;
  readonly issuer?: string;
  /** The signed head (compact JWS), where it is good by itself. */
  readonly head?: string;
  /** The last segment that is good with all its files; undefined where none is. */
  readonly point?: ChainPoint;
  /** Whether nothing will follow. */
  readonly final: boolean;
}

export const NOTHING_VERIFIED: VerifyCounts = {
  segments: 0,
  files: 0,
  bytes: 0,
  events: 0,
  eventsCounted: 0,
  withheld: 0,
  unfinishedFiles: 0,
};
