/** One question of a filter: `path operator value`, `value operator path`, `path in (…)`, `path exists`, … */
import { parseRange } from './cidr.ts';
import { findMisspelling, isBesideEvent, isTimePath } from './check-path.ts';
import { FilterFaultSignal } from './fault.ts';
import { maxListItems } from './filter.ts';
import type { CompareOperator, FilterTest, FilterValue, Path, Placeholder } from './filter.ts';
import { instantOf, literalMs, parseBare } from './literal.ts';
import { isOperator } from './token-reader.ts';
import type { TokenReader } from './token-reader.ts';
import type { Token } from './tokenize.ts';
import { parsePhrases } from './words.ts';

const MAX_PLACEHOLDER_NAME = 64;
const OPERATORS = 'an operator (= != < <= > >= ^= ~ in within exists)';
const VALUE = "a value ('text', 12, 2026-11-01T00:00:00Z, true, false or null)";
const FLIPPED: ReadonlyMap<string, CompareOperator> = new Map([
  ['=', '='],
  ['!=', '!='],
  ['<', '>'],
  ['<=', '>='],
  ['>', '<'],
  ['>=', '<='],
]);
const CONSTANTS: ReadonlyMap<string, FilterValue> = new Map([
  ['true', { kind: 'boolean', boolean: true }],
  ['false', { kind: 'boolean', boolean: false }],
  ['null', { kind: 'null' }],
]);
/** Tokens that are a value, also where a path could stand. */
const VALUE_TYPES: ReadonlySet<Token['type']> = new Set(['string', 'bare', 'placeholder']);

/** @throws FilterFaultSignal */
export function parseTest(tokens: TokenReader): FilterTest<Placeholder> {
  const first = tokens.peek();
  const constant = first.type === 'word' && CONSTANTS.has(first.text) && tokens.isOperatorNext();
  if (constant || VALUE_TYPES.has(first.type)) return parseValueFirst(tokens);
  const whole = first.type === 'word' && first.text === 'text';
  const path = parsePath(tokens);
  const operator = tokens.peek();
  if (isOperator(operator)) {
    tokens.take();
    if (operator.text === '^=') return { kind: 'prefix', path, text: takeText(tokens, 'the beginning') };
    if (operator.text === '~') return parseWords(tokens, whole && path.length === 1 ? undefined : path);
    return compare(path, operator, asOperator(operator), tokens.peek(), parseValue(tokens));
  }
  if (tokens.takeWord('exists')) return { kind: 'exists', path };
  if (tokens.takeWord('within')) return { kind: 'within', path, text: takeText(tokens, 'a taxonomy path') };
  if (tokens.takeWord('in')) return tokens.takeWord('cidr') ? parseCidr(tokens, path) : parseIn(tokens, path);
  return tokens.refuse(OPERATORS);
}

function parseValueFirst(tokens: TokenReader): FilterTest<Placeholder> {
  const at = tokens.peek();
  const value = parseValue(tokens);
  const operator = tokens.peek();
  const flipped = operator.type === 'symbol' ? FLIPPED.get(operator.text) : undefined;
  if (flipped === undefined) return tokens.refuse('= != < <= > or >= after a value that comes first');
  tokens.take();
  return compare(parsePath(tokens), operator, flipped, at, value);
}

function asOperator(token: Token): CompareOperator {
  const flipped = FLIPPED.get(token.text);
  return (flipped === undefined ? undefined : FLIPPED.get(flipped)) ?? '=';
}

function compare(
  path: Path,
  operatorToken: Token,
  operator: CompareOperator,
  valueToken: Token,
  value: FilterValue | Placeholder,
): FilterTest<Placeholder> {
  const ordered = operator !== '=' && operator !== '!=';
  if (ordered && (value.kind === 'boolean' || value.kind === 'null')) {
    const message = `${valueToken.text} has no order: only = and != can be asked of it`;
    throw new FilterFaultSignal('FILTER_VALUE_INVALID', operatorToken.start, message);
  }
  return { kind: 'compare', path, operator, value: asTime(path, valueToken, value) };
}

/** A text in quotes beside a time member is a time. */
function asTime<Value extends FilterValue | Placeholder>(
  path: Path,
  token: Token,
  value: Value,
): Value | FilterValue {
  if (value.kind !== 'string' || !isTimePath(path)) return value;
  const ms = literalMs(value.text) ?? instantOf(value.text);
  const text = ms === undefined ? '' : new Date(ms).toISOString();
  if (ms === undefined || literalMs(text) !== ms) {
    const message = `${path.join('/')} is a time and this text is none; expected one such as 2026-11-01T10:00:00Z`;
    throw new FilterFaultSignal('FILTER_VALUE_INVALID', token.start, message);
  }
  return { kind: 'time', text, ms };
}

function parseWords(tokens: TokenReader, path: Path | undefined): FilterTest<Placeholder> {
  const token = tokens.peek();
  const text = takeText(tokens, 'words');
  const phrases = typeof text === 'string' ? parsePhrases(text) : [];
  if (typeof phrases === 'string') throw new FilterFaultSignal('FILTER_VALUE_INVALID', token.start, phrases);
  return { kind: 'words', path, text };
}

function parseIn(tokens: TokenReader, path: Path): FilterTest<Placeholder> {
  const values =
    takePlaceholder(tokens) ??
    parseList(tokens, "'(', 'cidr(' or a placeholder", () => {
      const token = tokens.peek();
      return asTime(path, token, parseValue(tokens));
    });
  return { kind: 'in', path, values };
}

