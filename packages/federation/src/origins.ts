/**
 * Which source each event of a file is of, in a file beside it: CADF events do not say it. Lines of JSON, each about so many
 * events one after the other, in the order of the file: `{"source":"keystone-a","count":12}`. docs/federation-format.md,
 * "Origins".
 */
import Type from 'typebox';
import type { Static } from 'typebox';
import { Compile } from 'typebox/compile';
import { unpackContent } from './check-content.ts';
import { VerifyFault } from './fault.ts';
import { createFileDigest } from './file-digest.ts';
import type { ManifestFile } from './segment-manifest.ts';

/** So many events of one source, one after the other. */
export const Origin = Type.Object({
  source: Type.String({ minLength: 1, maxLength: 512 }),
  count: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }),
});
export type Origin = Static<typeof Origin>;

/** Formats of exports that carry whole CADF events, and so have origins beside them. */
const CADF_FORMATS: ReadonlySet<string> = new Set(['cadf-ndjson', 'cadf-json', 'cadf-xml']);
const FORMAT = 'origins';
const PACKED = /\.(gz|zst)$/;
const MAX_LINE_BYTES = 4096;
const LINE_FEED = 0x0a;

const origins = Compile(Origin);

export interface OriginsFile {
  readonly name: string;
  /** The next events, in their order. */
  add(source: string, count?: number): void;
  /** The bytes that are ready since it was asked last; perhaps none. */
  take(): Buffer;
  /** The rest of the bytes, and what the manifest says of the file. */
  end(): { readonly bytes: Buffer; readonly file: ManifestFile };
}

export function hasOrigins(format: string): boolean {
  return CADF_FORMATS.has(format);
}

/** Of the file beside one of events: `000000000001.events.ndjson.gz` has `000000000001.events.ndjson.origins.ndjson`. */
export function originsName(events: string): string {
  return `${events.replace(PACKED, '')}.origins.ndjson`;
}

/** `events`: the name of the file it is about. */
export function createOriginsFile(events: string): OriginsFile {
  const name = originsName(events);
  const digest = createFileDigest({ name, format: FORMAT, lines: false });
  let ready: string[] = [];
  let source: string | undefined;
  let count = 0;

  function close(): void {
    if (source !== undefined && count > 0) ready.push(`${JSON.stringify({ source, count })}\n`);
    count = 0;
  }

  function take(): Buffer {
    const bytes = Buffer.from(ready.join(''));
    ready = [];
    digest.content(bytes);
    return bytes;
  }

  return {
    name,
    add(next, more = 1) {
      if (next !== source) {
        close();
        source = next;
      }
      count += more;
    },
    take,
    end() {
      close();
      const bytes = take();
      return { bytes, file: { ...digest.end(0), role: 'origins', of: events } };
    },
  };
}

/** The file of a manifest that says which source each event of `events` is of; undefined where there is none. */
export function originsOf(files: readonly ManifestFile[], events: ManifestFile): ManifestFile | undefined {
  return files.find(({ of, role }) => role === 'origins' && of === events.name);
}

/**
 * What a file of origins says, as it is read: **nothing of it is proven before the end**. Throws VerifyFault where it is not
 * what was signed, or not about as many events as `events` has. Errors of `chunks` pass through.
 */
export async function* readOrigins(
  events: ManifestFile,
  file: ManifestFile,
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<Origin> {
  let total = 0;
  let line = 0;
  for await (const text of linesOf(file, unpackContent(file, chunks))) {
    line++;
    const origin = parseOrigin(text);
    if (origin === undefined) throw wrong(file, events, `Line ${line} is no origin`);
    total += origin.count;
    if (total > events.count) break;
    yield origin;
  }
  if (total !== events.count)
    throw wrong(file, events, `It is about ${total > events.count ? 'more' : total} events`);
}

/** Reads it to its end. Throws as `readOrigins`. */
export async function checkOrigins(
  events: ManifestFile,
  file: ManifestFile,
  chunks: AsyncIterable<Uint8Array>,
): Promise<void> {
  for await (const origin of readOrigins(events, file, chunks)) void origin;
}

async function* linesOf(file: ManifestFile, chunks: AsyncIterable<Buffer>): AsyncGenerator<string> {
  let rest = Buffer.alloc(0);
  for await (const chunk of chunks) {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let begin = 0;
    for (let at = bytes.indexOf(LINE_FEED); at !== -1; at = bytes.indexOf(LINE_FEED, begin)) {
      yield bytes.toString('utf8', begin, at);
      begin = at + 1;
    }
    // Chunks are their reader's again with the next.
    rest = Buffer.from(bytes.subarray(begin));
    if (rest.length > MAX_LINE_BYTES) throw invalidLine(file);
  }
  if (rest.length > 0) throw invalidLine(file);
}

function parseOrigin(text: string): Origin | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return origins.Check(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function invalidLine(file: ManifestFile): VerifyFault {
  const message = 'A line of it is too long, or the last has no end.';
  return new VerifyFault({ code: 'count-differs', file: file.name, message });
}

function wrong(file: ManifestFile, events: ManifestFile, what: string): VerifyFault {
  const message = `${what}; ${events.name} has ${events.count} events.`;
  return new VerifyFault({ code: 'count-differs', file: file.name, expected: String(events.count), message });
}
