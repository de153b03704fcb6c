/**
 * The bytes of a *frame*: the records of one append call that went to one partition, the value of one LMDB
 * entry. Little-endian.
 *
 *     0  u8   layout version (1)
 *     1  u8   flags: 1 = sparse, every record is preceded by its offset minus the base offset (u32)
 *     2  u16  number of header names n
 *     4  u32  number of records
 *     8  f64  when the records were taken, milliseconds since 1970
 *    16  f64  bytes of all frames ever written to the partition before this one
 *    24  f64  base offset: the offset of the first record when the frame was written
 *    32  u32  span: base offset + span is the base offset of the next frame
 *    36  u16  number of shared headers
 *    38  u16  zero
 *    40  n names: u16 length, UTF-8
 *        shared headers: u16 name index, u32 length, UTF-8
 *        records: [u32 relative offset when sparse], u32 key length, key in UTF-8, u16 own header count,
 *                 own headers as above, u32 value length (0xffffffff: tombstone), value
 *
 * The fields at 16 and 24 are filled in when the frame is committed, as they depend on what came before.
 */
export const FRAME_VERSION = 1;
export const FLAG_SPARSE = 1;
export const HEADER_BYTES = 40;
export const TOMBSTONE = 0xffffffff;

const AT_FLAGS = 1;
const AT_NAMES = 2;
const AT_COUNT = 4;
const AT_TIMESTAMP = 8;
const AT_BYTES_BEFORE = 16;
const AT_BASE = 24;
const AT_SPAN = 32;
const AT_SHARED = 36;

/** What the fixed part of a frame says. */
export interface FrameHead {
  readonly sparse: boolean;
  readonly names: number;
  readonly shared: number;
  readonly count: number;
  readonly span: number;
  readonly timestampMs: number;
  readonly bytesBefore: number;
  readonly base: number;
}

/** Writes the fixed part, `bytesBefore` and `base` included. */
export function writeHead(frame: Buffer, head: FrameHead): void {
  frame[0] = FRAME_VERSION;
  frame[AT_FLAGS] = head.sparse ? FLAG_SPARSE : 0;
  frame.writeUInt16LE(head.names, AT_NAMES);
  frame.writeUInt32LE(head.count, AT_COUNT);
  frame.writeDoubleLE(head.timestampMs, AT_TIMESTAMP);
  placeFrame(frame, head.base, head.bytesBefore);
  frame.writeUInt32LE(head.span, AT_SPAN);
  frame.writeUInt16LE(head.shared, AT_SHARED);
  frame.writeUInt16LE(0, AT_SHARED + 2);
}

/** Fills in what is known only when the frame is committed. */
export function placeFrame(frame: Buffer, base: number, bytesBefore: number): void {
  frame.writeDoubleLE(bytesBefore, AT_BYTES_BEFORE);
  frame.writeDoubleLE(base, AT_BASE);
}

/** Reads the fixed part. Throws when the frame was written by a layout this code does not know. */
export function readHead(frame: Buffer): FrameHead {
  if (frame[0] !== FRAME_VERSION)
    throw new Error(`stream frame has layout version ${frame[0]}, this program reads ${FRAME_VERSION}`);
  return {
    sparse: ((frame[AT_FLAGS] ?? 0) & FLAG_SPARSE) !== 0,
    names: frame.readUInt16LE(AT_NAMES),
    shared: frame.readUInt16LE(AT_SHARED),
    count: frame.readUInt32LE(AT_COUNT),
    span: frame.readUInt32LE(AT_SPAN),
    timestampMs: frame.readDoubleLE(AT_TIMESTAMP),
    bytesBefore: frame.readDoubleLE(AT_BYTES_BEFORE),
    base: frame.readDoubleLE(AT_BASE),
  };
}
