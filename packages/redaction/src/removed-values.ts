/** The values that rules took out of one event, and the search for copies of them in what is left. */
import { decodedForms } from './decoded-forms.ts';
import { foldWidely, isOdd, readingOf } from './reading.ts';
import type { Reading } from './reading.ts';

/** What stands in place of a masked value. Shorter than any value that is searched for within texts. */
export const MASK = '***';
/** Shorter values are too common to be searched for within texts: only whole texts are compared with them. */
export const MIN_SEARCHED = 4;
const MIN_COMPARED = 2;
/** More distinct values than this are not searched for: the event is refused. */
export const MAX_REMOVED = 1000;
/** Values times characters of the event: about a second of searching. */
export const MAX_SEARCH = 50_000_000;

interface Removed {
  readonly value: string;
  readonly folded: string;
  /** As `foldWidely`; empty where it is not looked for, because little or nothing of the value would be left. */
  wide?: string;
  /** Of a whole text that is a copy; the mask where rules differ. */
  replacement: string;
  /** Forms that base64 gives it within a longer text, one for each of the three ways it may lie there. */
  readonly encoded: readonly string[];
}

const MAX_REMEMBERED = 4096;
const MAX_REMEMBERED_LENGTH = 256;

/** One is made for many events, and cleared before each. */
export interface RemovedValues {
  clear(): void;
  add(value: string, replacement: string): void;
  readonly count: number;
  /** Whether a JSON text may hold copies in any form; from then on only those that it may hold are searched for. */
  suspect(json: string): boolean;
  /** A text without copies: the same text when it has none. Whole copies get what the value got, parts the mask. */
  scrub(text: string): string;
  /** Whether an id of an event has a copy in it that is hardly there by chance. */
  isInId(id: string): boolean;
}

const UUID = /[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}$/i;

export function createRemovedValues(): RemovedValues {
  const byValue = new Map<string, Removed>();
  /** What is searched for, the longest first, and of those the ones that are searched for within texts. */
  let suspects: readonly Removed[] = [];
  let long: readonly Removed[] = [];
  const encode = createBase64Forms();

  return {
    clear() {
      byValue.clear();
    },
    add(value, replacement) {
      if (value.length < MIN_COMPARED || value === MASK || value === replacement) return;
      const bare = value.trim();
      if (bare !== value) this.add(bare, replacement);
      const known = byValue.get(value);
      if (known !== undefined) {
        if (known.replacement !== replacement) known.replacement = MASK;
        return;
      }
      const encoded = value.length < MIN_SEARCHED ? [] : encode(value);
      byValue.set(value, { value, folded: value.toLowerCase(), replacement, encoded });
    },
    get count() {
      return byValue.size;
    },
    suspect(json) {
      if (byValue.size === 0) return false;
      // Copies may be written with escapes of JSON, of URLs, of markup, or in other letters.
      const isEscaped = json.includes('\\') || json.includes('%') || json.includes('&') || isOdd(json);
      const folded = isEscaped ? '' : json.toLowerCase();
      suspects = [...byValue.values()].filter((removed) => isEscaped || holdsPlain(json, folded, removed));
      if (suspects.length > 1) suspects = suspects.toSorted((a, b) => b.value.length - a.value.length);
      long = suspects.filter(({ value }) => value.length >= MIN_SEARCHED);
      return suspects.length > 0;
    },
    scrub(text) {
      if (text.length < MIN_COMPARED) return text;
      const folded = text.toLowerCase();
      const whole = suspects.find((removed) => removed.value === text || removed.folded === folded);
      if (whole !== undefined) return whole.replacement;
      let left = text;
      for (const removed of long) left = without(left, removed);
      return isHeld(left, long) || isHeldEncoded(left, long) ? MASK : left;
    },
    isInId(id) {
      const folded = id.toLowerCase();
      const isUuid = UUID.test(id);
      return suspects.some((removed) => {
        if (removed.folded === folded) return true;
        if (removed.value.length < MIN_SEARCHED) return false;
        if (removed.value.length >= 2 * MIN_SEARCHED)
          return isHeld(id, [removed]) || isHeldEncoded(id, [removed]);
        const forms = isUuid ? [] : [id, ...(decodedForms(id) ?? [])];
        return forms.some((form) => standsAlone(form.toLowerCase(), removed.folded));
      });
    },
  };
}

