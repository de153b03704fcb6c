/** What verification finds; docs/federation-format.md, "Faults". */

export const FAULT_CODES = [
  /** There is no signed head: nobody can tell whether the end is missing. */
  'head-missing',
  /** The signed head is no JWS of a head as this format has it. */
  'head-invalid',
  /** Segments are behind the one that the head names. */
  'head-behind',
  /** The manifest of a segment, or its signature, is not there, while later ones are. */
  'segment-missing',
  /** The place ends before the segment that the head names. */
  'truncated',
  /** A manifest, or a content file, stands where another belongs. */
  'reordered',
  /** Signed by a key that is not among the keys given. */
  'key-unknown',
  /** Signed later than its key was retired. */
  'key-retired',
  /** Made before the segment that it follows, as it says. */
  'time-backwards',
  /** The signature is no signature of these bytes by this key. */
  'signature-wrong',
  /** The signature is no JWS of EdDSA as this format has it. */
  'signature-invalid',
  /** Signed well, and yet no manifest as this format has it. */
  'manifest-invalid',
  /** A manifest of another chain or issuer. */
  'chain-differs',
  /** Signed well, but another than the one that the next segment, the head or a remembered head is about. */
  'forked',
  /** The chain is shorter than it was when its head was remembered. */
  'rewound',
  /** A content file that the manifest names is not there. */
  'file-missing',
  /** Bytes of a content file are not those that were signed. */
  'content-changed',
  /** The file has another number of events than the manifest says. */
  'count-differs',
  /** A file that no manifest names. */
  'file-unknown',
] as const;
export type FaultCode = (typeof FAULT_CODES)[number];

/** One fault, told so that the place can be found. */
export interface Fault {
  readonly code: FaultCode;
  /** Number of the segment, where it is about one. */
  readonly sequence?: number;
  /** Name of the file in the place. */
  readonly file?: string;
  /** Lines of the unpacked content, the first is 1, both included, between which the first change is. */
  readonly lines?: { readonly from: number; readonly to: number };
  readonly expected?: string;
  readonly found?: string;
  /** A sentence. */
  readonly message: string;
}

/** Thrown by what checks one thing; `verifyPlace` reports instead. */
export class VerifyFault extends Error {
  override readonly name = 'VerifyFault';
  readonly fault: Fault;

  constructor(fault: Fault, options?: ErrorOptions) {
    super(fault.message, options);
    this.fault = fault;
  }
}
