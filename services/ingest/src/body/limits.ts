/** Bounds of what one request may hold. Past one of them the answer names it. */
export interface BodyLimits {
  /** Bytes of the body as sent (default 16 MiB). */
  readonly maxBodyBytes: number;
  /** Bytes of the body when unpacked (default 64 MiB). */
  readonly maxUnpackedBytes: number;
  /** Bytes of one event (default 1 MiB). */
  readonly maxEventBytes: number;
  /** Events of one request (default 10,000). */
  readonly maxEvents: number;
  /** Nesting of JSON and XML (default 64). */
  readonly maxDepth: number;
}
