/** Where the fields of a record batch are, format v2 (kafka.apache.org/documentation, "Record Batch"). Big-endian. */

/** Bytes before the first record. */
export const BATCH_HEADER_BYTES = 61;

/** Positions of the fields; `length` counts from `leaderEpoch` on, `crc` (CRC-32C) covers from `attributes` on. */
export const BATCH_AT = {
  baseOffset: 0,
  length: 8,
  leaderEpoch: 12,
  magic: 16,
  crc: 17,
  attributes: 21,
  lastDelta: 23,
  firstTimestamp: 27,
  maxTimestamp: 35,
  producerId: 43,
  producerEpoch: 51,
  sequence: 53,
  count: 57,
} as const;

/** Bits of the attributes: the compression codec, and whether it is a batch of transaction markers. */
export const CODEC_BITS = 0b111;
export const CONTROL_BIT = 0b10_0000;
