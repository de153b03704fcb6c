/**
 * Cuts what comes over a connection into syslog messages (RFC 6587, RFC 5425). Each frame is told by its beginning:
 * a length, a space and `<` is octet counting (RFC 6587 3.4.1, RFC 5425 4.3), anything else is a line that ends with
 * a line feed (3.4.2), so that lines which begin with a number are not taken for lengths. Once a connection counts
 * octets, what is neither a length nor `<` means that the count is lost: nothing behind it can be trusted.
 *
 * Bounded: at most `maxBytes` of a frame are kept, the rest is read over and counted.
 */
export type Frame =
  | {
      readonly kind: 'message';
      readonly bytes: Buffer;
      /** The frame was longer than the bound: its whole length. */
      readonly cutFromBytes?: number;
    }
  | {
      /** The sender stopped in the midst of a counted frame. */
      readonly kind: 'incomplete';
      readonly bytes: Buffer;
      readonly expectedBytes: number;
    }
  | {
      /** What follows is no frame; the connection cannot be read on. */
      readonly kind: 'garbage';
      /** For a person. */
      readonly reason: string;
      /** The beginning of what could not be read. */
      readonly bytes: Buffer;
    };

export interface FrameReader {
  /** Frames that end in this chunk; after garbage there are none any more. */
  push(chunk: Buffer): readonly Frame[];
  /** What was left unfinished when the connection ended; `isOver`: by its sender, so that a line is a whole one. */
  end(isOver: boolean): readonly Frame[];
  /** Whether a frame is unfinished. */
  readonly pending: boolean;
}

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const SPACE = 0x20;
const TAB = 0x09;
const LESS_THAN = 0x3c;
/** 99,999,999 octets: more than any bound here, so that a longer number is no length. */
const MAX_LENGTH_DIGITS = 8;
const MAX_GARBAGE_BYTES = 4096;

export function createFrameReader(maxBytes: number): FrameReader {
  /** The frame under way: how many octets it has in all, or a line whose end is not known. */
  let expected: number | 'line' | undefined;
  let parts: Buffer[] = [];
  let kept = 0;
  let length = 0;
  /** The beginning of a frame that does not tell yet what it is. */
  let head: Buffer = Buffer.alloc(0);
  let counts = false;
  let isLost = false;

  function append(piece: Buffer): void {
    length += piece.length;
    const room = maxBytes - kept;
    if (room <= 0 || piece.length === 0) return;
    // A copy, so that a short rest does not keep the whole chunk in memory.
    const part = Buffer.from(piece.subarray(0, room));
    parts.push(part);
    kept += part.length;
  }

  function finish(into: Frame[]): void {
    const whole = parts.length === 1 ? parts[0] : undefined;
    const message = toMessage(whole ?? Buffer.concat(parts, kept), length);
    if (message !== undefined) into.push(message);
    reset();
  }

  function reset(): void {
    expected = undefined;
    parts = [];
    kept = 0;
    length = 0;
  }

  /** Reads on in the frame under way; answers where the next one begins. */
  function readOn(chunk: Buffer, from: number, into: Frame[]): number {
    if (expected === 'line') {
      const end = chunk.indexOf(LINE_FEED, from);
      if (end >= 0 && length === 0) {
        // The usual case: the line is in one chunk.
        const whole = chunk.subarray(from, end);
        const message = toMessage(
          Buffer.from(whole.length > maxBytes ? whole.subarray(0, maxBytes) : whole),
          whole.length,
        );
        if (message !== undefined) into.push(message);
        reset();
        return end + 1;
      }
      append(chunk.subarray(from, end < 0 ? chunk.length : end));
      if (end < 0) return chunk.length;
      finish(into);
      return end + 1;
    }
    const end = Math.min(chunk.length, from + (expected ?? 0) - length);
    append(chunk.subarray(from, end));
    if (length === expected) finish(into);
    return end;
  }

  /** Finds out what begins at `from`; answers where its content begins. */
  function begin(chunk: Buffer, from: number, into: Frame[]): number {
    const start = classify(chunk, from, counts);
    switch (start.kind) {
      case 'undecided':
        head = Buffer.from(chunk.subarray(from));
        return chunk.length;
      case 'garbage':
        isLost = true;
        into.push({
          kind: 'garbage',
          reason: start.reason,
          bytes: Buffer.from(chunk.subarray(from, from + MAX_GARBAGE_BYTES)),
        });
        return chunk.length;
      case 'counted':
        counts = true;
        expected = start.octets;
        return from + start.prefix;
      case 'line':
        expected = 'line';
        return from;
    }
  }

  return {
    push(received) {
      const frames: Frame[] = [];
      const chunk = head.length === 0 ? received : Buffer.concat([head, received]);
      head = Buffer.alloc(0);
      let at = 0;
      while (at < chunk.length && !isLost) {
        if (expected !== undefined) at = readOn(chunk, at, frames);
        else {
          // Some senders end counted frames with a line feed or NUL, too.
          while (isFiller(chunk[at])) at++;
          if (at < chunk.length) at = begin(chunk, at, frames);
        }
      }
      return frames;
    },
    end(isOver) {
      const frames: Frame[] = [];
      const begun = head;
      head = Buffer.alloc(0);
      if (begun.length > 0) {
        expected = counts ? 0 : 'line';
        append(begun);
      }
      if (expected === 'line' && isOver) finish(frames);
      else if (expected !== undefined && length > 0)
        frames.push({
          kind: 'incomplete',
          bytes: Buffer.concat(parts, kept),
          expectedBytes: expected === 'line' ? length + 1 : Math.max(expected, length + 1),
        });
      reset();
      return frames;
    },
    get pending() {
      return expected !== undefined || head.length > 0;
    },
  };
}