function parseCidr(tokens: TokenReader, path: Path): FilterTest<Placeholder> {
  const ranges =
    takePlaceholder(tokens) ??
    parseList(tokens, "'(' or a placeholder", () => {
      const token = tokens.peek();
      const text = takeText(tokens, 'an address range');
      if (typeof text === 'string' && parseRange(text) === undefined) {
        const message = `expected an address range such as '10.0.0.0/8' or '2001:db8::/32'`;
        throw new FilterFaultSignal('FILTER_VALUE_INVALID', token.start, message);
      }
      return text;
    });
  return { kind: 'cidr', path, ranges };
}

function parseList<Item>(tokens: TokenReader, open: string, parseItem: () => Item): readonly Item[] {
  if (!tokens.takeSymbol('(')) tokens.refuse(open);
  const items = [parseItem()];
  while (tokens.takeSymbol(',')) {
    if (items.length === maxListItems) {
      const message = `a list of more than ${maxListItems} items`;
      throw new FilterFaultSignal('FILTER_LIST_TOO_LONG', tokens.peek().start, message);
    }
    items.push(parseItem());
  }
  if (!tokens.takeSymbol(')')) tokens.refuse("',' or ')'");
  return items;
}

function parseValue(tokens: TokenReader): FilterValue | Placeholder {
  const placeholder = takePlaceholder(tokens);
  if (placeholder !== undefined) return placeholder;
  const token = tokens.peek();
  if (token.type === 'string') {
    tokens.take();
    return { kind: 'string', text: token.text };
  }
  if (token.type === 'bare') {
    const value = parseBare(token.text);
    if (typeof value === 'string') throw new FilterFaultSignal('FILTER_VALUE_INVALID', token.start, value);
    tokens.take();
    return value;
  }
  const constant = token.type === 'word' ? CONSTANTS.get(token.text) : undefined;
  if (constant !== undefined) {
    tokens.take();
    return constant;
  }
  if (token.type === 'word') {
    const message = `expected ${VALUE}; text goes in quotes`;
    throw new FilterFaultSignal('FILTER_SYNTAX', token.start, message, `'${token.text}'`);
  }
  return tokens.refuse(VALUE);
}

function takePlaceholder(tokens: TokenReader): Placeholder | undefined {
  const { start, text, type } = tokens.peek();
  if (type !== 'placeholder') return undefined;
  if (text.length > MAX_PLACEHOLDER_NAME) {
    const message = `the name of a placeholder has at most ${MAX_PLACEHOLDER_NAME} characters`;
    throw new FilterFaultSignal('FILTER_SYNTAX', start, message);
  }
  tokens.take();
  return { kind: 'placeholder', name: text, start };
}

function takeText(tokens: TokenReader, what: string): string | Placeholder {
  return takePlaceholder(tokens) ?? takeString(tokens, what);
}

function takeString(tokens: TokenReader, what: string): string {
  const token = tokens.peek();
  if (token.type !== 'string') tokens.refuse(`${what} as text in quotes`);
  return tokens.take().text;
}

function parsePath(tokens: TokenReader): Path {
  const steps = [takeName(tokens, 'a member of the event, such as initiator/name')];
  if (tokens.isSymbol('[')) return parseProperty(tokens, steps[0]);
  while (tokens.takeSymbol('/') || tokens.takeSymbol('.'))
    steps.push(takeName(tokens, 'the name of a member'));
  const path = steps.map((step) => step.text);
  const [first] = steps;
  if (first?.type === 'word' && isBesideEvent(path)) {
    const message = `an event has no member ${first.text}: ask with the parameter ${first.text}, beside the filter; a member of this name is written in backquotes`;
    throw new FilterFaultSignal('FILTER_MEMBER_UNKNOWN', first.start, message);
  }
  const misspelling = findMisspelling(path, (step) => steps[step]?.type === 'name');
  const wrong = misspelling === undefined ? undefined : steps[misspelling.step];
  if (misspelling === undefined || wrong === undefined) return path;
  const message = `no member ${JSON.stringify(wrong.text)} is known here: did you mean ${misspelling.suggestion}? Put the name in backquotes if it is meant`;
  throw new FilterFaultSignal('FILTER_MEMBER_UNKNOWN', wrong.start, message, misspelling.suggestion);
}

/** CIMI's `property['key']`: an entry of the map `properties`. */
function parseProperty(tokens: TokenReader, head: Token | undefined): Path {
  if (head?.text !== 'property') tokens.refuse(`${OPERATORS}: only property takes a ['key']`);
  tokens.take();
  checkName(tokens.peek());
  const key = takeString(tokens, 'a key');
  if (!tokens.takeSymbol(']')) tokens.refuse("']'");
  return ['properties', key];
}

function takeName(tokens: TokenReader, what: string): Token {
  const token = tokens.peek();
  if (token.type !== 'word' && token.type !== 'name') tokens.refuse(`${what}`);
  checkName(token);
  return tokens.take();
}

/** In events it also stands for half a surrogate pair, of which several would be the same name. */
function checkName(token: Token): void {
  if (!token.text.includes('\uFFFD')) return;
  const message = 'U+FFFD stands for characters that were lost: no member can be asked for by it';
  throw new FilterFaultSignal('FILTER_SYNTAX', token.start, message);
}
