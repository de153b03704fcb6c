/**
 * A place where files are kept under names: a directory of this machine, or a bucket. What exports are written to and
 * imports are read from. All backends pass one contract suite, test/contract/file-place.ts.
 */

export interface FilePlace {
  /** Where it is, for people: `directory /exports/acme`, `bucket audit at s3.example`. No secrets. */
  readonly title: string;
  /**
   * Writes a file whole or not at all: under the name nothing, or what was there before, is seen until all of it is
   * durable. What the content throws is thrown as it is, and nothing is kept. The same name again replaces.
   */
  put(name: string, content: FileContent, options?: PutOptions): Promise<void>;
  /** Throws `not-found` before the first part. Parts are at most 1 MiB. */
  read(name: string, options?: ReadOptions): AsyncIterable<Buffer>;
  /** What is told of a file without its content. Throws `not-found`. */
  stat(name: string, signal?: AbortSignal): Promise<FileFacts>;
  /** All files, by the bytes of their names (of some stores: by UTF-16); page by page, so of any number. What comes and goes meanwhile may be left out. */
  list(options?: ListOptions): AsyncIterable<ListedFile>;
  /** Nothing happens where there is none. */
  remove(name: string, signal?: AbortSignal): Promise<void>;
  /** Throws where files cannot be listed here or (`write`) written and removed: what a user hears before anything is exported. */
  check(options?: CheckOptions): Promise<void>;
  /** Ends what is under way. */
  close(): Promise<void>;
}

export type FileContent = AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

export interface PutOptions {
  /** What the content has to come to; `content-differs` and nothing kept otherwise. */
  readonly bytes?: number;
  /** Lower-case hex, in the same way. */
  readonly sha256?: string;
  /** Media type, for places that keep it. */
  readonly contentType?: string;
  readonly signal?: AbortSignal;
}

export interface ReadOptions {
  /** First byte, from 0; at or past the end: nothing is read. */
  readonly from?: number;
  /** The byte after the last; default: the end of the file. */
  readonly upTo?: number;
  readonly signal?: AbortSignal;
}

export interface ListOptions {
  /** How the names begin; may end within a part of a name. */
  readonly prefix?: string;
  /** Names after this one only. */
  readonly after?: string;
  readonly signal?: AbortSignal;
  /** Told of what is there and has no name that this place can read: never silently left out. */
  readonly leftOut?: (name: string, why: string) => void;
}

export interface CheckOptions {
  readonly write?: boolean;
  readonly signal?: AbortSignal;
}

export interface ListedFile {
  readonly name: string;
  readonly bytes: number;
  /** Milliseconds since 1970 UTC. */
  readonly modifiedMs: number;
}

export interface FileFacts extends ListedFile {
  /** Of a bucket: the user's metadata (`x-amz-meta-…`), names in lower case without that prefix. Empty of a directory. */
  readonly metadata: Readonly<Record<string, string>>;
}