type FrameStart =
  | { readonly kind: 'undecided' }
  | { readonly kind: 'line' }
  | { readonly kind: 'counted'; readonly octets: number; readonly prefix: number }
  | { readonly kind: 'garbage'; readonly reason: string };

function classify(chunk: Buffer, from: number, counts: boolean): FrameStart {
  const first = chunk[from] ?? 0;
  if (first < SPACE && first !== TAB)
    return {
      kind: 'garbage',
      reason: `A frame begins with the control character 0x${first.toString(16).padStart(2, '0')}${first === 0x16 ? ': TLS, perhaps, where none is spoken' : ''}.`,
    };
  if (first === LESS_THAN) return { kind: 'line' };
  let at = from;
  while (at < chunk.length && at - from <= MAX_LENGTH_DIGITS && isDigit(chunk[at])) at++;
  const digits = at - from;
  if (digits > 0 && digits <= MAX_LENGTH_DIGITS && first !== 0x30) {
    if (at === chunk.length) return { kind: 'undecided' };
    if (chunk[at] === SPACE) {
      if (at + 1 === chunk.length && !counts) return { kind: 'undecided' };
      if (counts || chunk[at + 1] === LESS_THAN)
        return {
          kind: 'counted',
          octets: Number(chunk.toString('latin1', from, at)),
          prefix: digits + 1,
        };
    }
  }
  return counts
    ? { kind: 'garbage', reason: 'Behind a counted frame comes neither a length nor a priority.' }
    : { kind: 'line' };
}

/** Without the line end, where a counted frame or datagram has one; undefined: nothing is left. */
export function toMessage(bytes: Buffer, length: number = bytes.length): Frame | undefined {
  if (length > bytes.length) return { kind: 'message', bytes, cutFromBytes: length };
  let end = bytes.length;
  while (end > 0 && isFiller(bytes[end - 1])) end--;
  return end === 0 ? undefined : { kind: 'message', bytes: end === length ? bytes : bytes.subarray(0, end) };
}

function isFiller(byte: number | undefined): boolean {
  return byte === LINE_FEED || byte === CARRIAGE_RETURN || byte === 0;
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x39;
}
