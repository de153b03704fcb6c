/** What a manifest says of a content file, gathered while the file is written. */
import { createHash } from 'node:crypto';
import type { Hash } from 'node:crypto';
import { BLOCK_LINES } from './segment-manifest.ts';
import type { ManifestFile } from './segment-manifest.ts';

const LINE_FEED = 0x0a;

export interface FileDigestOptions {
  /** By `contentName`. */
  readonly name: string;
  /** A name of `EXPORT_FORMATS`. */
  readonly format: string;
  /** Whether each event is one line that ends with a line feed, and nothing else is in the file: `cadf-ndjson`. */
  readonly lines: boolean;
  readonly compression?: 'gzip' | 'zstd';
  /** Lines of a block; default 1000. */
  readonly blockLines?: number;
}

export interface FileDigest {
  /** The next bytes of the content, before compression. Any pieces. */
  content(bytes: Uint8Array): void;
  /** The next bytes as they are stored; to be called with compression only. */
  stored(bytes: Uint8Array): void;
  /**
   * `count`: events written. Throws where `lines` is true and the lines are not so many: what is signed must be so.
   */
  end(count: number): ManifestFile;
}

export function createFileDigest(options: FileDigestOptions): FileDigest {
  const { name, format, lines, compression, blockLines = BLOCK_LINES } = options;
  const content = createCountedHash();
  const stored = createCountedHash();
  const blocks = lines ? createBlockHashes(blockLines) : undefined;
  return {
    content(bytes) {
      content.add(bytes);
      blocks?.add(bytes);
    },
    stored: (bytes) => stored.add(bytes),
    end(count) {
      const unpacked = content.end();
      const packed = compression === undefined ? unpacked : stored.end();
      const hashed = blocks?.end();
      if (hashed !== undefined && (hashed.count !== count || hashed.isCutOff)) {
        throw new Error(
          `${name} has ${hashed.count} lines${hashed.isCutOff ? ', the last without its end' : ''}, not ${count}`,
        );
      }
      return {
        name,
        bytes: packed.bytes,
        sha256: packed.sha256,
        count,
        format,
        lines,
        ...(compression === undefined
          ? {}
          : { compression, contentBytes: unpacked.bytes, contentSha256: unpacked.sha256 }),
        ...(hashed === undefined ? {} : { blocks: { lines: blockLines, sha256: [...hashed.sha256] } }),
      };
    },
  };
}

export function createCountedHash(): {
  add(bytes: Uint8Array): void;
  end(): { bytes: number; sha256: string };
} {
  const hash = createHash('sha256');
  let total = 0;
  return {
    add(bytes) {
      hash.update(bytes);
      total += bytes.length;
    },
    end: () => ({ bytes: total, sha256: hash.digest('hex') }),
  };
}

/** Counts lines of bytes that come in any pieces; a last one without its line feed counts. */
export function countLines(): { add(bytes: Uint8Array): void; end(): number } {
  let count = 0;
  let isCutOff = false;
  return {
    add(bytes) {
      if (bytes.length === 0) return;
      isCutOff = bytes[bytes.length - 1] !== LINE_FEED;
      for (let at = bytes.indexOf(LINE_FEED); at !== -1; at = bytes.indexOf(LINE_FEED, at + 1)) count++;
    },
    end: () => (isCutOff ? count + 1 : count),
  };
}

export interface BlockHashes {
  readonly sha256: readonly string[];
  /** Lines, a last one without its line feed included. */
  readonly count: number;
  /** Whether the last line has no line feed. */
  readonly isCutOff: boolean;
}

/** Hashes each `blockLines` lines of bytes that come in any pieces. */
export function createBlockHashes(blockLines: number): {
  /** Of the blocks that are whole so far. */
  readonly done: readonly string[];
  add(bytes: Uint8Array): void;
  end(): BlockHashes;
} {
  const done: string[] = [];
  let open: Hash | undefined;
  let linesInOpen = 0;
  let count = 0;
  let isCutOff = false;
  return {
    done,
    add(bytes) {
      if (bytes.length === 0) return;
      isCutOff = bytes[bytes.length - 1] !== LINE_FEED;
      let begin = 0;
      for (let at = bytes.indexOf(LINE_FEED); at !== -1; at = bytes.indexOf(LINE_FEED, at + 1)) {
        count++;
        linesInOpen++;
        if (linesInOpen < blockLines) continue;
        open ??= createHash('sha256');
        done.push(open.update(bytes.subarray(begin, at + 1)).digest('hex'));
        open = undefined;
        linesInOpen = 0;
        begin = at + 1;
      }
      if (begin < bytes.length) {
        open ??= createHash('sha256');
        open.update(bytes.subarray(begin));
      }
    },
    end() {
      if (isCutOff) count++;
      if (open !== undefined) done.push(open.digest('hex'));
      return { sha256: done, count, isCutOff };
    },
  };
}
