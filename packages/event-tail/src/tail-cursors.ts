/**
 * Cursors of readings: a place, sealed so that nobody can forge one, read from it how much the system holds of others,
 * or take it to another question; free of state, so that any process of a deployment goes on where another stopped.
 *
 * A cursor is `salt (12) · number (6) · tag (16) · sealed fields`, base64url. A process seals with a key of its own,
 * derived from the secret and its random salt, and counts its cursors: the nonce of AES-256-GCM is never used twice,
 * which random ones could not promise for as many cursors as there are deliveries.
 */
import { createCipheriv, createDecipheriv, hash, hkdfSync, randomBytes } from 'node:crypto';
import type { Positions, TailPlace } from './interface.ts';

export type TailCursorFault = 'damaged' | 'other-question';

export interface TailCursors {
  /** `question`: what `questionOf` says of the reading. */
  issue(question: string, place: TailPlace): string;
  read(text: string, question: string): TailPlace | TailCursorFault;
}

const VERSION = 1;
const CIPHER = 'aes-256-gcm';
const SALT_BYTES = 12;
const NUMBER_BYTES = 6;
const IV_BYTES = 12;
const TAG_BYTES = 16;
const DIGEST_BYTES = 12;
const HEAD_BYTES = SALT_BYTES + NUMBER_BYTES + TAG_BYTES;
const MAX_CURSOR_CHARS = 65_536;
/** Keys of other processes, and digests of questions, that are kept. */
const MAX_KEPT = 1000;

/** `secret`: 32 bytes, the same in every process. */
export function createTailCursors(secret: Buffer): TailCursors {
  const salt = randomBytes(SALT_BYTES);
  const ownKey = deriveKey(secret, salt);
  const keys = new Map<string, Buffer>();
  const digests = new Map<string, Buffer>();
  const iv = Buffer.alloc(IV_BYTES);
  let issued = 0;

  const digestOf = (question: string): Buffer =>
    kept(digests, question, () => hash('sha256', question, 'buffer').subarray(0, DIGEST_BYTES));

  function unseal(bytes: Buffer): Buffer | undefined {
    const named = bytes.subarray(0, SALT_BYTES);
    const key = named.equals(salt)
      ? ownKey
      : kept(keys, named.toString('latin1'), () => deriveKey(secret, named));
    const nonce = Buffer.alloc(IV_BYTES);
    bytes.copy(nonce, IV_BYTES - NUMBER_BYTES, SALT_BYTES, SALT_BYTES + NUMBER_BYTES);
    const decipher = createDecipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES });
    decipher.setAuthTag(bytes.subarray(SALT_BYTES + NUMBER_BYTES, HEAD_BYTES));
    try {
      return Buffer.concat([decipher.update(bytes.subarray(HEAD_BYTES)), decipher.final()]);
    } catch {
      return undefined;
    }
  }

  return {
    issue(question, place) {
      issued += 1;
      iv.writeUIntBE(issued, IV_BYTES - NUMBER_BYTES, NUMBER_BYTES);
      const cipher = createCipheriv(CIPHER, ownKey, iv, { authTagLength: TAG_BYTES });
      const sealed = cipher.update(encodeFields(digestOf(question), place));
      cipher.final();
      const number = iv.subarray(IV_BYTES - NUMBER_BYTES);
      return Buffer.concat([salt, number, cipher.getAuthTag(), sealed]).toString('base64url');
    },
    read(text, question) {
      if (text.length > MAX_CURSOR_CHARS) return 'damaged';
      const bytes = Buffer.from(text, 'base64url');
      if (bytes.length <= HEAD_BYTES + DIGEST_BYTES) return 'damaged';
      const fields = unseal(bytes);
      if (fields === undefined || fields[0] !== VERSION) return 'damaged';
      if (!fields.subarray(1, 1 + DIGEST_BYTES).equals(digestOf(question))) return 'other-question';
      return decodePlace(fields.subarray(1 + DIGEST_BYTES));
    },
  };
}

function deriveKey(secret: Buffer, salt: Buffer): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, salt, 'tail cursor', 32));
}

/** Answers what is kept under the name, or makes it; what was made first is let go first. */
function kept(held: Map<string, Buffer>, name: string, make: () => Buffer): Buffer {
  const found = held.get(name);
  if (found !== undefined) return found;
  const made = make();
  if (held.size >= MAX_KEPT) held.delete(held.keys().next().value ?? '');
  held.set(name, made);
  return made;
}

/** Version, digest, then numbers of variable length: count of pairs, pairs; with a backfill also its own and the time. */
function encodeFields(digest: Buffer, { next, backfill }: TailPlace): Buffer {
  const bytes: number[] = [VERSION, ...digest];
  writePositions(bytes, next);
  if (backfill !== undefined) {
    writePositions(bytes, backfill.until);
    writeNumber(bytes, backfill.fromMs < 0 ? 1 : 0);
    writeNumber(bytes, Math.abs(Math.ceil(backfill.fromMs)));
  }
  return Buffer.from(bytes);
}

function decodePlace(bytes: Buffer): TailPlace {
  const reader = { bytes, at: 0 };
  const next = readPositions(reader);
  if (reader.at >= bytes.length) return { next };
  const until = readPositions(reader);
  const sign = readNumber(reader) === 1 ? -1 : 1;
  return { next, backfill: { fromMs: sign * readNumber(reader), until } };
}

function writePositions(bytes: number[], positions: Positions): void {
  writeNumber(bytes, positions.size);
  for (const [partition, offset] of positions) {
    writeNumber(bytes, partition);
    writeNumber(bytes, offset);
  }
}

function readPositions(reader: { bytes: Buffer; at: number }): Positions {
  const positions = new Map<number, number>();
  for (let left = readNumber(reader); left > 0; left--) {
    const partition = readNumber(reader);
    positions.set(partition, readNumber(reader));
  }
  return positions;
}

/** Seven bits a byte, the low ones first; whole numbers to 2^53. */
function writeNumber(bytes: number[], value: number): void {
  let rest = value;
  while (rest >= 0x80) {
    bytes.push((rest % 0x80) | 0x80);
    rest = Math.floor(rest / 0x80);
  }
  bytes.push(rest);
}

function readNumber(reader: { bytes: Buffer; at: number }): number {
  let value = 0;
  let weight = 1;
  for (;;) {
    // What was sealed here is whole: the end is never met within a number.
    const byte = reader.bytes[reader.at++] ?? 0;
    value += (byte & 0x7f) * weight;
    if (byte < 0x80) return value;
    weight *= 0x80;
  }
}
