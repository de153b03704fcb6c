/** A CADF Log or Report as one JSON document: the texts of the events as they are, one in each line. */
import { DOCUMENT_EVENTS, documentFrame } from './document-frame.ts';
import type { DocumentOptions, FileFormat, FormatWriter } from './event-format.ts';

const LINE_FEED = 0x0a;
const COMMA = 0x2c;

export const cadfJson: FileFormat = {
  extension: '.json',
  mediaType: 'application/json',
  compressible: true,
  usualEvents: DOCUMENT_EVENTS,
  open: createWriter,
};

function createWriter(options?: DocumentOptions): FormatWriter {
  const frame = JSON.stringify(documentFrame(options));
  const head = Buffer.from(`${frame.slice(0, -1)},"events":[`);
  let isBegun = false;
  let isFirst = true;
  let target = Buffer.alloc(0);

  /** A line feed before each, and a comma before those. */
  function separated(lines: Buffer, count: number): Buffer {
    if (target.length < lines.length + count) target = Buffer.allocUnsafe((lines.length + count) * 2);
    let at = 0;
    let start = 0;
    while (start < lines.length) {
      const found = lines.indexOf(LINE_FEED, start);
      const end = found < 0 ? lines.length : found;
      if (!isFirst) target[at++] = COMMA;
      isFirst = false;
      target[at++] = LINE_FEED;
      at += lines.copy(target, at, start, end);
      start = end + 1;
    }
    return target.subarray(0, at);
  }

  function begun(pieces: readonly Buffer[]): readonly Buffer[] {
    if (isBegun) return pieces;
    isBegun = true;
    return [head, ...pieces];
  }

  return {
    write: ({ count, lines }) => begun([separated(lines, count)]),
    end: () => begun([Buffer.from('\n]}\n')]),
  };
}
