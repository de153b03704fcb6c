/**
 * One pass over the JSON text of an event that has passed JSON.parse and the depth check: finds what rules take out, and,
 * in a second pass, copies of it. Works on ranges of the text, so what is not redacted stays as it was written; members
 * given twice are changed twice.
 */
import {
  canonicalJson,
  checkJsonDepth,
  endOfString,
  isRoleName,
  isTag,
  keyOf,
  skipBlanks,
  skipValue,
} from '@cadf-pipeline/cadf-model';
import { applyEdits } from './edits.ts';
import { readFixed } from './fixed-member.ts';
import { generaliseAddress } from './generalise.ts';
import type { Frame, Member } from './place.ts';
import { createMemberNames } from './member-names.ts';
import { lookUpMember } from './place.ts';
import { MASK, MIN_SEARCHED } from './removed-values.ts';
import { stricter } from './rule-tree.ts';
import type { Action, RuleNode } from './rule-tree.ts';
import { knownType } from './standard-words.ts';
import type { Walk, WalkOptions } from './walk.ts';

/** JSON in a text in JSON in a text …: how far it is followed; behind that a text is only searched as it is. */
const MAX_EMBEDDED = 8;

/** The text as the rules leave it. */
export function walkEvent(text: string, tree: RuleNode, options: WalkOptions): string {
  return walkText(text, tree, 'event', options, 0);
}

function walkText(
  text: string,
  tree: RuleNode | undefined,
  frame: Frame,
  options: WalkOptions,
  embedded: number,
): string {
  const walk: Walk = { text, edits: [], options, embedded, isGone: false, names: undefined };
  readValue(walk, skipBlanks(text, 0), { ...ROOT, frame }, tree, undefined);
  return applyEdits(text, walk.edits);
}

const ROOT: Member = {
  place: 'required',
  frame: 'content',
  form: undefined,
  isVocabulary: false,
  isNameKnown: true,
};

/** Reads one value; answers the index after it. */
function readValue(
  walk: Walk,
  start: number,
  member: Member,
  node: RuleNode | undefined,
  cover: Action | undefined,
): number {
  const act = node?.act === undefined ? cover : stricter(cover, node.act);
  const { edits, text } = walk;
  const code = text.charCodeAt(start);
  walk.isGone = false;
  if (code !== 0x7b && code !== 0x5b) {
    const end = skipValue(text, start);
    readLeaf(walk, start, end, member, act);
    return end;
  }
  const mark = edits.length;
  const end =
    code === 0x7b ? readObject(walk, start, member, node, act) : readList(walk, start, member, node, act);
  if (act === undefined || walk.isGone) return end;
  if (member.place === 'unmaskable' || (member.place === 'optional' && act.action === 'remove')) {
    walk.isGone = true;
    walk.options.applied.add(act.index);
  } else if (code === 0x7b && member.frame === 'content') {
    // An object of any form may tell by its names, too.
    edits.length = mark;
    const content = act.action === 'hash' ? canonicalJson(JSON.parse(text.slice(start, end))) : '';
    replace(walk, start, end, content === '' ? MASK : walk.options.hash(content), act);
  }
  return end;
}

function readList(
  walk: Walk,
  start: number,
  member: Member,
  node: RuleNode | undefined,
  cover: Action | undefined,
): number {
  const { text } = walk;
  // An element does not go by itself: the list goes, or it stays with a mask in it.
  const element: Member =
    member.place === 'optional' || member.place === 'unmaskable' ? { ...member, place: 'required' } : member;
  // The element carries no rule of its own that the list has not.
  let at = skipBlanks(text, start + 1);
  while (at < text.length && text.charCodeAt(at) !== 0x5d) {
    at = skipBlanks(text, readValue(walk, at, element, node, cover));
    if (text.charCodeAt(at) === 0x2c) at = skipBlanks(text, at + 1);
  }
  walk.isGone = false;
  return at + 1;
}

function readObject(
  walk: Walk,
  start: number,
  member: Member,
  node: RuleNode | undefined,
  cover: Action | undefined,
): number {
  const { edits, options, text } = walk;
  const { frame } = member;
  const isSeen = cover !== undefined || options.scrub || options.everyAddress !== undefined;
  /** End of the last member that stays; -1 before there is one. */
  let keptEnd = -1;
  /** Begin and end of what goes in front of the first member that stays. */
  let goneFrom = -1;
  let goneEnd = -1;
  let at = skipBlanks(text, start + 1);
  while (text.charCodeAt(at) === 0x22) {
    const memberStart = at;
    const keyEnd = endOfString(text, at);
    const key = keyOf(text.slice(at + 1, keyEnd));
    const child = node?.children.get(key);
    at = skipBlanks(text, skipBlanks(text, keyEnd + 1) + 1);
    const mark = edits.length;
    walk.isGone = false;
    if (!isSeen && child === undefined) {
      at = skipValue(text, at);
    } else {
      const known = lookUpMember(frame, key);
      if (options.scrub && !known.isNameKnown) renameKey(walk, memberStart, keyEnd + 1, key);
      // The short form of a role (DSP2038) is no id of anybody.
      if (known.place === 'fixed') at = readFixed(walk, at, key);
      else if (frame === 'resource' && key === 'id' && isRoleWord(text, at)) at = skipValue(text, at);
      else at = readValue(walk, at, known, child, cover);
    }
    if (walk.isGone) {
      edits.length = mark;
      if (keptEnd < 0) {
        if (goneFrom < 0) goneFrom = memberStart;
        goneEnd = at;
      } else {
        const last = edits.at(-1);
        if (last?.start === keptEnd) edits.pop();
        edits.push({ start: keptEnd, end: at, text: '' });
      }
    } else {
      if (keptEnd < 0 && goneFrom >= 0)
        edits.splice(mark, 0, { start: goneFrom, end: memberStart, text: '' });
      keptEnd = at;
    }
    at = skipBlanks(text, at);
    if (text.charCodeAt(at) === 0x2c) at = skipBlanks(text, at + 1);
  }
  const isEmptied = keptEnd < 0 && goneFrom >= 0;
  if (isEmptied) edits.push({ start: goneFrom, end: goneEnd, text: '' });
  // A cadf:Geolocation has at least one property.
  walk.isGone = isEmptied && frame === 'geolocation';
  return at + 1;
}