/** The characters of base64 (RFC 4648, sections 4 and 5) that depend on nothing but the value. */
function createBase64Forms(): (value: string) => readonly string[] {
  // Users, hosts and projects repeat from event to event.
  const remembered = new Map<string, readonly string[]>();
  const scratch = Buffer.alloc(2 + 3 * MAX_REMEMBERED_LENGTH);
  return (value) => {
    if (value.length > MAX_REMEMBERED_LENGTH) {
      const bytes = Buffer.alloc(2 + Buffer.byteLength(value));
      return base64Forms(bytes, bytes.write(value, 2));
    }
    const known = remembered.get(value);
    if (known !== undefined) return known;
    const forms = base64Forms(scratch, scratch.write(value, 2));
    if (remembered.size >= MAX_REMEMBERED) remembered.clear();
    remembered.set(value, forms);
    return forms;
  };
}

/** `bytes` has two free bytes, then `length` bytes of the value. */
function base64Forms(bytes: Buffer, length: number): readonly string[] {
  const end = 2 + length;
  const forms = [
    bytes.toString('base64', 2, end).slice(0, Math.floor((length * 8) / 6)),
    bytes.toString('base64', 1, end).slice(2, Math.floor(((length + 1) * 8) / 6)),
    bytes.toString('base64', 0, end).slice(3, Math.floor(((length + 2) * 8) / 6)),
  ];
  for (const form of forms.slice())
    if (form.includes('+') || form.includes('/')) forms.push(form.replaceAll('+', '-').replaceAll('/', '_'));
  return forms;
}

function holdsPlain(json: string, folded: string, removed: Removed): boolean {
  if (removed.value.length < MIN_SEARCHED) return folded.includes(`"${removed.folded}"`);
  if (folded.includes(removed.folded)) return true;
  // Written in other letters, it may be all ASCII.
  if (isOdd(removed.value)) return true;
  if (removed.folded.includes(' ') && folded.includes(removed.folded.replaceAll(' ', '+'))) return true;
  return removed.encoded.some((form) => json.includes(form));
}

function isHeld(text: string, removed: readonly Removed[]): boolean {
  if (removed.length === 0) return false;
  const reading = readingOf(text);
  return removed.some((each) => isHeldBy(reading, each));
}

function isHeldBy(reading: Reading, removed: Removed): boolean {
  if (reading.text.includes(removed.value) || reading.folded.includes(removed.folded)) return true;
  if (removed.encoded.some((form) => reading.unbroken.includes(form))) return true;
  if (!reading.isOdd && !isOdd(removed.value)) return false;
  removed.wide ??= foldWidely(removed.value);
  return removed.wide.length >= MIN_SEARCHED && reading.wide.includes(removed.wide);
}

/** Copies written with escapes: found, and then the whole text goes, because what stands around them is written so too. */
function isHeldEncoded(text: string, removed: readonly Removed[]): boolean {
  if (removed.length === 0) return false;
  const forms = decodedForms(text);
  return forms === undefined || forms.some((form) => isHeld(form, removed));
}

function without(text: string, removed: Removed): string {
  const left = text.replaceAll(removed.value, MASK);
  const folded = left.toLowerCase();
  let at = folded.indexOf(removed.folded);
  if (at < 0) return left;
  // A few letters change their length with their case: then places in one text are not those in the other.
  if (folded.length !== left.length) return MASK;
  const parts: string[] = [];
  let from = 0;
  for (; at >= 0; at = folded.indexOf(removed.folded, from)) {
    parts.push(left.slice(from, at), MASK);
    from = at + removed.folded.length;
  }
  return parts.join('') + left.slice(from);
}

function standsAlone(text: string, value: string): boolean {
  for (let at = text.indexOf(value); at >= 0; at = text.indexOf(value, at + 1)) {
    const around = [text.at(at - 1), text[at + value.length]];
    const before = at === 0 ? undefined : around[0];
    if (![before, around[1]].some((character) => character !== undefined && /[\p{L}\p{N}]/u.test(character)))
      return true;
  }
  return false;
}
