import fc from 'fast-check';
import { expect, test } from 'vitest';
import { arbitraryEventText } from '../../../test/support/arbitrary-event-text.ts';
import { arbitraryFilterText } from '../../../test/support/arbitrary-filter.ts';
import { anchorKeys, anchorsOf, seeAnchorKeys } from './anchor.ts';
import type { Filter } from './filter.ts';
import { parseFilter } from './parse.ts';
import { printFilter } from './print.ts';
import { compilePredicate } from './predicate.ts';
import { createRawScan, rawNames } from './raw-values.ts';
import type { RawValue } from './raw-values.ts';

function filterOf(text: string): Filter {
  const parsed = parseFilter(text);
  if (!parsed.ok) throw new Error(parsed.fault.message);
  return parsed.filter;
}

function rawValues(json: string, names: readonly string[]): readonly RawValue[] | undefined {
  // Others are looked for at the same time.
  const scan = createRawScan(['y', ...names, 'x']);
  const values: RawValue[] = [];
  const isTold = scan(json, (name, value) => {
    if (names.includes(name)) values.push(value);
  });
  return isTold ? values : undefined;
}

/** The filter and everything in it: parts pass more often than the whole. */
function partsOf(filter: Filter): readonly Filter[] {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return [filter, ...filter.terms.flatMap(partsOf)];
    case 'not':
      return [filter, ...partsOf(filter.term)];
    default:
      return [filter];
  }
}

test('an event that a filter passes has a key of at least one of its anchors', () => {
  const events = fc.array(arbitraryEventText, { minLength: 20, maxLength: 20 });
  fc.assert(
    fc.property(arbitraryFilterText, events, (text, texts) => {
      const parsed = parseFilter(text);
      if (!parsed.ok) return;
      const found = texts.map((each): unknown => JSON.parse(each('e-1')));
      for (const part of partsOf(parsed.filter)) {
        const anchors = anchorsOf(part);
        if (anchors === undefined) continue;
        for (const event of found.filter(compilePredicate(part))) {
          const holds = anchors.some((anchor) => {
            const keys = new Set(anchorKeys(anchor)(event));
            return anchor.keys.some((key) => keys.has(key));
          });
          expect(holds, `${printFilter(part)} passes ${JSON.stringify(event)}`).toBe(true);
        }
      }
    }),
    { numRuns: 500 },
  );
});

test('what is found in the text without parsing has every key of the event, or nothing is said', () => {
  const events = fc.array(arbitraryEventText, { minLength: 10, maxLength: 10 });
  let told = 0;
  fc.assert(
    fc.property(arbitraryFilterText, events, (text, texts) => {
      const parsed = parseFilter(text);
      const anchors = parsed.ok ? partsOf(parsed.filter).flatMap((part) => anchorsOf(part) ?? []) : [];
      for (const anchor of anchors) {
        const names = rawNames(anchor.path);
        for (const json of texts.map((each) => each('e-1'))) {
          const values = names && rawValues(json, names);
          if (values === undefined) continue;
          const raw: string[] = [];
          for (const value of values) seeAnchorKeys(anchor, (key) => raw.push(key))(value);
          const keys = anchorKeys(anchor)(JSON.parse(json));
          expect(raw, `${JSON.stringify(anchor)} of ${json}`).toEqual(expect.arrayContaining([...keys]));
          if (keys.length > 0) told += 1;
        }
      }
    }),
    { numRuns: 500 },
  );
  expect(told).toBeGreaterThan(100);
});

test.each([
  ['{"a":1}', ['name'], []],
  ['{"name" :\n "x" , "b":{"name":1.50},"c":["name"],"name":null}', ['name'], ['x', 1.5]],
  ['{"name":true,"x":"name","y":{"name":{"name":false}}}', ['name'], [true, false]],
  ['{"name":["x"]}', ['name'], undefined],
  [String.raw`{"n\u0061me":"x"}`, ['name'], undefined],
  ['{"initiatorId":"u","target":{"id":"t"}}', ['id', 'initiatorId'], ['u', 't']],
])('in %s, under %j, there is %j', (json, names, values) => {
  expect(rawValues(json, names)).toEqual(values);
});

test('an id of a role is looked for where it may stand instead', () => {
  expect(rawNames(['target', 'id'])).toEqual(['id', 'initiatorId', 'targetId', 'observerId']);
  expect(rawNames(['target', 'name'])).toEqual(['name']);
  expect(rawNames(['target'])).toBeUndefined();
});

test('of several tests that have to hold the rarest is looked up', () => {
  const filter = filterOf("outcome = 'failure' and action within 'create' and initiator/id in ('a', 'b')");
  expect(anchorsOf(filter)).toEqual([{ path: ['initiator', 'id'], how: 'text', chars: 0, keys: ['a', 'b'] }]);
});

test.each([
  ["name = 'a' or target/id = 'b'", [['name'], ['target', 'id']]],
  ["name = 'a' or name ^= 'b'", [['name'], ['name']]],
  ["name = 'a' or name != 'b'", undefined],
  ["not name = 'a'", undefined],
  ["name != 'a'", undefined],
  ["name in ('a', null)", undefined],
  ["name in ('a', 1)", [['name'], ['name']]],
  ['reason/reasonCode = 200', [['reason', 'reasonCode']]],
  ["action within 'update'", [['action']]],
  ["text ~ 'a'", undefined],
])('%s is looked up at %j', (text, paths) => {
  expect(anchorsOf(filterOf(text))?.map(({ path }) => path)).toEqual(paths);
});

test('values are found below a node of a taxonomy in any way that they may be written', () => {
  const [anchor] = anchorsOf(filterOf("action within 'authenticate'")) ?? [];
  if (anchor === undefined) throw new Error('no anchor');
  const read = anchorKeys(anchor);
  for (const action of ['authenticate', 'authenticate/login', 'AUTHENTICATE/login'])
    expect(read({ action }).some((key) => anchor.keys.includes(key))).toBe(true);
  expect(read({ action: 'create' }).some((key) => anchor.keys.includes(key))).toBe(false);
});

test('a value of very many segments has few keys, and nodes that are deeper are not looked up', () => {
  const deep = Array.from({ length: 32 }, (_, index) => `s${index}`).join('/');
  const [anchor] = anchorsOf(filterOf(`name within '${deep}'`)) ?? [];
  if (anchor === undefined) throw new Error('no anchor');
  const keys = anchorKeys(anchor)({ name: `${deep}/${'a/'.repeat(500_000)}` });
  expect(keys.length).toBeLessThan(40);
  expect(keys).toContain(anchor.keys[0]);
  expect(anchorsOf(filterOf(`name within '${deep}/s32'`))).toBeUndefined();
});