function isRoleWord(text: string, at: number): boolean {
  return text.charCodeAt(at) === 0x22 && isRoleName(text.slice(at + 1, endOfString(text, at)));
}

function readLeaf(walk: Walk, start: number, end: number, member: Member, covered: Action | undefined): void {
  const { options, text } = walk;
  const value = leafText(text, start, end);
  if (value === undefined && covered === undefined) return;
  const isText = text.charCodeAt(start) === 0x22;
  let act = covered;
  if (act === undefined && options.everyAddress !== undefined && isText && value !== undefined) {
    if (generaliseAddress(value, options.everyAddress.prefixes) !== undefined) act = options.everyAddress;
  }
  if (act !== undefined) return applyRule(walk, start, end, member, act, value);
  if (value === undefined) return;
  const left = isText ? scrubText(walk, value, member) : scrubNumber(options, value);
  if (left === undefined) walk.isGone = true;
  else if (left !== value) walk.edits.push({ start, end, text: JSON.stringify(left) });
}

function applyRule(
  walk: Walk,
  start: number,
  end: number,
  member: Member,
  act: Action,
  value: string | undefined,
): void {
  const { text } = walk;
  const { applied, hash } = walk.options;
  const isGone = member.place === 'unmaskable' || (member.place === 'optional' && act.action === 'remove');
  let replacement = MASK;
  if (value !== undefined && act.action === 'hash') replacement = hash(value);
  if (value !== undefined && act.action === 'generalise')
    replacement = generaliseAddress(value, act.prefixes) ?? MASK;
  if (value !== undefined && !member.isVocabulary)
    remember(walk, value, text.charCodeAt(start) === 0x22, isGone ? MASK : replacement, act);
  if (isGone) {
    walk.isGone = true;
    applied.add(act.index);
  } else if (value !== undefined) {
    replace(walk, start, end, member.place === 'type' ? 'unknown' : replacement, act);
  }
}

/** What is searched for elsewhere: a text and, where it is JSON itself, what is in it; numbers that are not too common. */
function remember(walk: Walk, value: string, isText: boolean, replacement: string, act: Action): void {
  const { removed } = walk.options;
  if (!isText) {
    if (/^[-\d]/.test(value) && value.length >= MIN_SEARCHED) removed.add(value, replacement);
    return;
  }
  removed.add(value, replacement);
  embeddedJson(walk, value, { act, children: new Map() });
}

function replace(walk: Walk, start: number, end: number, replacement: string, act: Action): void {
  const written = JSON.stringify(replacement);
  if (walk.text.slice(start, end) === written) return;
  walk.edits.push({ start, end, text: written });
  walk.options.applied.add(act.index);
}

/** A text or number; truth values as text under a rule. Undefined for null. */
function leafText(text: string, start: number, end: number): string | undefined {
  if (text.charCodeAt(start) === 0x22) return keyOf(text.slice(start + 1, end - 1));
  const token = text.slice(start, end);
  return token === 'null' ? undefined : token;
}

/** Undefined where what is left would not fit the member's form: it goes. */
function scrubText(walk: Walk, value: string, member: Member): string | undefined {
  const inner = embeddedJson(walk, value);
  if (inner !== undefined) return inner;
  if (!walk.options.scrub) return value;
  const { removed } = walk.options;
  const left = removed.scrub(value);
  if (left === value) return value;
  if (member.place === 'type') return knownType(value);
  if (member.place === 'unmaskable') return undefined;
  return member.form === 'texts' && !isTag(left) ? MASK : left;
}

function scrubNumber(options: WalkOptions, token: string): string {
  if (!options.scrub || token === 'true' || token === 'false') return token;
  return options.removed.scrub(token);
}

/** A text that is JSON itself, with what is in it redacted like the rest; undefined when it is none. */
function embeddedJson(walk: Walk, value: string, tree?: RuleNode): string | undefined {
  const first = value.charCodeAt(skipBlanks(value, 0));
  if ((first !== 0x7b && first !== 0x5b) || walk.embedded >= MAX_EMBEDDED) return undefined;
  if (!checkJsonDepth(value)) return undefined;
  try {
    JSON.parse(value);
  } catch {
    return undefined;
  }
  return walkText(value, tree, 'content', walk.options, walk.embedded + 1);
}

function renameKey(walk: Walk, start: number, end: number, key: string): void {
  const left = walk.options.removed.scrub(key);
  if (left === key) return;
  walk.names ??= createMemberNames(walk.text);
  walk.edits.push({ start, end, text: JSON.stringify(walk.names.free(left)) });
}
