/** A place where the files of one chain are: a directory, a bucket, a feed of a peer. */
export interface SegmentReader {
  /** For people: a path, a URL. */
  readonly description: string;
  /**
   * The bytes of a file, each piece good until the next is asked for; undefined where there is none of this name. Throws `PlaceUnreadable` for what cannot be read.
   */
  readonly read: (name: string, signal?: AbortSignal) => Promise<AsyncIterable<Uint8Array> | undefined>;
  /** The names of all files in it, in any order. Without it, files that no manifest names are not found. */
  readonly list?: (signal?: AbortSignal) => AsyncIterable<string>;
}

/** A place, or a file in it, that cannot be read: nothing is known of whether it is good. The message is for people. */
export class PlaceUnreadable extends Error {
  override readonly name = 'PlaceUnreadable';
}
