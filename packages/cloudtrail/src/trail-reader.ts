/** Where the files of a trail are: a bucket, a directory, anything that has names. */

/**
 * Names are keys of objects, as in S3: `AWSLogs/111122223333/CloudTrail/eu-west-1/2026/11/20/….json.gz`. A failure of the
 * place (no network, no rights) is thrown, so that it is never taken for a missing file.
 */
export interface TrailReader {
  /** Every name that begins with `prefix`, each once, in any order. */
  list(prefix: string): AsyncIterable<string>;
  /** The bytes of a file; undefined where there is none of that name. */
  read(name: string): Promise<AsyncIterable<Uint8Array> | undefined>;
  /**
   * The user-defined metadata of the object, names in lower case and without `x-amz-meta-`. Left out, or answering
   * undefined: it is looked for in files beside it (`digest-signature.ts`).
   */
  metadata?(name: string): Promise<Readonly<Record<string, string>> | undefined>;
}
