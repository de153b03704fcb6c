/**
 * A lossless split of a JSON text into its *shape* (what many events share) and its *values* (what is its own):
 * `pieces[0] + values[0] + pieces[1] + … + values[n-1] + pieces[n]` is the text again, character for character.
 */

/** What events of one form share. Immutable; equal content has an equal id. */
export interface Shape {
  /** First 8 bytes of the SHA-256 of the canonical encoding, as an unsigned decimal (ClickHouse UInt64 text). */
  readonly id: string;
  /** Text between the holes, quotes included; one more than `holes`. */
  readonly pieces: readonly string[];
  /** JSON Pointer (RFC 6901) of the value in each hole, such as `/initiator/id` or `/tags/0`. Holes are string contents (without the quotes, escapes as written) or number tokens. */
  readonly holes: readonly string[];
  /** String leaves that are the same in every event of this shape, by JSON Pointer, decoded (escapes resolved). */
  readonly constants: ReadonlyMap<string, string>;
}

export interface Split {
  readonly shape: Shape;
  /** One per hole, as written in the text (escapes unresolved). */
  readonly values: readonly string[];
}

export interface ShapeSplitter {
  /**
   * Splits one JSON object text. Answers undefined where the text is not worth a shape (not an object, a form
   * seen too rarely, too deep, too many holes, too many shapes): the caller keeps the text whole.
   */
  split(text: string): Split | undefined;
}
